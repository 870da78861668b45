"""What it costs to collect fields, which providers to take, and how good what they gave is. Pure computations."""
