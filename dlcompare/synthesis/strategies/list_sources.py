"""The lists of a problem whose elements are ordered or picked: parameters, and their positions."""

from collections.abc import Iterator

from dlcompare.synthesis.dsl.primitives.primitive import INTS, STRINGS
from dlcompare.synthesis.dsl.program import Apply, Expression, Variable, fresh_names
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.types import INT, STR, Type

__all__ = ["list_sources"]


def list_sources(problem: SearchProblem, type_: Type) -> Iterator[Column]:
    """Yield the lists of a type: parameters, and for integers the positions of sequences,
    for texts the words of a text.

    Parameters
    ----------
    problem : SearchProblem
        The problem whose parameters they come from.
    type_ : Type
        The type of the lists.
    """
    parameters = problem.signature.parameters
    for name, each in parameters:
        if each == type_:
            yield Column(name, type_, 1, 1, Variable(name), parameters)
    found = _words(problem) if type_ == STRINGS else _places(problem) if type_ == INTS else ()
    for wanted, value, bits in found:
        taken = {*problem.names, problem.signature.name, *(each.name for each in problem.columns)}
        (name,) = fresh_names(taken, (wanted,))
        yield Column(name, type_, bits, bits, value, parameters)


def _words(problem: SearchProblem) -> Iterator[tuple[str, Expression, int]]:
    """Yield the words of every text."""
    words = problem.grammar.primitive("words", STR, STRINGS)
    for name, type_ in problem.signature.parameters:
        if type_ == STR and words is not None:
            yield "words", Apply(words, (Variable(name),)), words.cost + 1


def _places(problem: SearchProblem) -> Iterator[tuple[str, Expression, int]]:
    """Yield the positions of every sequence, and those below every integer."""
    count = problem.grammar.primitive("range", INT, INTS)
    for name, type_ in problem.signature.parameters:
        size, bits = _size(problem, name, type_)
        if size is not None and count is not None:
            yield "places", Apply(count, (size,)), count.cost + bits


def _size(problem: SearchProblem, name: str, type_: Type) -> tuple[Expression | None, int]:
    """Return the number of positions that a parameter stands for, with its cost."""
    if type_ == INT:
        return Variable(name), 1
    length = problem.grammar.primitive("length", type_, INT)
    return (None, 0) if length is None else (Apply(length, (Variable(name),)), length.cost + 1)
