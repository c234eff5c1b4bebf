"""Operations on integers. Division rounds towards minus infinity, as in Python."""

from dlcompare.synthesis.dsl.primitives.primitive import INVALID, Primitive
from dlcompare.tasks.types import INT

__all__ = ["FAMILY"]

ONE = (("a", INT),)
TWO = (("a", INT), ("b", INT))
PRODUCT = frozenset({"multiply"})


def _zero() -> int:
    return 0


def _one() -> int:
    return 1


def _increment(a: int) -> int:
    return a + 1


def _decrement(a: int) -> int:
    return a - 1


def _add(a: int, b: int) -> int:
    return a + b


def _subtract(a: int, b: int) -> int:
    return a - b


def _multiply(a: int, b: int) -> int:
    return a * b


def _divide(a: int, b: int) -> int:
    return INVALID if b == 0 else a // b


def _modulo(a: int, b: int) -> int:
    return INVALID if b == 0 else a % b


def _smaller(a: int, b: int) -> int:
    return min(a, b)


def _larger(a: int, b: int) -> int:
    return max(a, b)


def _negate(a: int) -> int:
    return -a


def _square(a: int) -> int:
    return a * a


def _absolute(a: int) -> int:
    return abs(a)


FAMILY = (
    Primitive("zero", (), INT, 3, "0", _zero),
    Primitive("one", (), INT, 3, "1", _one),
    Primitive("increment", ONE, INT, 4, "a + 1", _increment),
    Primitive("decrement", ONE, INT, 4, "a - 1", _decrement),
    Primitive("add", TWO, INT, 4, "a + b", _add, symmetric=True),
    Primitive("subtract", TWO, INT, 4, "a - b", _subtract),
    Primitive("multiply", TWO, INT, 4, "a * b", _multiply, symmetric=True),
    Primitive("divide", TWO, INT, 5, "a // b", _divide),
    Primitive("modulo", TWO, INT, 5, "a % b", _modulo),
    Primitive("negate", ONE, INT, 5, "-a", _negate),
    Primitive("square", ONE, INT, 5, "a ** 2", _square, withheld_with=PRODUCT),
    Primitive("absolute", ONE, INT, 5, "abs(a)", _absolute),
    Primitive("smaller", TWO, INT, 5, "min(a, b)", _smaller, symmetric=True),
    Primitive("larger", TWO, INT, 5, "max(a, b)", _larger, symmetric=True),
)
