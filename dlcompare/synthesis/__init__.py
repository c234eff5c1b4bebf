"""Enumerative program synthesis: a typed DSL, and a cost-ordered search over behaviours."""
