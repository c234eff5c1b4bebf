"""The operations of the DSL, one file a family; adding one touches one file.

Python is the meaning of a primitive; its kernel gives the same answer or rejects.
"""

from dlcompare.synthesis.dsl.primitives import (
    booleans,
    functions,
    integers,
    lists,
    nested,
    pairs,
    strings,
)
from dlcompare.synthesis.dsl.primitives.primitive import Primitive

__all__ = ["FAMILIES", "PRIMITIVES"]

FAMILIES: dict[str, tuple[Primitive, ...]] = {
    "base": (*integers.FAMILY, *booleans.FAMILY, *lists.FAMILY, *functions.FAMILY),
    "strings": strings.FAMILY,
    "nested": nested.FAMILY,
    "pairs": pairs.FAMILY,
}
"""The primitives that are compiled together."""

PRIMITIVES: dict[str, Primitive] = {
    primitive.name: primitive
    for family in reversed(FAMILIES.values())
    for primitive in reversed(family)
}
"""Every primitive by its name; where several share it, the first."""
