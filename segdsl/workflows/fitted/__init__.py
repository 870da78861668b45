"""Segments kept as text: where they come from, whether they are stale, and how their labels are carried over."""
