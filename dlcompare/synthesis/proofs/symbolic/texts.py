"""Texts of known length with possibly unknown characters: sequences of code points.

A known text is a Python `str`; any other is a `Sequence` of kind ``"text"``. Properties of
characters (case, white space, digits) are modelled for ASCII only. The methods of texts share code
to find, split and strip, so they are all in one file.
"""

from collections.abc import Callable, Iterator, Mapping

from dlcompare.synthesis.proofs.symbolic.comparisons import natively
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.symbols import (
    Bool,
    Integer,
    all_of,
    any_of,
    choose,
    equal,
    indicator,
    less,
    negation,
    plus,
    total,
)
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    codes,
    concrete,
    is_data,
    is_text,
    items,
    text,
)

__all__ = ["called", "formatted", "read_integer", "shown"]

Outcomes = Iterator[tuple[Path, Value]]
Codes = tuple[Integer, ...]

ASCII = 128
SPACES = ((9, 13), (28, 32))
DIGITS, UPPER, LOWER = (48, 57), (65, 90), (97, 122)
CASE = LOWER[0] - UPPER[0]


def _between(code: Integer, low: int, high: int, path: Path) -> Bool:
    above, below = path.simplified(less(low - 1, code)), path.simplified(less(code, high + 1))
    return all_of([above, below])


def _one_of(code: Integer, ranges: tuple[tuple[int, int], ...], path: Path) -> Bool:
    return any_of(_between(code, low, high, path) for low, high in ranges)


def _told(whole: Codes, path: Path) -> Codes:
    """Return the code points, if the path shows all to be ASCII."""
    if not all(_ascii(code, path) for code in whole):
        raise UnsupportedError("case and kind of characters beyond ASCII are not covered")
    return whole


def _ascii(code: Integer, path: Path | None) -> bool:
    if path is None or path.decided(less(code, ASCII)):
        return True
    if isinstance(code, int):
        return False
    ((first, coefficient), *more) = code.terms
    if first.kind != "choice" or coefficient != 1 or more:
        return False
    condition, *parts = first.parts
    one, other = (plus(part, code.constant) for part in parts)  # type: ignore[arg-type]
    on, off = path.assume(condition), path.assume(negation(condition))  # type: ignore[arg-type]
    return _ascii(one, on) and _ascii(other, off)


def _same(left: Codes, right: Codes) -> Bool:
    return all_of(map(equal, left, right)) if len(left) == len(right) else False


# Positions of a text in another.


def _places(whole: Codes, part: Codes, path: Path, last: bool) -> Iterator[tuple[Path, int]]:
    """Yield the path for each first (or last) position of a text in another; -1 for none."""
    starts = range(len(whole) - len(part) + 1)
    rest: Path | None = path
    for start in reversed(starts) if last else starts:
        if rest is None:
            return
        there = _same(whole[start : start + len(part)], part)
        here = rest.assume(there)
        if here is not None:
            yield here, start
        rest = rest.assume(negation(there))
    if rest is not None:
        yield rest, -1


def _finding(last: bool, raising: bool) -> Callable[..., Outcomes]:
    def call(path: Path, owner: Codes, wanted: Value) -> Outcomes:
        for after, place in _places(owner, codes(wanted), path, last):
            yield after, Raised("ValueError") if raising and place < 0 else place

    return call


def _starts(path: Path, owner: Codes, part: Value) -> Outcomes:
    wanted = codes(part)
    yield path, path.simplified(_same(owner[: len(wanted)], wanted))


def _ends(path: Path, owner: Codes, part: Value) -> Outcomes:
    wanted = codes(part)
    start = len(owner) - len(wanted)
    yield path, path.simplified(_same(owner[start:], wanted)) if start >= 0 else False


def _count(path: Path, owner: Codes, part: Value) -> Outcomes:
    wanted = codes(part)
    if not wanted:
        yield path, len(owner) + 1
        return
    if len(wanted) == 1:
        yield path, total(indicator(equal(code, wanted[0])) for code in owner)
        return
    for after, pieces in _split_at(owner, wanted, path):
        assert not isinstance(pieces, Raised)
        yield after, len(pieces) - 1


# Splitting and joining.


def _split_at(
    whole: Codes, mark: Codes, path: Path, most: int = -1
) -> Iterator[tuple[Path, tuple[Codes, ...] | Raised]]:
    if not mark:
        yield path, Raised("ValueError")
        return
    places = _places(whole, mark, path, False) if most else iter([(path, -1)])
    for after, place in places:
        if place < 0:
            yield after, (whole,)
            continue
        for end, rest in _split_at(whole[place + len(mark) :], mark, after, most - 1):
            assert not isinstance(rest, Raised)
            yield end, (whole[:place], *rest)


