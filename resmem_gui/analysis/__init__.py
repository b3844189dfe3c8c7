"""Numbers about scores: reference distributions, percentiles, ranks, histograms. NumPy only."""
