"""The window that makes a report, and the painter of its PDF."""
