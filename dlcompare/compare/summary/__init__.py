"""The summary of a run: its types, and the same as JSON values."""
