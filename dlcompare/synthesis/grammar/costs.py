"""Costs learned from programs: the probabilities of a grammar's productions, in bits.

A production is a primitive or a small integer; it competes with those of the same result type, and
a fold competes with programs that are not folds. The usual costs are a Dirichlet prior with the
weight of `WEIGHT` uses, and their scale is kept: without programs, nothing changes. A variable
keeps its cost of one bit, the minimum.
"""

import json
import math
import reprlib
from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path

from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import SCALAR, SCALAR_TOO
from dlcompare.synthesis.dsl.program import Apply, Constant, Expression, Fold, walk
from dlcompare.synthesis.grammar.constants import SHARED_COST, SMALL
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["MOST", "USUAL", "WEIGHT", "Costs", "competing", "learned", "read", "uses", "write"]

Costs = Mapping[str, int]
"""Bits of productions by their names."""

WEIGHT = 32
"""The weight of the usual costs for each result type, in uses."""

MOST = 60
"""The largest cost of a production, as of a program, in bits."""

_CONSTANTS = {**{str(value): cost for value, cost in SMALL.items()}, "shared": SHARED_COST}
_PRIMITIVES = {name: primitive.cost for name, primitive in PRIMITIVES.items()}

USUAL: Costs = {**_PRIMITIVES, **_CONSTANTS, "fold": Grammar.fold}
"""The usual costs: primitives, integers, other integers that outputs share, and folds."""

_NO_FOLD = "no fold"
_FORM = 'must hold names with their bits, as in {"add": 4, "fold": 3}'


def uses(expression: Expression) -> Counter[str]:
    """Return the number of uses of each production in a program.

    Examples
    --------
    >>> from dlcompare.synthesis.dsl.program import Variable
    >>> sorted(uses(Apply(PRIMITIVES["add"], (Variable("x"), Constant(2)))).items())
    [('2', 1), ('add', 1), ('no fold', 1)]
    """
    found = Counter({"fold" if isinstance(expression, Fold) else _NO_FOLD: 1})
    for part in walk(expression):
        if isinstance(part, Apply):
            found[part.primitive.name] += 1
        elif isinstance(part, Constant) and isinstance(part.value, int):
            found[str(part.value) if part.value in SMALL else "shared"] += 1
    return found


def learned(programs: Iterable[Mapping[str, int]], weight: float = WEIGHT) -> dict[str, int]:
    """Return costs learned from the uses of productions in some programs.

    Parameters
    ----------
    programs : iterable of mapping of str to int
        The `uses` of each program.
    weight : float
        The weight of the usual costs, in uses.
    """
    used: Counter[str] = sum(map(Counter, programs), Counter())
    costs = {}
    for group in _groups():
        mass, total = sum(group.values()), sum(used[name] for name in group)
        for name, usual in group.items():
            share = (weight * usual + mass * used[name]) / (weight + total)
            costs[name] = min(max(1, round(-math.log2(share))), MOST)
    del costs[_NO_FOLD]
    return costs


def competing(result: Type) -> Type | None:
    """Return the key of the productions that compete for a result type.

    The groups are the integers, the truth values, and all other types.
    """
    if result in (SCALAR, SCALAR_TOO):
        return INT
    return result if result in (INT, BOOL) else None


def _groups() -> Iterable[Mapping[str, float]]:
    """Return the groups of competing productions, with unnormalized probabilities."""
    by_type: dict[Type | None, dict[str, float]] = {}
    for name, cost in USUAL.items():
        if name != "fold":
            type_ = PRIMITIVES[name].result if name in PRIMITIVES else INT
            by_type.setdefault(competing(type_), {})[name] = 2.0**-cost
    fold = 2.0 ** -USUAL["fold"]
    return (*by_type.values(), {"fold": fold, _NO_FOLD: 1 - fold})


def write(file: Path, costs: Costs) -> None:
    """Write costs as a JSON object.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    try:
        file.write_text(json.dumps(costs, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}") from error


def read(file: Path) -> dict[str, int]:
    """Read costs from a JSON file; names missing from it keep their usual costs.

    Raises
    ------
    InputError
        If the file cannot be used.
    """
    try:
        costs = json.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(
            f"there is no file {file} that can be read ({error.strerror}); --learn writes one"
        ) from error
    except RecursionError as error:
        raise InputError(f"{file} is nested too deeply; it {_FORM}") from error
    except ValueError as error:
        raise InputError(f"{file} is not JSON: {error}; it {_FORM}") from error
    if not isinstance(costs, dict):
        raise InputError(f"{file} {_FORM}")
    for name, cost in costs.items():
        if name not in USUAL:
            raise InputError(f"{file}: {UnknownNameError('primitive', name, USUAL)}")
        if type(cost) is not int or not 1 <= cost <= MOST:
            raise InputError(
                f"{file}: {name}={reprlib.repr(cost)} must be an integer from 1 to {MOST}, in bits"
            )
    return costs
