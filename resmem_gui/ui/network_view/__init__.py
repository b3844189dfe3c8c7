"""What the network sees of an image."""
