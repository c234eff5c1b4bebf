"""Learners by name: the two sides, the baselines, and users' own files."""
