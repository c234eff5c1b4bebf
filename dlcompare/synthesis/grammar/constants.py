"""Constants that a program may use: a few small integers, and values that examples share.

Apart from the small integers, a constant must occur in at least two examples, so that no program
can spell out its examples one by one.
"""

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from math import gcd

from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.program import Constant
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, STR, Type, Value

__all__ = ["LIMIT_COST", "constant_variables", "constants_of", "thresholds"]

SMALL = {-1: 6, 2: 4, 3: 5, 4: 6, 5: 6, 6: 7, 7: 7, 8: 7, 9: 7, 10: 7}
"""Small integers with their costs in bits."""

SHARED_COST = 8
MOST_SHARED = 8
CHARACTER_COST = 6
MOST_CHARACTERS = 8
REPEATED_COST = 6
MOST_REPEATED = 4
LEAST_PIECE, MOST_PIECES = 2, 6
LIMIT_COST = 7
MOST_LIMITS = 8
MOST_CLASSES = 8
_STEPS = (1_000_000, 100_000, 10_000, 1_000, 100, 10)
LEAST_MEMBERS = 3

Constants = dict[tuple[Type, Value], int]
"""Costs in bits by type and value."""


def constants_of(
    signature: Signature, examples: Examples, costs: Mapping[str, int] | None = None
) -> Constants:
    """Return the constants for a problem, with their costs in bits.

    Shared integers occur in at least two outputs and in at least half of them. String constants are
    the characters other than letters and digits in half of a column, the pieces of text and the
    whole outputs that outputs share, and the whole inputs that recur. If the outputs are few
    classes, integers that separate the inputs of two classes, or divide all inputs of one, are
    constants too. `costs` overrides the usual costs of integers.

    Examples
    --------
    >>> from dlcompare.tasks.types import list_of
    >>> signature = Signature("f", (("x", INT),), list_of(INT))
    >>> examples = Examples({"x": (1, 2, 3)}, ([4, 17], [17], [0, 17, 17]))
    >>> constants_of(signature, examples)[INT, 17]
    8
    """
    types = [type_ for _, type_ in signature.parameters]
    values = [*examples.inputs.values(), examples.outputs]
    columns = list(zip(values, [*types, signature.result], strict=True))
    costs = costs or {}
    constants: Constants = {(INT, n): costs.get(str(n), cost) for n, cost in SMALL.items()}
    integers = _shared(_parts(value, signature.result, INT) for value in examples.outputs)
    known = [value for value in integers if value not in SMALL and value not in (0, 1)]
    shared = costs.get("shared", SHARED_COST)
    constants |= {(INT, value): shared for value in known[:MOST_SHARED]}
    limits = [
        limit
        for column, type_ in zip(examples.inputs.values(), types, strict=True)
        if type_ == INT
        for limit in (*thresholds(column, examples.outputs), *_divisors(column, examples.outputs))
    ]
    new = [limit for limit in dict.fromkeys(limits) if (INT, limit) not in constants]
    constants |= {(INT, limit): LIMIT_COST for limit in new[:MOST_LIMITS] if limit not in (0, 1)}
    if any(STR in _types(type_) for _, type_ in columns):
        texts = [[t for v in column for t in _parts(v, type_, STR)] for column, type_ in columns]
        constants |= {(STR, c): CHARACTER_COST for c in _characters(texts)}
        constants |= {(STR, p): SHARED_COST for p in _pieces(texts[-1], texts[:-1])}
        constants |= {(STR, t): REPEATED_COST for t in _repeated(texts[:-1])}
    return constants


def thresholds(column: Sequence[int], outputs: Sequence[Value]) -> list[int]:
    """Return integers between neighbouring inputs at which the output changes its class.

    The outputs must be few classes with at least two members each, in intervals of the input; of
    the integers between two intervals, the roundest is taken.

    Parameters
    ----------
    column : sequence of int
        An input of each example.
    outputs : sequence of Value
        The outputs of the same examples.

    Examples
    --------
    >>> thresholds([12, 55, 59, 61, 88, 97, 60], ["F", "F", "F", "P", "P", "P", "P"])
    [60]
    >>> thresholds([0, 44, 88, 93, 99], ["B", "B", "B", "A", "A"])
    [90]
    """
    classes = _classes(outputs)
    if classes is None:
        return []
    ordered = sorted(set(zip(column, classes, strict=True)))
    changes = [(a, b) for (a, one), (b, other) in pairwise(ordered) if one != other]
    if not changes or len(changes) > MOST_LIMITS or any(a == b for a, b in changes):
        return []
    return [_roundest(a + 1, b) for a, b in changes]


