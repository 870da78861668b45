"""Compares the rules engine with the same rules written by hand for Polars and DuckDB."""
