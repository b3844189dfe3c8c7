"""What scores are compared with: the menu that chooses, the window that lists, adds and removes."""
