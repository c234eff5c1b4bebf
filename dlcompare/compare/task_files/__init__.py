"""Run task files in their own processes: `remote` tasks, the `process`, and its `server`."""
