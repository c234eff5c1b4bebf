"""List comprehensions and generators on symbolic values, element by element."""

import ast
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from dlcompare.synthesis.smt.paths import Path
from dlcompare.synthesis.smt.scopes import Names, Scope, scoped
from dlcompare.synthesis.smt.values import MISSING, Raised, Value, items, truth

if TYPE_CHECKING:
    from dlcompare.synthesis.smt.expressions import Expressions

__all__ = ["listed"]


def listed(
    run: "Expressions",
    element: ast.expr,
    generators: list[ast.comprehension],
    names: Names,
    path: Path,
) -> Iterator[Any]:
    """The elements, as a tuple."""
    first, *rest = generators
    for after, sequence in run.evaluate(first.iter, names, path):
        if isinstance(sequence, Raised):
            yield after, sequence
        else:
            yield from _elements(
                run, element, first, rest, scoped(names), items(sequence), after, ()
            )


def _elements(
    run: "Expressions",
    element: ast.expr,
    generator: ast.comprehension,
    rest: list[ast.comprehension],
    names: Scope,
    values: tuple[Value, ...],
    path: Path,
    done: tuple[Value, ...],
) -> Iterator[Any]:
    place = 0
    for value in values:  # as far as the path does not split
        more = _seen(run, element, generator, rest, names, value, path)
        if more is None:
            break
        done += more
        place += 1
    if place == len(values):
        yield path, done
        return
    values = values[place:]
    inner = names.unpacked(generator.target, values[0])
    for after, verdict in _all_hold(run, generator.ifs, inner, path):
        made: Iterator[Any]
        if isinstance(verdict, Raised):
            yield after, verdict
            continue
        if not verdict:
            made = iter([(after, ())])
        elif rest:
            made = listed(run, element, rest, inner, after)
        else:
            made = (
                (end, value if isinstance(value, Raised) else (value,))
                for end, value in run.evaluate(element, inner, after)
            )
        for end, more in made:
            if isinstance(more, Raised):
                yield end, more
            else:
                yield from _elements(
                    run, element, generator, rest, names, values[1:], end, done + more
                )


def _seen(
    run: "Expressions",
    element: ast.expr,
    generator: ast.comprehension,
    rest: list[ast.comprehension],
    names: Scope,
    value: Value,
    path: Path,
) -> tuple[Value, ...] | None:
    """What a value adds to a comprehension, where that is seen at once."""
    if rest:
        return None
    target = generator.target
    if isinstance(target, ast.Name):
        inner = Scope({target.id: value}, names)
    else:
        inner = names.unpacked(target, value)
    for test in generator.ifs:
        verdict = run.at_once(test, inner, path)
        decided = None if verdict is MISSING else path.decided(truth(verdict))
        if not decided:
            return None if decided is None else ()
    made = run.at_once(element, inner, path)
    return None if made is MISSING else (made,)


def _all_hold(run: "Expressions", tests: list[ast.expr], names: Names, path: Path) -> Iterator[Any]:
    if not tests:
        yield path, True
        return
    for after, verdict in run.verdicts(tests[0], names, path):
        if isinstance(verdict, Raised) or not verdict:
            yield after, verdict
        else:
            yield from _all_hold(run, tests[1:], names, after)
