"""Columns from positional notation: the digits of integers, and the numbers that digits write.

Digits are those of int parameters in base 10 and base 2. Lists whose elements are digits of a base
in every example, and texts of such digits, are read as numbers from either end (Horner's rule).
"""

from collections.abc import Iterator, Sequence

from dlcompare.synthesis.dsl.loops import DIGITS
from dlcompare.synthesis.dsl.primitives.primitive import INTS, Primitive
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Fold,
    Let,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.columns.loop_terms import CONSTANT
from dlcompare.synthesis.strategies.columns.traces import LOOP, loop_of
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value

__all__ = ["numerals"]

_BASES = (10, 2)

_LISTS = 16
"""The most derived lists that are read as numbers."""


def numerals(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the digits of integers and the numbers that digits write.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for.
    rows : list of Row
        Examples, for which lists hold digits or do not.
    stage : int
        The stage; in the first, parameters are read, and later the lists derived so far.
    """
    taken = {*problem.names, problem.signature.name}
    names = fresh_names(taken, ("digits", "state", "x", "number"))
    if not stage:
        for place, (name, type_) in enumerate(problem.signature.parameters):
            column = [row[place] for row in rows]
            if type_ == INT and min(column) >= 0:
                yield from _digits(problem.grammar, Variable(name), names)
            yield from _numbers(problem.grammar, Variable(name), type_, column, names)
        return
    lists = [column for column in problem.columns if column.type == INTS]
    for each in lists[:_LISTS]:
        values = each.on([row[:-1] for row in rows]) or ()
        for draft in _numbers(problem.grammar, Variable(each.name), INTS, values, names):
            value = Let(each.name, each.value, draft.value)
            yield Draft(draft.stem, INT, draft.bits + each.bits, value)


def _digits(grammar: Grammar, number: Variable, names: Sequence[str]) -> Iterator[Draft]:
    """Yield the digits of a number, the most significant first."""
    divide, modulo = _binary(grammar, "divide"), _binary(grammar, "modulo")
    less, zero = grammar.primitive("less", INT, BOOL), Constant(0)
    if divide is None or modulo is None or less is None:
        return
    digits, state = names[0], Variable(names[1])
    costs = (LOOP, 1, less.cost + 4, modulo.cost + 1 + CONSTANT, divide.cost + 1 + CONSTANT)
    for base in map(Constant, _BASES):
        terms = (Apply(less, (zero, state)), Apply(modulo, (state, base)))
        parts = (number, *terms, Apply(divide, (state, base)))
        loop = loop_of(DIGITS, (("digits", digits), ("state", state.name)), parts)
        yield Draft("digits", INTS, sum(costs), loop)


def _numbers(
    grammar: Grammar, source: Variable, type_: Type, values: Sequence[Value], names: Sequence[str]
) -> Iterator[Draft]:
    """Yield the numbers that digits write, if all values are lists or texts of digits."""
    add, multiply = _binary(grammar, "add"), _binary(grammar, "multiply")
    read = grammar.primitive("to_number", STR, INT)
    if type_ not in (INTS, STR) or add is None or multiply is None or not any(values):
        return
    if type_ == STR and (read is None or not all(text.isdecimal() for text in values if text)):
        return
    largest = max(int(digit) for value in values for digit in value)
    smallest = min(int(digit) for value in values for digit in value)
    element, number = names[2:]
    digit: Expression = Variable(element)
    bits = grammar.fold + grammar.initial + add.cost + multiply.cost + CONSTANT + 2
    if read is not None and type_ == STR:
        digit, bits = Apply(read, (digit,)), bits + read.cost
    for base in _BASES if smallest >= 0 else ():
        shifted = Apply(multiply, (Variable(number), Constant(base)))
        for backwards in (False, True) if largest < base else ():
            body = Apply(add, (shifted, digit))
            fold = Fold(source, False, backwards, Constant(0), element, number, body)
            yield Draft("number", INT, bits, fold)


def _binary(grammar: Grammar, name: str) -> Primitive | None:
    return grammar.primitive(name, INT, INT)
