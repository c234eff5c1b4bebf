"""Learners by name: the two sides, the baselines, and files of a user's own."""
