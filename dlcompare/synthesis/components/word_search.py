"""Loop-free programs on words from examples alone, without given operations.

All operations in `domain.BITS` make terms on words of 32 bits, in order of cost, until one answers
the examples. Arithmetic is modulo 2³², as on a machine, and comparisons are unsigned; in the
language of integers, numbers are unbounded, and their packed form ends at 2³¹ − 1.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from dlcompare.synthesis.components.compiled_enumeration import CODES
from dlcompare.synthesis.components.domain import BITS, Component, Domain
from dlcompare.synthesis.components.solver_encoding import Constant, LoopFreeProgram
from dlcompare.synthesis.components.word_terms import (
    COST,
    LEAF,
    SPENT,
    TERMS,
    Ints,
    bank_of,
    extend,
    insert,
)
from dlcompare.tasks.problem import Examples, Signature

__all__ = ["CONSTANTS", "Connected", "connect", "operations"]

WORD = Domain(32)

_PRICES = {
    **dict.fromkeys(("add", "sub", "and", "or", "xor", "not", "neg"), 4),
    **dict.fromkeys(("mul", "shl", "lshr", "ashr", "udiv", "ule", "ult", "iszero", "redor"), 5),
}
"""Bits of the operations, on the scale of the language of integers."""

_EXPRESSES = {
    "add": {"add", "increment"},
    "sub": {"subtract", "decrement"},
    "mul": {"multiply"},
    "and": {"modulo"},
    "neg": {"negate"},
    "shl": {"multiply"},
    "lshr": {"divide"},
    "ashr": {"divide"},
    "udiv": {"divide"},
    "ule": {"less_equal"},
    "ult": {"less"},
    "iszero": {"equal"},
    "redor": {"equal"},
}
"""The primitives of the language of integers that an operation expresses."""

CONSTANTS = {0: 3, 1: 3, 2: 4, 4: 6, 8: 6, 16: 6, 31: 6}
"""Bits of the constants: small powers of two, and the place of the sign."""

_INPUT = 1
_DEAREST = 60
_ROWS = 12
"""The number of examples that terms run on at first; those that a program fails are added."""

_CAPACITY, _PARTNERS = 1 << 21, 256
"""The most terms of a bank, and of those that a conjunction or a disjunction is made of."""

_EARLY = 1.5
"""A pair that makes the goal is taken once it costs this many times as much as the terms so far."""

_Place = tuple[str, int]
"""Of a value: ``"input"``, ``"constant"`` or ``"step"``, and its number among those."""

_NAMES = {code: name for name, code in CODES.items()}


def operations(without: Collection[str] = ()) -> dict[str, int]:
    """Return the operations with their bits, less those that express a withheld primitive."""
    withheld = frozenset(without)
    return {
        name: bits for name, bits in _PRICES.items() if not withheld & _EXPRESSES.get(name, set())
    }


@dataclass(frozen=True)
class Connected:
    """The outcome of a search.

    Attributes
    ----------
    program : LoopFreeProgram or None
        A program that answers all examples.
    bits : int
        Its cost.
    spent : int
        Candidates evaluated.
    """

    program: LoopFreeProgram | None
    bits: int
    spent: int


def connect(
    signature: Signature,
    examples: Examples,
    candidates: int,
    prices: Mapping[str, int] | None = None,
) -> Connected:
    """Search for a program on words that answers the examples.

    Parameters
    ----------
    signature : Signature
        A function of integers.
    examples : Examples
        Numbers from 0 to 2³² − 1.
    candidates : int
        The most candidates to evaluate.
    prices : mapping of str to int, optional
        The operations with their bits; all of them by default.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT
    >>> signature = Signature("f", (("x", INT),), INT)
    >>> found = connect(signature, Examples({"x": (12, 7, 2**32 - 8)}, (4, 1, 8)), 100_000)
    >>> print(found.program.python(WORD))
    def f(x):
        t1 = -x & 0xffffffff
        t2 = x & t1
        return t2
    """
    names = [name for name, _ in signature.parameters]
    inputs = np.array([examples.inputs[name] for name in names], np.int64)
    outputs = np.array(examples.outputs, np.int64)
    by_size = sorted(range(len(outputs)), key=lambda i: sum(inputs[:, i].tolist()))
    rows = by_size[:: max(1, len(by_size) // _ROWS)][:_ROWS]
    spent = 0
    while spent < candidates:
        terms = _WordTerms(inputs, outputs, rows, prices or operations(), candidates)
        bits = terms.search(candidates - spent)
        spent += int(terms.bank.counters[SPENT])
        if not bits:
            break
        program = terms.program(names)
        failing = _failing(program, inputs.T.tolist(), examples.outputs)
        if failing is None:
            return Connected(program, bits, spent)
        rows.append(failing)
    return Connected(None, 0, spent)


def _failing(
    program: LoopFreeProgram, rows: Sequence[Sequence[int]], outputs: Sequence[int]
) -> int | None:
    """Return the first example that a program gets wrong, by its printed text."""
    namespace: dict[str, Any] = {}
    exec(program.python(WORD), namespace)
    answers = (namespace["f"](*row) for row in rows)
    pairs = enumerate(zip(answers, outputs, strict=True))
    return next((place for place, (answer, output) in pairs if answer != output), None)


class _WordTerms:
    """The terms of a problem by cost, until a pair of them makes the goal on some examples."""

    def __init__(
        self,
        inputs: Ints,
        outputs: Ints,
        rows: Sequence[int],
        prices: Mapping[str, int],
        candidates: int,
    ) -> None:
        known = [(BITS[name], bits) for name, bits in prices.items()]
        priced = [(CODES[of.name], of.arity, of.commutative, bits) for of, bits in known]
        used = np.array(priced, np.int64).reshape(-1, 4)
        capacity = min(_CAPACITY, 1 << candidates.bit_length())
        self.bank = bank_of(outputs[list(rows)], used, _DEAREST, capacity, _PARTNERS)
        self.leaves = [(_INPUT, column[list(rows)]) for column in inputs]
        self.leaves += [(cost, np.full(len(rows), n)) for n, cost in CONSTANTS.items()]

    def search(self, candidates: int) -> int:
        """Return the cost of a pair that makes the goal, or 0."""
        bank = self.bank
        for cost in range(1, _DEAREST + 1):
            bank.starts[cost] = bank.counters[TERMS]
            for number, (price, row) in enumerate(self.leaves):
                if price == cost:
                    insert(bank, row, cost, LEAF, number, LEAF)
            extend(bank, cost, candidates)
            bank.starts[cost + 1] = bank.counters[TERMS]
            met = bank.met[COST]
            if (met and met <= cost * _EARLY) or bank.counters[SPENT] >= candidates:
                break
        return int(bank.met[COST])

    def program(self, names: Sequence[str]) -> LoopFreeProgram:
        """Return the pair as a program, in which each term occurs once."""
        constants: list[int] = []
        steps: list[tuple[Component, list[_Place]]] = []
        places: dict[int, _Place] = {}

        def place(code: int, first: int, second: int) -> _Place:
            if code != LEAF:
                operands = [visit(first), visit(second)][: BITS[_NAMES[code]].arity]
                steps.append((BITS[_NAMES[code]], operands))
                return ("step", len(steps) - 1)
            if first < len(names):
                return ("input", first)
            constants.append(list(CONSTANTS)[first - len(names)])
            return ("constant", len(constants) - 1)

        def visit(term: int) -> _Place:
            if term not in places:
                places[term] = place(*self.bank.terms[term].tolist())
            return places[term]

        _, code, first, second = self.bank.met.tolist()
        result = visit(first) if code == LEAF else place(code, first, second)
        before = {"input": 0, "constant": len(names), "step": len(names) + len(constants)}
        numbered = tuple(
            (component, tuple(before[sort] + index for sort, index in operands))
            for component, operands in steps
        )
        fixed = tuple(_fixed(number) for number in constants)
        return LoopFreeProgram(tuple(names), fixed, numbered, before[result[0]] + result[1])


def _fixed(number: int) -> Constant:
    return lambda _: number
