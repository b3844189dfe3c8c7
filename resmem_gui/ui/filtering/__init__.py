"""Chooses which images are shown: chips, menus of values, the search for names."""
