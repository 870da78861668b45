"""`collect`: prices the fields that hypotheses need, writes the work for people, and reads back what they found."""
