"""Help inside the program: what the numbers mean and what they do not."""
