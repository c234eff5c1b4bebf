"""Parities: functions whose output is the exclusive or of some positions of the inputs.

The set of positions solves a system of linear equations over GF(2), one for each example. Terms and
folds would have to try subsets one by one, and there are 2ⁿ of n positions.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import ceil, comb, log2

import numpy as np

from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.dsl.program import Apply, Program, Variable
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.strategies.elimination import MOST_UNKNOWNS, Ints, determined
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of

__all__ = ["EXPRESSED", "parities"]

EXPRESSED = frozenset({"sum", "modulo"})
"""Primitives that a parity expresses; if one is withheld, so are parities."""

_PARITY, _SUM, _VARIABLE, _SLICE, _SUBSET, _NOT = 5, 5, 1, 5, 6, 3
"""Bits of the parts of a program, on the scale of the language."""


@dataclass(frozen=True)
class _Part:
    """A parameter as features of 0 or 1.

    Attributes
    ----------
    features : (examples, positions) array
    shortest : int
        The fewest positions of an example.
    sum : str
        Python for the sum of all features, over ``{}``.
    piece : str
        Python for the sum of a slice, over ``{}`` and ``{slice}``; empty if there is none.
    subset : str
        Python for the sum of a subset, over ``{}``, ``{places}``, ``{mask}`` and ``{guard}``.
    """

    features: Ints
    shortest: int
    sum: str
    piece: str
    subset: str

    def printed(self, name: str, chosen: Sequence[int]) -> tuple[str, int]:
        """Return Python for the sum of some positions, and its bits."""
        positions = self.features.shape[1]
        if len(chosen) == positions:
            return self.sum.format(name), _SUM + _VARIABLE
        numbers = _slice(chosen, positions) if self.piece else None
        if numbers is not None:
            shown = ":".join("" if number is None else str(number) for number in numbers)
            bits = _SLICE + table_bits(number for number in numbers if number is not None)
            return self.piece.format(name, slice=shown), _SUM + _VARIABLE + bits
        guard = f" if y < len({name})" if chosen[-1] >= self.shortest else ""
        mask = bin(sum(1 << place for place in chosen))
        source = self.subset.format(name, places=tuple(chosen), mask=mask, guard=guard)
        bits = ceil(log2(positions + 1) + log2(comb(positions, len(chosen))))
        return source, _SUM + _VARIABLE + _SUBSET + bits


def parities(signature: Signature, examples: Examples) -> Iterator[Program]:
    """Yield the parities that the examples determine.

    Features are truth values, the bits of numbers from 0, and the positions of lists of integers
    or truth values and of texts of two different characters. Lists and texts of several lengths
    are aligned at their first or at their last position.

    Examples
    --------
    >>> from itertools import product
    >>> bits = [list(map(bool, row)) for row in product((0, 1), repeat=5)]
    >>> signature = Signature("f", (("bits", list_of(BOOL)),), BOOL)
    >>> [found] = parities(signature, Examples({"bits": bits}, [b[0] ^ b[3] for b in bits]))
    >>> print(found.python, end="")
    def f(bits: list[bool]) -> bool:
        return sum(bits[y] for y in (0, 3)) % 2 == 1
    """
    if signature.result not in (BOOL, INT) or set(examples.outputs) != {0, 1}:
        return
    columns = zip(signature.parameters, examples.inputs.values(), strict=True)
    for parts in product(*(_parts(type_, column) for (_, type_), column in columns)):
        features = np.column_stack([part.features for part in parts])
        values = determined(features, np.array(examples.outputs, np.int64), 2)
        if values is None or not values[:-1].any():
            continue
        program = _program(signature, parts, values)
        if program.cost < table_bits(examples.outputs):
            yield program


def _program(signature: Signature, parts: Sequence[_Part], values: Ints) -> Program:
    sums, bits, names, start = [], _PARITY, [], 0
    for number, ((name, type_), part) in enumerate(zip(signature.parameters, parts, strict=True)):
        end = start + part.features.shape[1]
        chosen = np.flatnonzero(values[start:end]).tolist()
        start = end
        if chosen:
            shown, more = part.printed(f"xs{number}", chosen)
            sums.append(shown)
            bits += more
            names.append((f"xs{number}", name, type_))
    odd = not values[-1]
    python = " + ".join(sums)
    if signature.result == INT and not odd:
        python += " + 1"
    python = f"({python}) % 2" if len(sums) > 1 or python.endswith(" + 1") else f"{python} % 2"
    if signature.result == BOOL:
        python += f" == {int(odd)}"
    cost = bits + (0 if odd else _NOT)
    parameters = tuple((own, type_) for own, _, type_ in names)
    parity = Primitive.outside("parity", parameters, signature.result, cost, python)
    return Program(signature, Apply(parity, tuple(Variable(name) for _, name, _ in names)), cost)


def _parts(type_: Type, column: Sequence[Value]) -> Iterator[_Part]:
    """Yield the ways to see a parameter as features."""
    if type_ == BOOL:
        yield _Part(np.array(column, np.int64)[:, None], 1, "{}", "", "")
    elif type_ == INT:
        if min(column) >= 0 and max(column).bit_length() <= MOST_UNKNOWNS:
            width = max(1, max(column).bit_length())
            rows = [[number >> place & 1 for place in range(width)] for number in column]
            subset = "({} & {mask}).bit_count()"
            yield _Part(np.array(rows, np.int64), width, "{}.bit_count()", "", subset)
    elif type_ == STR:
        letters = sorted(set().union(*column))
        if len(letters) == 2:
            is_one = f" == {letters[1]!r}".replace("{", "{{").replace("}", "}}")
            rows = [[int(letter == letters[1]) for letter in text] for text in column]
            yield from _aligned(rows, is_one)
    elif type_ in (list_of(BOOL), list_of(INT)):
        yield from _aligned([[value & 1 for value in row] for row in column], "")


def _aligned(rows: Sequence[Sequence[int]], test: str) -> Iterator[_Part]:
    """Yield rows aligned at their first position, and at their last if their lengths differ."""
    lengths = set(map(len, rows))
    longest, shortest = max(lengths), min(lengths)
    if not 0 < longest <= MOST_UNKNOWNS:
        return
    of = "y" + test + " for y in " if test else ""
    for order in ("", "[::-1]")[: len(lengths)]:
        features = np.zeros((len(rows), longest), np.int64)
        for features_of, row in zip(features, rows, strict=True):
            features_of[: len(row)] = row[::-1] if order else row
        yield _Part(
            features,
            shortest,
            f"sum({of}{{}})",
            f"sum({of}{{}}{order}[{{slice}}])",
            f"sum({{}}{order}[y]{test} for y in {{places}}{{guard}})",
        )


def _slice(chosen: Sequence[int], positions: int) -> tuple[int | None, ...] | None:
    """Return start, stop and step of a slice with these positions, of which there are several."""
    steps = {after - before for before, after in pairwise(chosen)}
    if len(steps) != 1:
        return None
    step, start = steps.pop(), chosen[0] or None
    if step == 1:
        return (start, None if chosen[-1] == positions - 1 else chosen[-1] + 1)
    if len(chosen) < 3 or chosen[-1] + step < positions:
        return None
    return (start, None, step)
