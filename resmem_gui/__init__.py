"""Estimates which of your images people will remember."""

__version__ = "0.1.0"
