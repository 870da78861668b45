"""Measures of segmentations and scores: a module for each evaluator, with its declaration, and one with its work."""
