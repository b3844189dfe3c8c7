"""Sessions: saved, opened, autosaved, followed when their files move."""
