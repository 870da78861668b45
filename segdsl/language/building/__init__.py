"""Makes the nodes of the tree while Lark parses: one function for each rule or alias of the grammar."""
