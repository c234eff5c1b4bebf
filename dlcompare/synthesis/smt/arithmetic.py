"""Python's operators on symbolic values: arithmetic, positions and slices.

Where the outcome hangs on a number's sign or on a position, the path splits.
"""

import ast
from collections.abc import Iterator

from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.symbols import (
    Integer,
    all_of,
    any_of,
    atom,
    choose,
    equal,
    less,
    negation,
    plus,
    times,
)
from dlcompare.synthesis.smt.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    codes,
    is_concrete,
    is_integer,
    is_text,
    text,
    whole,
)

__all__ = ["cut_out", "element", "integers_of", "operate", "plus"]

Outcomes = Iterator[tuple[Path, Value]]


def operate(operator: ast.operator, left: Value, right: Value, path: Path) -> Outcomes:
    """``left <operator> right``."""
    if is_text(left) and is_text(right) and isinstance(operator, ast.Add):
        yield path, text(codes(left) + codes(right))
        return
    if isinstance(left, Sequence | str) or isinstance(right, Sequence | str):
        yield from _of_sequences(operator, left, right, path)
        return
    if not (is_integer(left) and is_integer(right)):
        raise UnsupportedError(f"{type(operator).__name__} of these values is not covered")
    first, second = whole(left), whole(right)
    match operator:
        case ast.Add():
            yield path, plus(first, second)
        case ast.Sub():
            yield path, plus(first, second, -1)
        case ast.Mult():
            yield path, times(first, second)
        case ast.FloorDiv():
            yield from _divided("quotient", first, second, path)
        case ast.Mod():
            yield from _divided("rest", first, second, path)
        case ast.Pow() if isinstance(second, int) and 0 <= second <= 64:
            power: Integer = 1
            for _ in range(second):
                power = times(power, first)
            yield path, power
        case _ if isinstance(first, int) and isinstance(second, int):
            raise UnsupportedError(f"the operator {type(operator).__name__} is not covered")
        case _:
            raise UnsupportedError(f"{type(operator).__name__} of unknown numbers is not covered")


def _of_sequences(operator: ast.operator, left: Value, right: Value, path: Path) -> Outcomes:
    match operator, left, right:
        case ast.Add(), Sequence(kind, first), Sequence(other, second) if kind == other != "set":
            yield path, Sequence(kind, first + second)
        case ast.Mult(), str(known), int(count):
            yield path, known * count
        case ast.Mult(), Sequence(kind, first), int(count) if kind != "set":
            yield path, Sequence(kind, first * count)
        case ast.Mult(), int(count), Sequence(kind, first) if kind != "set":
            yield path, Sequence(kind, first * count)
        case _:
            raise UnsupportedError(f"{type(operator).__name__} of these values is not covered")


def _divided(kind: str, left: Integer, right: Integer, path: Path) -> Outcomes:
    """Floor division, or its rest: of a positive divisor, to which others are led back."""
    for nonzero, zero in path.split(equal(right, 0)):
        if zero:
            yield nonzero, Raised("ZeroDivisionError")
            continue
        for after, negative in nonzero.split(less(right, 0)):
            if negative:
                value = _positive(kind, plus(0, left, -1), plus(0, right, -1))
                yield after, value if kind == "quotient" else plus(0, value, -1)
            else:
                yield after, _positive(kind, left, right)


def _positive(kind: str, left: Integer, right: Integer) -> Integer:
    if isinstance(left, int) and isinstance(right, int):
        return left // right if kind == "quotient" else left % right
    if right == 1:
        return left if kind == "quotient" else 0
    return atom(kind, left, right)


def element(sequence: Value, index: Value, path: Path) -> Outcomes:
    """``sequence[index]``."""
    if is_text(sequence):
        for end, code in element(Sequence("list", codes(sequence)), index, path):
            yield end, code if isinstance(code, Raised) else text((code,))
        return
    items = _indexable(sequence)
    position = whole(index)
    if isinstance(position, int):
        inside = -len(items) <= position < len(items)
        yield path, items[position] if inside else Raised("IndexError")
        return
    for start, low, high in ((0, 0, len(items)), (len(items), -len(items), 0)):
        within = all_of([negation(less(position, low)), less(position, high)])
        after = path.assume(within)
        if after is None or not items:
            continue
        if all(map(is_integer, items)) and not any(isinstance(item, bool) for item in items):
            value: Integer = whole(items[-1])
            for place in range(len(items) - 2, -1, -1):
                value = choose(equal(position, place - start), whole(items[place]), value)
            yield after, value
        else:
            for place, item in enumerate(items):
                there = after.assume(equal(position, place - start))
                if there is not None:
                    yield there, item
    outside = path.assume(
        any_of([less(position, -len(items)), negation(less(position, len(items)))])
    )
    if outside is not None:
        yield outside, Raised("IndexError")


def cut_out(sequence: Value, bounds: list[Value], path: Path) -> Outcomes:
    """``sequence[lower:upper:step]``."""
    items = _indexable(sequence)
    lower, upper, step = bounds
    if not is_concrete(step):
        raise UnsupportedError("slices with a step that is not known are not covered")
    for middle, low in _places(lower, len(items), path):
        for after, high in _places(upper, len(items), middle):
            part = items[low:high:step]
            yield after, text(part) if is_text(sequence) else Sequence(sequence.kind, part)


def _places(bound: Value, length: int, path: Path) -> Iterator[tuple[Path, int | None]]:
    """What a bound of a slice can be, as far as it makes a difference."""
    if bound is None or isinstance(bound, int):
        yield path, bound
        return
    yield from integers_of(whole(bound), -length, length, path)


def integers_of(value: Integer, low: int, high: int, path: Path) -> Iterator[tuple[Path, int]]:
    """The path for each integer from `low` to `high`; these two stand for all beyond."""
    if isinstance(value, int) or low == high:
        yield path, value if isinstance(value, int) else low
        return
    for number in range(low, high + 1):
        if number == low:
            condition = less(value, low + 1)
        elif number == high:
            condition = less(high - 1, value)
        else:
            condition = equal(value, number)
        after = path.assume(condition)
        if after is not None:
            yield after, number


def _indexable(sequence: Value) -> tuple[Value, ...]:
    if is_text(sequence):
        return codes(sequence)
    if isinstance(sequence, Sequence) and sequence.kind != "set":
        return sequence.items
    raise UnsupportedError("positions in these values are not covered")
