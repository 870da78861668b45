"""Evaluators of whole schemes; each is declared in a module of its own, and a spec loads those it names."""
