"""What the command line can do beside scoring and the window, a module each."""
