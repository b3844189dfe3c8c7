"""Images large: the loupe for one, the comparison of a few, and what both are made of."""
