"""Which key does what: the defaults, what a person has changed, and the window that shows it."""
