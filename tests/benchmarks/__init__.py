"""Figures, one command each: `python -m tests.benchmarks.NAME` in the project's root. Nothing is asserted."""
