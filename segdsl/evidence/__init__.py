"""Statistics on arrays: no files, no tables, nothing else of segdsl."""
