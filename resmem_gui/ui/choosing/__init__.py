"""Chooses the best of the images shown, and makes them the selection."""
