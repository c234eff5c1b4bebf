"""Numbers over seeds (`seeds`), pairs (`paired`), and tasks (`aggregate`); pure functions."""