def _split(path: Path, owner: Codes, sep: Value = None, maxsplit: Value = -1) -> Outcomes:
    if not isinstance(maxsplit, int) or (sep is None and maxsplit >= 0):
        raise UnsupportedError("this number of splits is not covered")
    most = maxsplit if maxsplit >= 0 else -1
    found = (
        _words(_told(owner, path), path)
        if sep is None
        else _split_at(owner, codes(sep), path, most)
    )
    for after, pieces in found:
        listed = (
            pieces if isinstance(pieces, Raised) else Sequence("list", tuple(map(text, pieces)))
        )
        yield after, listed


def _words(whole: Codes, path: Path, word: Codes = ()) -> Iterator[tuple[Path, tuple[Codes, ...]]]:
    done = (word,) if word else ()
    if not whole:
        yield path, done
        return
    for after, blank in path.split(_one_of(whole[0], SPACES, path)):
        if not blank:
            yield from _words(whole[1:], after, (*word, whole[0]))
            continue
        for end, rest in _words(whole[1:], after):
            yield end, (*done, *rest)


def _cut_at(last: bool) -> Callable[..., Outcomes]:
    def call(path: Path, owner: Codes, mark: Value) -> Outcomes:
        wanted = codes(mark)
        if not wanted:
            yield path, Raised("ValueError")
            return
        for after, place in _places(owner, wanted, path, last):
            if place < 0:
                parts = (text(()), text(()), text(owner)) if last else (text(owner), "", "")
            else:
                end = place + len(wanted)
                parts = (text(owner[:place]), text(owner[place:end]), text(owner[end:]))
            yield after, Sequence("tuple", parts)

    return call


def _replace(path: Path, owner: Codes, old: Value, new: Value, most: Value = -1) -> Outcomes:
    if not isinstance(most, int):
        raise UnsupportedError("an unknown number of replacements is not covered")
    wanted, instead = codes(old), codes(new)
    if not wanted:
        gaps = len(owner) + 1 if most < 0 else min(most, len(owner) + 1)
        made: Codes = ()
        for place in range(len(owner) + 1):
            made = (*made, *(instead if place < gaps else ()), *owner[place : place + 1])
        yield path, text(made)
        return
    for after, pieces in _split_at(owner, wanted, path, most):
        assert not isinstance(pieces, Raised)
        joined = pieces[0]
        for piece in pieces[1:]:
            joined = (*joined, *instead, *piece)
        yield after, text(joined)


def _join(path: Path, owner: Codes, parts: Value) -> Outcomes:
    if isinstance(parts, Stream) and parts.ending is not None:
        yield path, parts.ending
        return
    pieces = items(parts)
    if not all(map(is_text, pieces)):
        yield path, Raised("TypeError")
        return
    joined: Codes = ()
    for place, piece in enumerate(map(codes, pieces)):
        joined = (*joined, *(owner if place else ()), *piece)
    yield path, text(joined)


def _stripping(left: bool, right: bool) -> Callable[..., Outcomes]:
    def call(path: Path, owner: Codes, away: Value = None) -> Outcomes:
        if away is None:
            _told(owner, path)

        def dropped(code: Integer, path: Path) -> Bool:
            if away is None:
                return _one_of(code, SPACES, path)
            return path.simplified(any_of(equal(code, other) for other in codes(away)))

        def onward(path: Path, rest: Codes, from_left: bool) -> Outcomes:
            if not rest or not (from_left or right):
                yield path, text(rest)
                return
            edge = rest[0] if from_left else rest[-1]
            for after, drops in path.split(dropped(edge, path)):
                if drops:
                    yield from onward(after, rest[1:] if from_left else rest[:-1], from_left)
                elif from_left:
                    yield from onward(after, rest, False)
                else:
                    yield after, text(rest)

        yield from onward(path, owner, left)

    return call


# Case and character classes.


def _raised(code: Integer, path: Path) -> Integer:
    return choose(_between(code, *LOWER, path), plus(code, -CASE), code)


def _lowered(code: Integer, path: Path) -> Integer:
    return choose(_between(code, *UPPER, path), plus(code, CASE), code)


def _upper(path: Path, owner: Codes) -> Outcomes:
    yield path, text(tuple(_raised(code, path) for code in _told(owner, path)))


def _lower(path: Path, owner: Codes) -> Outcomes:
    yield path, text(tuple(_lowered(code, path) for code in _told(owner, path)))


def _capitalize(path: Path, owner: Codes) -> Outcomes:
    _told(owner, path)
    first = tuple(_raised(code, path) for code in owner[:1])
    yield path, text((*first, *(_lowered(code, path) for code in owner[1:])))


def _title(path: Path, owner: Codes) -> Outcomes:
    inside: Bool = False
    made = []
    for code in _told(owner, path):
        made.append(choose(inside, _lowered(code, path), _raised(code, path)))
        inside = _one_of(code, (UPPER, LOWER), path)
    yield path, text(tuple(made))


