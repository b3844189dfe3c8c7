"""Stars, picks and removals, each of which can be undone."""
