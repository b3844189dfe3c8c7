"""Everything Qt: application, window, item model, views, panels, threads."""
