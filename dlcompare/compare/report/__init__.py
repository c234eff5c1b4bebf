"""The report of a run: a table in the terminal, charts, one self-contained page."""
