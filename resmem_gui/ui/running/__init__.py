"""What is under way: walks that look for images, runs that score them."""
