"""The essay's claims: a rule for each, and its verdict on a run."""
