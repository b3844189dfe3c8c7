"""Files in, pixels out: finding images, decoding, orientation, thumbnails. Knows neither Qt nor torch."""
