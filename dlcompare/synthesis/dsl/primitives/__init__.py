"""The operations of the DSL, one file per family; adding an operation touches one file.

Python defines the semantics of a primitive; its kernel gives the same result or rejects.
"""

from dlcompare.synthesis.dsl.primitives import (
    booleans,
    functions,
    integers,
    list_operations,
    nested,
    pairs,
    string_operations,
)
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["FAMILIES", "PRIMITIVES"]

FAMILIES: dict[str, tuple[Primitive, ...]] = {
    "base": (*integers.FAMILY, *booleans.FAMILY, *list_operations.FAMILY, *functions.FAMILY),
    "strings": string_operations.FAMILY,
    "nested": nested.FAMILY,
    "pairs": pairs.FAMILY,
}
"""The primitives that are compiled together."""

PRIMITIVES: dict[str, Primitive] = {
    primitive.name: primitive
    for family in reversed(FAMILIES.values())
    for primitive in reversed(family)
}
"""The primitives by name; of several with the same name, the first."""