def _divisors(column: Sequence[int], outputs: Sequence[Value]) -> list[int]:
    """Return integers that divide all inputs of a class of outputs.

    Examples
    --------
    >>> _divisors([3, 9, 12, 1, 4, 7], ["Fizz", "Fizz", "Fizz", "-", "-", "-"])
    [3]
    """
    classes = _classes(outputs)
    if classes is None:
        return []
    members: dict[int, list[int]] = {}
    for value, of in zip(column, classes, strict=True):
        members.setdefault(of, []).append(value)
    shared = [gcd(*values) for values in members.values() if len(set(values)) >= LEAST_MEMBERS]
    return [divisor for divisor in shared if divisor > 1]


def _classes(outputs: Sequence[Value]) -> list[int] | None:
    """Return the number of each output's class; None if the outputs are no classes."""
    keys = [repr(output) for output in outputs]
    counts = Counter(keys)
    if not 2 <= len(counts) <= MOST_CLASSES or min(counts.values()) < 2:
        return None
    numbers = {key: number for number, key in enumerate(counts)}
    return [numbers[key] for key in keys]


def _roundest(least: int, most: int) -> int:
    """Return the integer of an interval with the largest power of ten as a divisor, or of five."""
    for step in _STEPS:
        for unit in (step, step // 2):
            value = -(-least // unit) * unit
            if value <= most:
                return value
    return most


def constant_variables(constants: Constants, rows: int) -> tuple[ScopeVariable, ...]:
    """Return constants with their costs as leaves of terms."""
    return tuple(
        ScopeVariable(Constant(value), type_, cost, (value,) * rows)
        for (type_, value), cost in constants.items()
    )


def _shared(groups: Iterable[Iterable[Hashable]]) -> list[Value]:
    """Return the items that occur in at least two groups and half of all, most frequent first."""
    groups = [set(group) for group in groups]
    counts = Counter(value for group in groups for value in group)
    least = max(2, -(-len(groups) // 2))
    frequent = [item for item in counts.items() if item[1] >= least]
    return [value for value, _ in sorted(frequent, key=lambda item: (-item[1], item[0]))]


def _characters(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the separators that a column shares."""
    found: list[str] = []
    for texts in columns:
        found += [c for c in _shared(texts) if not str(c).isalnum()]
    return list(dict.fromkeys(found))[:MOST_CHARACTERS]


def _repeated(columns: Sequence[Sequence[str]]) -> list[str]:
    """Return the texts that an input equals more than once, but not always."""
    found: list[str] = []
    for texts in columns:
        counts = Counter(texts).most_common()
        found += [text for text, count in counts if text and 1 < count < len(texts)]
    return list(dict.fromkeys(found))[:MOST_REPEATED]


def _pieces(outputs: Sequence[str], inputs: Sequence[Sequence[str]]) -> list[str]:
    """Return the pieces of text that outputs share and that are not merely parts of inputs."""
    repeated = [text for text, count in Counter(outputs).most_common() if count > 1]
    found = [text for text in repeated if text][:MOST_PIECES]
    least = max(2, -(-len(outputs) // 2))
    pieces = Counter(
        piece for text in outputs for piece in set(_substrings(text)) if len(piece) >= LEAST_PIECE
    )
    everything = [text for column in inputs for text in column]
    shared = [
        piece
        for piece, count in pieces.items()
        if count >= least and sum(piece in text for text in everything) < count
    ]
    shared.sort(key=lambda piece: (-pieces[piece] * len(piece), piece))
    longest: list[str] = []
    for piece in shared:
        if not any(piece in longer for longer in longest):
            longest.append(piece)
    return list(dict.fromkeys([*found, *longest[:MOST_PIECES]]))


def _substrings(text: str, longest: int = 24) -> Iterator[str]:
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + longest) + 1):
            yield text[start:end]


def _parts(value: Value, type_: Type, wanted: Type) -> Iterator[Value]:
    """Yield the values of a type inside a value."""
    if type_ == wanted:
        yield value
    elif type_.name == "list":
        for each in value:
            yield from _parts(each, type_.element, wanted)
    elif type_.name == "tuple":
        for each, part in zip(value, type_.parameters, strict=True):
            yield from _parts(each, part, wanted)


def _types(type_: Type) -> Iterator[Type]:
    yield type_
    for part in type_.parameters:
        yield from _types(part)
