"""Weighted sums of numbers: those among the parameters, in lists of one length, and in texts.

The weights and a constant solve a system of linear equations, one for each example. The seconds of
a duration such as ``"1h 20m"``, a price or a score are of the kind.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from dlcompare.synthesis.dsl.primitives.primitive import LARGEST, Primitive
from dlcompare.synthesis.dsl.program import Apply, Program, Variable
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.strategies.elimination import PRIME, Ints, solve
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, STR, Type, Value, list_of

__all__ = ["EXPRESSED", "weighted_sums"]

EXPRESSED = frozenset({"add", "multiply", "sum"})
"""Primitives that a weighted sum expresses; if one is withheld, so are weighted sums."""

_TERM, _NUMBERS, _CONSTANT = 5, 12, 4
"""Bits of a weighted term apart from its weight, of the numbers of a text, and of a constant."""

_MOST = 16
"""The most numbers of an example."""

_LARGEST = 10**6
"""The largest weight, in absolute value: a fraction modulo a prime is a far larger number."""

_NUMBER = re.compile("[0-9]+")


@dataclass(frozen=True)
class _Part:
    """The numbers of a parameter.

    Attributes
    ----------
    rows : list of list of int
        The numbers in each example.
    python : str
        Python for their weighted sum, over ``{name}`` and the weights ``{weights}``; empty for a
        number alone.
    bits : int
        Bits of this Python.
    """

    rows: list[list[int]]
    python: str
    bits: int

    def printed(self, name: str, weights: Sequence[int]) -> tuple[str, int]:
        """Return Python for the sum with some weights, and its bits; empty if all are 0."""
        if not any(weights):
            return "", 0
        bits = self.bits + sum(_TERM + table_bits([weight]) for weight in weights)
        if self.python:
            return self.python.replace("{name}", name).replace(
                "{weights}", str(tuple(weights))
            ), bits
        return name if weights[0] == 1 else f"{weights[0]} * {name}", bits


def weighted_sums(signature: Signature, examples: Examples) -> Iterator[Program]:
    """Yield the weighted sum that the examples determine, if there is one.

    Parameters
    ----------
    signature : Signature
        A function to an integer.
    examples : Examples
        The examples to answer; one more than there are weights.

    Examples
    --------
    >>> signature = Signature("minutes", (("text", STR),), INT)
    >>> examples = Examples({"text": ["2h 5m", "0h 59m", "11h 0m"]}, [125, 59, 660])
    >>> [found] = weighted_sums(signature, examples)
    >>> found.compile()("3h 7m")
    187
    """
    outputs = examples.outputs
    if signature.result != INT or len(set(outputs)) < 2 or max(map(abs, outputs)) > LARGEST:
        return
    columns = zip(signature.parameters, examples.inputs.values(), strict=True)
    parts = [_part(type_, column) for (_, type_), column in columns]
    known = [part for part in parts if part is not None]
    together = zip(*(part.rows for part in known), strict=True)
    features = np.array([list(chain.from_iterable(rows)) for rows in together], np.int64)
    if not known or features.shape[1] > _MOST or np.abs(features).max() > LARGEST:
        return
    for constant in (0, 1):
        system = np.column_stack([features, np.ones((len(outputs), constant), np.int64)])
        values = _exact(system, np.array(outputs, np.int64))
        if values is not None:
            program = _program(signature, parts, values, bool(constant))
            if program.cost < table_bits(outputs):
                yield program
            return


def _part(type_: Type, column: Sequence[Value]) -> _Part | None:
    """Return the numbers of a parameter; None if their number differs from example to example."""
    if type_ == INT:
        return _Part([[value] for value in column], "", 0)
    if type_ == STR:
        rows = [[int(number) for number in _NUMBER.findall(text)] for text in column]
        numbers = "findall('[0-9]+', {name})"
        python = f"sum(y * int(z) for y, z in zip({{weights}}, {numbers}))"
    elif type_ == list_of(INT):
        rows = [list(value) for value in column]
        python = "sum(y * z for y, z in zip({weights}, {name}))"
    else:
        return None
    if len(set(map(len, rows))) != 1 or not rows[0]:
        return None
    return _Part(rows, python, _NUMBERS if type_ == STR else _TERM)


def _exact(system: Ints, outputs: Ints) -> list[int] | None:
    """Return the only integers that solve a system with an equation to spare, or None."""
    if len(system) <= system.shape[1]:
        return None
    solution = solve(system, outputs, PRIME)
    if solution is None or solution.free:
        return None
    values = np.where(solution.values > PRIME // 2, solution.values - PRIME, solution.values)
    if np.abs(values).max() > _LARGEST or (system @ values != outputs).any():
        return None
    return [int(value) for value in values]


def _program(
    signature: Signature, parts: Sequence[_Part | None], values: list[int], constant: bool
) -> Program:
    shown, cost, used, at = [], 0, [], 0
    for number, ((name, type_), part) in enumerate(zip(signature.parameters, parts, strict=True)):
        size = len(part.rows[0]) if part else 0
        text, bits = part.printed(f"xs{number}", values[at : at + size]) if part else ("", 0)
        at += size
        if text:
            shown.append(text)
            used.append((f"xs{number}", name, type_))
            cost += bits
    if constant and values[-1]:
        shown.append(str(values[-1]))
        cost += _CONSTANT + table_bits(values[-1:])
    python = " + ".join(shown).replace("+ -", "- ") or "0"
    imports = ("re.findall",) if "findall(" in python else ()
    parameters = tuple((own, type_) for own, _, type_ in used)
    weighted = Primitive.outside("weighted_sum", parameters, INT, cost, python, imports)
    return Program(signature, Apply(weighted, tuple(Variable(name) for _, name, _ in used)), cost)
