"""Loop-free programs of given operations on words: read `components` and `domain` first."""
