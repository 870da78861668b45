"""The second plugin of one name."""
