"""Makes the nodes of the tree while a text is parsed: one function for each rule or alias of the grammar."""
