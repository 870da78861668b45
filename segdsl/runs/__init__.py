"""Run folders: what a run leaves behind, written all at once or not at all."""
