"""The language: `program`, `schemes`, `holes`, `primitives`, `limits`, and `reading` of Python."""
