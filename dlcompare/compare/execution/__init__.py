"""Processes and their limits: begin with `backend`, then `supervisor`, `forkserver`, `worker`."""
