"""Loop-free programs of given operations on words: begin with `components` and `domain`."""
