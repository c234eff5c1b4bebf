"""The language: `program`, `schemes`, `primitives`, `limits`, and `reading` of Python text."""
