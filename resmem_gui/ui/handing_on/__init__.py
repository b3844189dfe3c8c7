"""Windows that hand images on: to a folder, and their ratings to other programs."""
