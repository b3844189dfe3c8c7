"""What is known about each image of the window. Knows neither Qt nor torch."""
