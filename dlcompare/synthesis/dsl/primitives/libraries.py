"""Sets of primitives that a program may be restricted to, by name."""

from dlcompare.synthesis.dsl.primitives import PRIMITIVES

__all__ = ["CORE", "LIBRARIES"]

CORE = frozenset({
    "zero", "one", "increment", "add", "subtract", "less", "equal", "if_int", "if_list",
    "empty", "cons", "concatenate", "head", "tail", "filter",
})  # fmt: skip
"""The frozen small library."""

LIBRARIES = {"core": CORE, "full": frozenset(PRIMITIVES)}
