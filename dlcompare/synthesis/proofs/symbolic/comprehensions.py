"""List comprehensions and generators on symbolic values, element by element."""

import ast
from collections.abc import Iterator
from typing import Any

from dlcompare.synthesis.proofs.symbolic.interface import Evaluator
from dlcompare.synthesis.proofs.symbolic.name_analysis import assigns
from dlcompare.synthesis.proofs.symbolic.paths import Path
from dlcompare.synthesis.proofs.symbolic.surroundings import CallScope, Names, scoped
from dlcompare.synthesis.proofs.symbolic.values import (
    MISSING,
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    Value,
    items,
    truth,
)

__all__ = ["listed"]


def listed(
    run: Evaluator,
    element: ast.expr,
    generators: list[ast.comprehension],
    names: Names,
    path: Path,
) -> Iterator[Any]:
    """Yield the elements as a `Stream`, which ends with their exception, if any.

    The source of the first ``for`` is evaluated at once; its exception is `Raised`.

    Parameters
    ----------
    run : Evaluator
    element : ast.expr
        The expression before the first ``for``.
    generators : list of ast.comprehension
        The ``for`` clauses.
    names : Names
        The scope around the comprehension.
    path : Path
    """
    first, *rest = generators
    inner = [element, *first.ifs, *(part for each in rest for part in (each.iter, *each.ifs))]
    if first.is_async or any(map(assigns, inner)):
        raise UnsupportedError("an assignment in a comprehension is not covered")
    for after, sequence in run.evaluate(first.iter, names, path):
        if isinstance(sequence, Raised):
            yield after, sequence
            continue
        ordered, ending = True, None
        if isinstance(sequence, Sequence) and sequence.kind == "set":
            values, ordered = sequence.items, len(sequence.items) < 2
        elif isinstance(sequence, Stream):
            values, ordered, ending = sequence.items, sequence.ordered, sequence.ending
        else:
            values = items(sequence)
        for value in values[:1]:  # an iterator as an element is read once
            scoped(names).unpacked(first.target, value).after(*inner)
        made = _elements(run, element, first, rest, scoped(names), values, after, ())
        for end, stream in made:
            raised = stream.ending or ending
            if raised is not None and not ordered:
                raise UnsupportedError("the order of a set is not defined")
            yield end, Stream(stream.items, raised, frozenset(), ordered and stream.ordered)


def _elements(
    run: Evaluator,
    element: ast.expr,
    generator: ast.comprehension,
    rest: list[ast.comprehension],
    names: CallScope,
    values: tuple[Value, ...],
    path: Path,
    done: tuple[Value, ...],
) -> Iterator[Any]:
    place = 0
    for value in values:  # until the path splits
        more = _seen(run, element, generator, rest, names, value, path)
        if more is None:
            break
        done += more
        place += 1
    if place == len(values):
        yield path, Stream(done)
        return
    values = values[place:]
    inner = names.unpacked(generator.target, values[0])
    for after, verdict in _all_hold(run, generator.ifs, inner, path):
        made: Iterator[Any]
        if isinstance(verdict, Raised):
            yield after, Stream(done, verdict)
            continue
        if not verdict:
            made = iter([(after, Stream(()))])
        elif rest:
            made = listed(run, element, rest, inner, after)
        else:
            made = (
                (end, value if isinstance(value, Raised) else Stream((value,)))
                for end, value in run.evaluate(element, inner, after)
            )
        for end, more in made:
            if isinstance(more, Raised):
                yield end, Stream(done, more)
            elif more.ending is not None:
                yield end, Stream(done + more.items, more.ending)
            elif not more.ordered and len(more.items) > 1:
                raise UnsupportedError("the order of a set is not defined")
            else:
                yield from _elements(
                    run, element, generator, rest, names, values[1:], end, done + more.items
                )


def _seen(
    run: Evaluator,
    element: ast.expr,
    generator: ast.comprehension,
    rest: list[ast.comprehension],
    names: CallScope,
    value: Value,
    path: Path,
) -> tuple[Value, ...] | None:
    """Return what a value adds to a comprehension, if the path does not split; else None."""
    if rest:
        return None
    inner = names.unpacked(generator.target, value)
    for test in generator.ifs:
        verdict = run.at_once(test, inner, path)
        decided = None if verdict is MISSING else path.decided(truth(verdict))
        if not decided:
            return None if decided is None else ()
    made = run.at_once(element, inner, path)
    return None if made is MISSING else (made,)


def _all_hold(run: Evaluator, tests: list[ast.expr], names: Names, path: Path) -> Iterator[Any]:
    if not tests:
        yield path, True
        return
    for after, verdict in run.verdicts(tests[0], names, path):
        if isinstance(verdict, Raised) or not verdict:
            yield after, verdict
        else:
            yield from _all_hold(run, tests[1:], names, after)
