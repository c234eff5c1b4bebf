"""Python's operators on symbolic values: arithmetic, positions and slices.

Where the outcome depends on a number's sign or on a position, the path splits.
"""

import ast
from collections.abc import Iterator

from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbols import (
    Bool,
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
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    UnsupportedError,
    Value,
    codes,
    equality,
    is_integer,
    is_text,
    is_truth,
    text,
    whole,
)

__all__ = ["cut_out", "element", "integers_of", "operate", "plus"]

Outcomes = Iterator[tuple[Path, Value]]


def operate(operator: ast.operator, left: Value, right: Value, path: Path) -> Outcomes:
    """Yield ``left <operator> right``.

    Parameters
    ----------
    operator : ast.operator
    left, right : Value
    path : Path
    """
    if is_text(left) and is_text(right) and isinstance(operator, ast.Add):
        yield path, text(codes(left) + codes(right))
        return
    if isinstance(left, Sequence | str) or isinstance(right, Sequence | str):
        yield from _of_sequences(operator, left, right, path)
        return
    if not (is_integer(left) and is_integer(right)):
        raise UnsupportedError(f"{type(operator).__name__} of these values is not covered")
    if is_truth(left) and is_truth(right) and isinstance(operator, _OF_TRUTHS):
        yield path, _of_truths(operator, left, right)
        return
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
        case ast.BitAnd() | ast.BitOr() | ast.BitXor() | ast.LShift() | ast.RShift() if (
            isinstance(first, int) and isinstance(second, int) and second <= WIDEST
        ):
            yield path, _of_bits(operator, first, second)
        case _:
            raise UnsupportedError(f"{type(operator).__name__} of unknown numbers is not covered")


_OF_TRUTHS = (ast.BitAnd, ast.BitOr, ast.BitXor)

WIDEST = 4096
"""The most places that a number is shifted by, and the most elements of a repeated list."""


def _of_truths(operator: ast.operator, left: Bool, right: Bool) -> Bool:
    if isinstance(operator, ast.BitAnd):
        return all_of([left, right])
    if isinstance(operator, ast.BitOr):
        return any_of([left, right])
    return any_of([all_of([left, negation(right)]), all_of([negation(left), right])])


def _of_bits(operator: ast.operator, left: int, right: int) -> Value:
    match operator:
        case ast.BitAnd():
            return left & right
        case ast.BitOr():
            return left | right
        case ast.BitXor():
            return left ^ right
        case _ if right < 0:
            return Raised("ValueError")
        case ast.LShift():
            return left << right
        case _:
            return left >> right


def _of_sequences(operator: ast.operator, left: Value, right: Value, path: Path) -> Outcomes:
    if isinstance(operator, ast.Mult) and isinstance(left, int):
        left, right = right, left
    if isinstance(operator, ast.Mult) and isinstance(right, int):
        kind = "text" if is_text(left) else left.kind
        length = len(left) if isinstance(left, str) else len(left.items)
        if kind in ("list", "tuple", "text") and length * right <= WIDEST:
            if is_text(left):
                yield path, text(codes(left) * right)
            else:
                yield path, Sequence(kind, left.items * right)
            return
    match operator, left, right:
        case ast.Add(), Sequence(kind, first), Sequence(other, second) if (
            kind == other and kind in ("list", "tuple")
        ):
            yield path, Sequence(kind, first + second)
        case _, Sequence("set", first), Sequence("set", second):
            yield from _of_sets(operator, first, second, path)
        case _:
            raise UnsupportedError(f"{type(operator).__name__} of these values is not covered")


def _of_sets(
    operator: ast.operator, left: tuple[Value, ...], right: tuple[Value, ...], path: Path
) -> Outcomes:
    def kept(
        waiting: tuple[Value, ...], others: tuple[Value, ...], inside: bool, path: Path
    ) -> Iterator[tuple[Path, tuple[Value, ...]]]:
        if not waiting:
            yield path, ()
            return
        for after, there in path.split(any_of(equality(waiting[0], each) for each in others)):
            for end, rest in kept(waiting[1:], others, inside, after):
                yield end, (waiting[0], *rest) if there is inside else rest

    match operator:
        case ast.BitAnd():
            for after, both in kept(left, right, True, path):
                yield after, Sequence("set", both)
        case ast.Sub():
            for after, only in kept(left, right, False, path):
                yield after, Sequence("set", only)
        case ast.BitOr():
            for after, more in kept(right, left, False, path):
                yield after, Sequence("set", left + more)
        case ast.BitXor():
            for after, only in kept(left, right, False, path):
                for end, more in kept(right, left, False, after):
                    yield end, Sequence("set", only + more)
        case _:
            raise UnsupportedError(f"{type(operator).__name__} of sets is not covered")


def _divided(kind: str, left: Integer, right: Integer, path: Path) -> Outcomes:
    """Yield the quotient or the remainder of floor division, by way of a positive divisor."""
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
    """Yield ``sequence[index]``."""
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
        if all(map(is_integer, items)) and not any(map(is_truth, items)):
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
    """Yield ``sequence[lower:upper:step]``."""
    items = _indexable(sequence)
    lower, upper, step = bounds
    if step is not None and not isinstance(step, int):
        raise UnsupportedError("slices with an unknown step are not covered")
    if step == 0:
        yield path, Raised("ValueError")
        return
    # In a backward slice, a bound below the first position differs from the first position.
    least = -len(items) - (step is not None and step < 0)
    for middle, low in _places(lower, least, len(items), path):
        for after, high in _places(upper, least, len(items), middle):
            part = items[low:high:step]
            yield after, text(part) if is_text(sequence) else Sequence(sequence.kind, part)


def _places(bound: Value, least: int, most: int, path: Path) -> Iterator[tuple[Path, int | None]]:
    """Yield the path for each value of a slice bound that gives a different slice."""
    if bound is None or isinstance(bound, int):
        yield path, bound
        return
    yield from integers_of(whole(bound), least, most, path)


def integers_of(value: Integer, low: int, high: int, path: Path) -> Iterator[tuple[Path, int]]:
    """Yield the path for each integer from `low` to `high`; the two include all beyond.

    Parameters
    ----------
    value : Integer
    low, high : int
    path : Path
    """
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
    if isinstance(sequence, Sequence) and sequence.kind in ("list", "tuple", "range"):
        return sequence.items
    raise UnsupportedError("positions in these values are not covered")
