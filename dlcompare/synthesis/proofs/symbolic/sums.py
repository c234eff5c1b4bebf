"""``sum``, ``all`` and ``any`` of a generator on symbolic values."""

import ast
import itertools
from collections.abc import Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.builtins import BUILTINS
from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.surroundings import scoped
from dlcompare.synthesis.proofs.symbolic.symbols import (
    all_of,
    any_of,
    choose,
    negation,
    total,
)
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Stream,
    UnsupportedError,
    Value,
    fingerprint,
    is_integer,
    truth,
    unordered,
    whole,
)

__all__ = ["summed"]

Outcomes = Iterator[tuple[Path, Value]]


def summed(
    run: Evaluator, function: Any, node: ast.GeneratorExp, names: Any, path: Path
) -> Outcomes:
    """Yield ``sum``, ``all`` or ``any`` of a generator, without a split for its conditions.

    Parameters
    ----------
    run : Evaluator
    function : callable
        The built-in function ``sum``, ``all`` or ``any``.
    node : ast.GeneratorExp
        Its only argument.
    names : Names
        The scope around the call.
    path : Path
    """
    collected: list[tuple[Any, Value]] = []
    if _collect(run, node.elt, node.generators, names, path, True, function is not sum, collected):
        if function is sum:
            if not all(is_integer(value) for _, value in collected):
                raise UnsupportedError("sums of values other than numbers are not covered")
            parts = (choose(guard, whole(value), 0) for guard, value in collected)
            yield path, total(parts)
        elif function is any:
            found = any_of(all_of([guard, truth(value)]) for guard, value in collected)
            yield path, path.simplified(found)
        else:
            kept = all_of(any_of([negation(guard), truth(value)]) for guard, value in collected)
            yield path, path.simplified(kept)
        return
    for after, value in run.evaluate(node, names, path):
        if isinstance(value, Raised):
            yield after, value
        else:
            yield from BUILTINS[function](run, after, [value])


def _collect(
    run: Evaluator,
    element: ast.expr,
    generators: list[ast.comprehension],
    names: Any,
    path: Path,
    guard: Any,
    distinct: bool,
    collected: list[tuple[Any, Value]],
) -> bool:
    """Collect elements with their conditions; return False if a path splits or one raises."""

    def alone(node: ast.expr, names: Any, path: Path) -> Any:
        found = list(itertools.islice(run.evaluate(node, names, path), 2))
        if len(found) != 1 or found[0][0] is not path or isinstance(found[0][1], Raised):
            return None
        return found[0]

    if not generators:
        found = alone(element, names, path)
        if found is None:
            return False
        collected.append((guard, found[1]))
        return True
    first, *rest = generators
    sequence = alone(first.iter, names, path)
    if sequence is None:
        return False
    if isinstance(sequence[1], Stream) and sequence[1].ending is not None:
        return False
    values = unordered(sequence[1])
    if distinct:
        values = tuple({fingerprint(value): value for value in values}.values())
    read = [element, *first.ifs, *(part for each in rest for part in (each.iter, *each.ifs))]
    for place, item in enumerate(values):
        inner, here, also = scoped(names).unpacked(first.target, item), path, guard
        if place == 0:
            inner.after(*read)  # an iterator as an element is read once
        for test in first.ifs:
            verdict = alone(test, inner, here)
            if verdict is None:
                return False
            holds = here.simplified(truth(verdict[1]))
            onward = here.assume(holds)
            also = all_of([also, holds])
            if onward is None or also is False:
                also = False
                break
            here = onward
        if also is not False and not _collect(
            run, element, rest, inner, here, also, distinct, collected
        ):
            return False
    return True
