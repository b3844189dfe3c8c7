"""What comes in by drop, paste or a dialog: files, lists, archives, pictures, addresses."""
