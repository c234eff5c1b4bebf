"""A run from its settings to its report: begin with `experiment`."""
