"""Tasks to be learned, and the contract between a task and a learner."""