def _all_of_kind(*ranges: tuple[int, int]) -> Callable[..., Outcomes]:
    def call(path: Path, owner: Codes) -> Outcomes:
        kinds = (_one_of(code, ranges, path) for code in _told(owner, path))
        yield path, path.simplified(all_of(kinds)) if owner else False

    return call


def _cased(right: tuple[int, int], wrong: tuple[int, int]) -> Callable[..., Outcomes]:
    def call(path: Path, owner: Codes) -> Outcomes:
        _told(owner, path)
        some = any_of(_between(code, *right, path) for code in owner)
        none = (negation(_between(code, *wrong, path)) for code in owner)
        yield path, path.simplified(all_of([some, *none]))

    return call


# Numbers.


def shown(value: Value) -> Value:
    """Return ``str(value)``."""
    if is_text(value):
        return value
    if not is_data(value):
        raise UnsupportedError("writing numbers that are not known is not covered")
    return str(concrete(value))


def formatted(value: Value, conversion: int, form: Value) -> Value:
    """Return a value formatted with a conversion such as ``!r`` and a format specification."""
    if conversion not in (-1, ord("s")):
        if not is_data(value):
            raise UnsupportedError("this format of an unknown value is not covered")
        value = natively(repr if conversion == ord("r") else ascii, [value])
    if not form:
        return shown(value)
    return natively(format, [shown(value) if conversion != -1 else value, form])


def called(
    name: str, path: Path, values: list[Value], named: Mapping[str, Value] | None = None
) -> Outcomes:
    """Call a method of a text; the text is the first value.

    Parameters
    ----------
    name : str
        Name of the method.
    path : Path
    values : list of values
        The text, then the positional arguments.
    named : mapping of str to value, optional
        Keyword arguments.

    Raises
    ------
    UnsupportedError
        If the method, or an argument of it, is not covered.
    """
    owner, *arguments = values
    if name not in METHODS or any(each not in KEYWORDS for each in named or ()):
        raise UnsupportedError(f"the method {name} of a text is not covered")
    if name != "split" and named:
        raise UnsupportedError(f"the method {name} with keywords is not covered")
    yield from METHODS[name](path, codes(owner), *arguments, **(named or {}))


KEYWORDS = ("sep", "maxsplit")
"""Keywords of text methods."""


def read_integer(path: Path, whole: Codes) -> Outcomes:
    """Yield ``int(text)``: a sign, digits with single underscores between, space around."""
    for after, stripped in METHODS["strip"](path, whole):
        points = codes(stripped)
        sign = any_of(equal(points[0], ord(each)) for each in "+-") if points else False
        for end, signed in after.split(sign):
            digits = points[1:] if signed else points
            for last, value in _digits(digits, end, 0, False):
                negative = path.simplified(equal(points[0], ord("-"))) if signed else False
                known = not isinstance(value, Raised)
                yield last, choose(negative, plus(0, value, -1), value) if known else value


def _digits(points: Codes, path: Path, value: Integer, after_digit: bool) -> Outcomes:
    if not points:
        yield path, value if after_digit else Raised("ValueError")
        return
    for end, digit in path.split(_between(points[0], *DIGITS, path)):
        if digit:
            more = plus(plus(0, value, 10), plus(points[0], -DIGITS[0]))
            yield from _digits(points[1:], end, more, True)
            continue
        joins = equal(points[0], ord("_")) if after_digit and points[1:] else False
        for last, joined in end.split(joins):
            if joined:
                yield from _digits(points[1:], last, value, False)
            else:
                yield last, Raised("ValueError")


METHODS: dict[str, Callable[..., Outcomes]] = {
    "capitalize": _capitalize,
    "count": _count,
    "endswith": _ends,
    "find": _finding(last=False, raising=False),
    "index": _finding(last=False, raising=True),
    "isalnum": _all_of_kind(DIGITS, UPPER, LOWER),
    "isalpha": _all_of_kind(UPPER, LOWER),
    "isdigit": _all_of_kind(DIGITS),
    "islower": _cased(LOWER, UPPER),
    "isspace": _all_of_kind(*SPACES),
    "isupper": _cased(UPPER, LOWER),
    "join": _join,
    "lower": _lower,
    "lstrip": _stripping(left=True, right=False),
    "partition": _cut_at(last=False),
    "replace": _replace,
    "rfind": _finding(last=True, raising=False),
    "rindex": _finding(last=True, raising=True),
    "rpartition": _cut_at(last=True),
    "rstrip": _stripping(left=False, right=True),
    "split": _split,
    "startswith": _starts,
    "strip": _stripping(left=True, right=True),
    "title": _title,
    "upper": _upper,
}
"""Methods of texts: (path, code points of the text, arguments...) -> outcomes."""
