"""Tables of human scores: how they are read, and which of their columns holds the scores."""
