"""Lists of images for experiments."""
