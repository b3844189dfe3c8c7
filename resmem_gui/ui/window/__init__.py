"""The main window: its parts, menus and commands."""
