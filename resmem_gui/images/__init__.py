"""Files in, pixels out: finding image files, decoding, orientation, thumbnails. Knows neither Qt nor torch."""
