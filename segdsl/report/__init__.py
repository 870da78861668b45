"""What a run found, for people: one report, and its renderings."""
