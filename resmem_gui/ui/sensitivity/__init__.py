"""Sensitivity of scores to framing: asked for, shown as an interval, told."""
