"""The window that lays two distributions side by side."""
