"""The operations of the DSL, one file a family; adding one touches one file.

Python is the meaning of a primitive; its kernel gives the same answer or rejects.
"""

from dlcompare.synthesis.primitives import booleans, functions, integers, lists
from dlcompare.synthesis.primitives.primitive import Primitive

__all__ = ["PRIMITIVES"]

PRIMITIVES: dict[str, Primitive] = {
    primitive.name: primitive
    for family in (integers, booleans, lists, functions)
    for primitive in family.FAMILY
}
"""Every primitive by its name."""
