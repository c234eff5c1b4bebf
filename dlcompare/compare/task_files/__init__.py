"""Task files in processes of their own: `remote` tasks, the `process`, and its `server`."""
