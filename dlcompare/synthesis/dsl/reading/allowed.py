"""Functions and methods that an interpreted program may use, with bounds on their cost.

None of them reaches files, modules, frames or the attributes of classes. A name that is not listed
does not exist for the program. A function of the standard library that iterates in C is charged for
the elements of its arguments, so that the step limit covers it too.
"""

import functools
import itertools
import math
import operator
from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from dlcompare.synthesis.dsl.limits import MAX_BITS, MAX_ROUNDS, StepLimitError
from dlcompare.tasks.types import Value

__all__ = [
    "EXCEPTIONS",
    "METHODS",
    "MODULES",
    "StepMeter",
    "builtins",
    "metered_method",
    "operators",
]

EXCEPTIONS: dict[str, type[Exception]] = {
    each.__name__: each
    for each in (
        ArithmeticError,
        AssertionError,
        AttributeError,
        Exception,
        IndexError,
        KeyError,
        LookupError,
        OverflowError,
        StopIteration,
        TypeError,
        ValueError,
        ZeroDivisionError,
    )
}
"""Exceptions that a program may raise and catch."""

_STR = """capitalize casefold center count endswith find index isalnum isalpha isascii isdecimal
isdigit islower isnumeric isspace istitle isupper join ljust lower lstrip partition removeprefix
removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith strip
swapcase title upper zfill"""
_SET = """copy difference intersection isdisjoint issubset issuperset symmetric_difference union"""
_CHANGED_SET = """add clear difference_update discard intersection_update pop remove
symmetric_difference_update update"""
_DICT = "clear copy fromkeys get items keys pop popitem setdefault update values"
_LIST = "append clear copy count extend index insert pop remove reverse sort"

METHODS: dict[type, frozenset[str]] = {
    str: frozenset(_STR.split()),
    list: frozenset(_LIST.split()),
    tuple: frozenset(("count", "index")),
    int: frozenset(("bit_count", "bit_length")),
    bool: frozenset(("bit_count", "bit_length")),
    range: frozenset(("count", "index")),
    set: frozenset(_SET.split()) | frozenset(_CHANGED_SET.split()),
    frozenset: frozenset(_SET.split()),
    dict: frozenset(_DICT.split()),
    defaultdict: frozenset(_DICT.split()),
    Counter: frozenset(_DICT.split()) | {"elements", "most_common", "subtract", "total"},
    deque: frozenset((*_LIST.split(), "appendleft", "popleft", "extendleft", "rotate")) - {"sort"},
    itertools.chain: frozenset(),
}
"""Methods by the exact type of the value that has them."""


class StepMeter:
    """A counter of the steps left to a call.

    Parameters
    ----------
    limit : int
        The most steps; beyond them, `StepLimitError` is raised.
    """

    __slots__ = ("left", "limit")

    def __init__(self, limit: int) -> None:
        self.limit = self.left = limit

    def charge(self, steps: int) -> None:
        """Subtract `steps` from the steps left.

        Raises
        ------
        StepLimitError
            If no steps are left.
        """
        self.left -= steps
        if self.left < 0:
            raise StepLimitError(f"the program takes more than {self.limit} steps")

    def charge_for(self, arguments: Iterable[Value]) -> None:
        """Charge one step and one for each element of the arguments that have a length."""
        steps = 1
        for each in arguments:
            if isinstance(each, list | tuple | str | range | dict | set | frozenset | deque):
                steps += len(each)
        self.charge(steps)

    def elements(self, values: Iterable[Value]) -> Iterator[Value]:
        """Yield `values`, charging one step for each."""
        for value in values:
            self.charge(1)
            yield value


def _bounded(length: int) -> None:
    if length > MAX_ROUNDS:
        raise StepLimitError(f"a sequence would have more than {MAX_ROUNDS} elements")


def _bounded_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise StepLimitError(f"an integer would have more than {MAX_BITS} bits")


