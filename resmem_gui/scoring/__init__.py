"""Pixels in, scores out: network, weights, device, scorer, pipeline. The only room that imports torch."""
