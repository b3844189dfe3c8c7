"""Images on pages with their numbers: laid out, drawn, saved as PDF and printed."""
