"""A module that can't be imported."""

raise OSError("the licence has run out")
