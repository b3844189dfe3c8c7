"""The report: what scores mean, as one HTML file, and as content that the window paints into a PDF."""