def operators(
    meter: StepMeter, in_place: bool = False
) -> dict[str, Callable[[Value, Value], Value]]:
    """Return the binary operators by the name of their syntax node, with bounded results.

    Parameters
    ----------
    meter : StepMeter
        Charged for long sequences and large integers.
    in_place : bool
        Whether they mutate their left operand as Python's augmented assignment does.
    """

    def add(a: Value, b: Value) -> None:
        if isinstance(a, list | tuple | str) and isinstance(b, list | tuple | str | range):
            length = len(b) if in_place and isinstance(a, list) else len(a) + len(b)
            _bounded(len(a) + len(b))
            meter.charge(length // 64)

    def multiply(a: Value, b: Value) -> None:
        if isinstance(a, int) and isinstance(b, int):
            bits = a.bit_length() + b.bit_length()
            _bounded_bits(bits)
            meter.charge(bits // 64)
        elif isinstance(a, int) or isinstance(b, int):
            length = len(b) * a if isinstance(a, int) else len(a) * b
            _bounded(length)
            meter.charge(max(length, 0) // 64)

    def power(a: Value, b: Value) -> None:
        if isinstance(a, int) and isinstance(b, int):
            bits = a.bit_length() * max(b, 0)
            _bounded_bits(bits)
            meter.charge(bits // 64)

    def shift(a: Value, b: Value) -> None:
        if isinstance(a, int) and isinstance(b, int):
            _bounded_bits(a.bit_length() + max(b, 0))

    def modulo(a: Value, _: Value) -> None:
        if isinstance(a, str):
            raise TypeError("a program read from text cannot format with %")

    def contains(_: Value, b: Value) -> None:
        if isinstance(b, list | tuple | str):
            meter.charge(len(b) // 64)

    checks = {"Add": add, "Mult": multiply, "Pow": power, "LShift": shift, "Mod": modulo}
    plain = _IN_PLACE if in_place else _OPERATORS
    made = {name: _checked(checks.get(name), operate) for name, operate in plain.items()}
    if not in_place:
        made |= {name: _checked(contains, operate) for name, operate in _MEMBERSHIP.items()}
    return made


def _checked(
    check: Callable[[Value, Value], None] | None, operate: Callable[[Value, Value], Value]
) -> Callable[[Value, Value], Value]:
    if check is None:
        return operate

    def run(a: Value, b: Value) -> Value:
        check(a, b)
        return operate(a, b)

    return run


_OPERATORS: dict[str, Callable[[Value, Value], Value]] = {
    "Add": operator.add,
    "Sub": operator.sub,
    "Mult": operator.mul,
    "Pow": operator.pow,
    "FloorDiv": operator.floordiv,
    "Div": operator.truediv,
    "Mod": operator.mod,
    "LShift": operator.lshift,
    "RShift": operator.rshift,
    "BitAnd": operator.and_,
    "BitOr": operator.or_,
    "BitXor": operator.xor,
    "Eq": operator.eq,
    "NotEq": operator.ne,
    "Lt": operator.lt,
    "LtE": operator.le,
    "Gt": operator.gt,
    "GtE": operator.ge,
    "Is": operator.is_,
    "IsNot": operator.is_not,
}

_IN_PLACE: dict[str, Callable[[Value, Value], Value]] = {
    "Add": operator.iadd,
    "Sub": operator.isub,
    "Mult": operator.imul,
    "Pow": operator.ipow,
    "FloorDiv": operator.ifloordiv,
    "Div": operator.itruediv,
    "Mod": operator.imod,
    "LShift": operator.ilshift,
    "RShift": operator.irshift,
    "BitAnd": operator.iand,
    "BitOr": operator.ior,
    "BitXor": operator.ixor,
}

_MEMBERSHIP: dict[str, Callable[[Value, Value], Value]] = {
    "In": lambda a, b: a in b,
    "NotIn": lambda a, b: a not in b,
}


_TYPES = (bool, dict, enumerate, frozenset, int, list, map, range, reversed, set, str, tuple, zip)
_FUNCTIONS = (
    abs, all, any, bin, chr, divmod, filter, hex, isinstance, len, max, min, next, ord, round,
    sorted, sum,
)  # fmt: skip

MODULES: dict[str, dict[str, Any]] = {
    "collections": {"Counter": Counter, "defaultdict": defaultdict, "deque": deque},
    "functools": {"reduce": functools.reduce},
    "itertools": {
        name: getattr(itertools, name)
        for name in (
            "accumulate", "chain", "combinations", "combinations_with_replacement", "compress",
            "count", "cycle", "dropwhile", "filterfalse", "groupby", "islice", "pairwise",
            "permutations", "product", "repeat", "starmap", "takewhile", "zip_longest",
        )
    },
    "math": {name: getattr(math, name) for name in ("ceil", "floor", "gcd", "isqrt", "lcm")},
    "operator": {
        name: getattr(operator, name)
        for name in ("add", "and_", "eq", "floordiv", "ge", "gt", "le", "lt", "mul", "ne", "neg",
                     "or_", "sub", "xor")
    },
}  # fmt: skip
"""Names that a program may import, by module."""

_UNBOUNDED = ("combinations", "combinations_with_replacement", "count", "cycle", "permutations",
              "product", "repeat")  # fmt: skip
"""Functions that make many elements from few; each element they yield is charged."""


_BOUNDED = {"add": "Add", "mul": "Mult"}
"""Functions of the module `operator` whose results may be huge, with their operators."""


class _Metered:
    """A function or type charged for its arguments; two with the same target are equal."""

    __slots__ = ("meter", "target")

    def __init__(self, target: Any, meter: StepMeter) -> None:
        self.target = target
        self.meter = meter

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        self.meter.charge_for(args)
        return self.target(*map(_bare, args), **kwargs)


def _bare(value: Value) -> Value:
    """Return a value with its metered functions and types unwrapped, also inside a tuple."""
    if isinstance(value, _Metered):
        return value.target
    if isinstance(value, tuple) and any(isinstance(each, _Metered) for each in value):
        return tuple(map(_bare, value))
    return value


def _range(*bounds: int) -> range:
    made = range(*bounds)
    if bounds and bounds and (made.stop - made.start) // made.step > MAX_ROUNDS:
        raise StepLimitError(f"{made} has more than {MAX_ROUNDS} elements")
    return made


def builtins(meter: StepMeter) -> dict[str, Value]:
    """Return the built-in names of a program.

    Parameters
    ----------
    meter : StepMeter
        Charged for the arguments of calls.
    """
    names: dict[str, Value] = {each.__name__: _Metered(each, meter) for each in _FUNCTIONS}
    names |= {each.__name__: _Metered(each, meter) for each in _TYPES}
    names |= dict(EXCEPTIONS)
    bounded = operators(meter)

    def power(base: Value, exponent: Value, modulus: Value = None) -> Value:
        return bounded["Pow"](base, exponent) if modulus is None else pow(base, exponent, modulus)

    def iterate(*arguments: Value) -> Iterator[Value]:
        meter.charge_for(arguments)
        return iter(*arguments) if len(arguments) == 1 else meter.elements(iter(*arguments))

    return names | {"pow": power, "iter": iterate, "range": _Metered(_range, meter)}


def imported(module: str, name: str, meter: StepMeter) -> Value:
    """Return the metered value that ``from module import name`` binds.

    Raises
    ------
    KeyError
        If a program may not import it.
    """
    target = MODULES[module][name]
    if module == "operator" and name in _BOUNDED:
        return operators(meter)[_BOUNDED[name]]
    if name in _UNBOUNDED:
        return lambda *args, **kwargs: meter.elements(target(*args, **kwargs))
    return _Metered(target, meter)


def metered_method(value: Value, name: str, meter: StepMeter) -> Callable[..., Value] | None:
    """Return a bounded method of a value; None if a program may not use it.

    Parameters
    ----------
    value : Value
        A value, or one of the types that `builtins` names (``str.lower``).
    name : str
    meter : StepMeter
    """
    owner = value.target if isinstance(value, _Metered) else value
    kind = owner if isinstance(owner, type) else type(owner)
    if name not in METHODS.get(kind, ()):
        return None
    method = getattr(owner, name)
    sized = not isinstance(owner, type)

    def call(*args: Value, **kwargs: Value) -> Value:
        meter.charge_for((owner, *args) if sized and name not in _CONSTANT_TIME else args)
        text, rest = (owner, args) if sized else (args[0] if args else "", args[1:])
        if kind is str:
            _bounded_text(name, text, rest)
        return method(*args, **kwargs)

    return call


_CONSTANT_TIME = frozenset(("append", "pop", "add", "discard", "get", "appendleft", "popleft"))


def _bounded_text(name: str, text: str, args: tuple[Value, ...]) -> None:
    """Raise `StepLimitError` if the result of a text method would be huge."""
    if name in ("center", "ljust", "rjust", "zfill") and args and isinstance(args[0], int):
        _bounded(args[0])
    elif name == "replace" and len(args) > 1 and isinstance(args[1], str):
        _bounded((len(text) + 1) * max(len(args[1]), 1))
    elif name == "join" and args and isinstance(args[0], list | tuple):
        _bounded(
            len(text) * len(args[0]) + sum(len(each) for each in args[0] if isinstance(each, str))
        )
