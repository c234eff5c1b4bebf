"""Views: the same problem over other values, such as the characters of a text as numbers.

A view turns parameters, and perhaps the result, into lists of integers before the search, and turns
the result of the program back after it: texts into the codes of their characters, or into places in
the alphabet, and numbers into their digits. All strategies work on what it shows.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from dlcompare.synthesis.bank.budget import BudgetSpentError
from dlcompare.synthesis.compiled.packing import fits
from dlcompare.synthesis.dsl.primitives.primitive import INTS, Primitive
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Let,
    Program,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, STR, Type, Value

__all__ = ["Look", "Strategy", "ViewSearch", "looks"]

_BITS = 5
"""Bits of a view of a parameter or of the result."""

_FIRST = 100_000
"""Candidates after which views are searched; most problems are solved before."""

_SHARE = 4
"""The search over views spends about one candidate in this many."""


class Strategy(Protocol):
    """A part of the search: it yields programs in order of cost."""

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the examples it uses."""
        ...

    def reject(self, row: Row) -> None:
        """Add an example that the last program gets wrong."""
        ...

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost, for when the budget is spent."""
        ...


@dataclass(frozen=True)
class _View:
    """A way to see the values of a type as lists of integers, or as integers.

    Attributes
    ----------
    type : Type
        The type of the values.
    stem : str
        The name of what is seen.
    there, back : str
        Python from a value ``xs`` to what is seen, and from that, ``xs``, to the value.
    see : callable
        What is seen of a value; None if the view does not show it.
    literals : tuple of int
        Integers that programs over what is seen may use: the size of the alphabet.
    shown : Type
        The type of what is seen.
    """

    type: Type
    stem: str
    there: str
    back: str
    see: Callable[[Value], Value | None]
    literals: tuple[int, ...] = ()
    shown: Type = INTS

    def column(self, values: Sequence[Value]) -> list[Value] | None:
        """Return what is seen of some values; None if one of them is not shown."""
        seen = [self.see(value) for value in values]
        found = [each for each in seen if each is not None and fits(each, self.shown)]
        return found if len(found) == len(seen) else None


def _letters(first: str, size: int) -> Callable[[Value], list[int] | None]:
    def see(text: str) -> list[int] | None:
        places = [ord(letter) - ord(first) for letter in text]
        return places if all(0 <= place < size for place in places) else None

    return see


def _digits(number: int) -> list[int] | None:
    return [int(digit) for digit in str(number)] if number >= 0 else None


def _of_alphabet(first: str, size: int) -> _View:
    offset = ord(first)
    there, back = f"[ord(y) - {offset} for y in xs]", f"''.join(chr(y + {offset}) for y in xs)"
    return _View(STR, "letters", there, back, _letters(first, size), (size,))


def _single(first: str, size: int) -> _View:
    """Return the view of texts of one character as integers."""
    offset = ord(first)
    see = _letters(first, size)

    def one(text: str) -> int | None:
        places = see(text)
        return places[0] if places and len(places) == 1 else None

    there, back = (
        (f"ord(xs) - {offset}", f"chr(xs + {offset})") if offset else ("ord(xs)", "chr(xs)")
    )
    literals = (size,) if size < _ALL else ()
    return _View(STR, "letter", there, back, one, literals, INT)


_ALL = 0x110000
"""The number of characters."""

_TEXTS = (
    _of_alphabet("a", 26),
    _of_alphabet("A", 26),
    _View(STR, "digits", "[int(y) for y in xs]", "''.join(str(y) for y in xs)", _letters("0", 10)),
    _View(
        STR,
        "codes",
        "[ord(y) for y in xs]",
        "''.join(chr(y) for y in xs)",
        lambda text: [ord(character) for character in text],
    ),
)
"""Views of texts; the first that shows all texts of a problem is taken."""

_CHARACTERS = (_single("a", 26), _single("A", 26), _single("0", 10), _single("\0", _ALL))
"""The same of texts of one character."""

_DIGITS = _View(
    INT, "digits", "[int(y) for y in str(xs)]", "int(''.join(str(y) for y in xs))", _digits
)


class ViewSearch:
    """Programs over views of a problem.

    Parameters
    ----------
    problem : SearchProblem
        What to search for.
    strategies : callable
        Makes the strategies for a problem; each view has its own.
    """

    def __init__(
        self, problem: SearchProblem, strategies: Callable[[SearchProblem], list[Strategy]]
    ) -> None:
        self.problem, self.strategies = problem, strategies
        self.seen: list[_Seen] | None = None
        self.last: _Seen | None = None
        self.over = False
        self.most = problem.budget.candidates // _SHARE
        self.budget = problem.budget.part(self.most)

    def advance(self, _: int) -> Iterator[Program]:
        """Yield programs of any cost that answer the rows, cheapest first, a share at a time.

        Views have a budget of their own, so that their strategies share it as they do elsewhere.
        """
        budget, own = self.problem.budget, self.budget
        if budget.spent < _FIRST:
            return
        if self.seen is None:
            found = looks(replace(self.problem, budget=own))
            self.seen = [_Seen(each, self.strategies(each.problem)) for each in found]
        while self.seen and not self.over and _SHARE * own.spent <= budget.spent:
            self.last = min(self.seen, key=lambda each: each.reached + each.look.bits)
            before = own.spent
            own.candidates = min(self.most, before + budget.left)
            try:
                yield from self.last.advance()
            except BudgetSpentError:
                if own.spent < own.candidates:
                    raise
                self.over = True
            finally:
                budget.spent += own.spent - before
            budget.check()

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost that answer all rows, then those that answer some."""
        for each in self.seen or ():
            yield from each.best()

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if self.last is not None:
            self.last.reject(row)


@dataclass
class Look:
    """A problem as views show it.

    Attributes
    ----------
    problem : SearchProblem
        What is seen.
    original : SearchProblem
        What is searched for.
    views : tuple of (_View or None)
        The view of each parameter, and of the result at the end.
    """

    problem: SearchProblem
    original: SearchProblem
    views: tuple[_View | None, ...]

    @property
    def bits(self) -> int:
        """Return the cost of the views."""
        return _BITS * sum(view is not None for view in self.views)

    def row(self, row: Row) -> Row | None:
        """Return an example as it is seen; None if a view does not show it."""
        seen = [
            view.see(value) if view else value for view, value in zip(self.views, row, strict=True)
        ]
        return None if None in seen else tuple(seen)

    def program(self, program: Program) -> Program:
        """Return a program over what is seen as one for the problem."""
        bindings: list[tuple[str, Expression]] = []
        expression: Expression = program.expression
        for seen, (name, type_), view in zip(
            self.problem.names, self.original.signature.parameters, self.views, strict=False
        ):
            if view is not None:
                there = Primitive.outside(
                    view.stem, (("xs", type_),), view.shown, _BITS, view.there
                )
                bindings.append((seen, Apply(there, (Variable(name),))))
        view, signature = self.views[-1], self.original.signature
        while isinstance(expression, Let):
            bindings.append((expression.name, expression.value))
            expression = expression.body
        if view is not None:
            taken = {*self.problem.names, *self.original.names, signature.name, *dict(bindings)}
            (name,) = fresh_names(taken, ("out",))
            bindings.append((name, expression))
            back = Primitive.outside("back", (("xs", view.shown),), view.type, _BITS, view.back)
            expression = Apply(back, (Variable(name),))
        for name, value in reversed(bindings):
            expression = Let(name, value, expression)
        return Program(signature, expression, program.cost + self.bits)


class _Seen:
    """The search over one look at a problem."""

    def __init__(self, look: Look, strategies: list[Strategy]) -> None:
        self.look, self.strategies = look, strategies
        self.reached = 0
        self.last: Strategy | None = None

    def advance(self) -> Iterator[Program]:
        """Yield the programs of the next cost."""
        for each in self.strategies:
            self.last = each
            yield from map(self.look.program, each.advance(self.reached + 1))
        self.reached += 1

    def best(self) -> Iterator[Program]:
        for each in self.strategies:
            yield from map(self.look.program, each.best())

    def reject(self, row: Row) -> None:
        seen = self.look.row(row)
        if self.last is not None and seen is not None:
            self.last.reject(seen)


def looks(problem: SearchProblem) -> Iterator[Look]:
    """Yield the looks at a problem: texts as characters, and numbers as digits.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; a look has its budget.
    """
    types = (*problem.types, problem.signature.result)
    if STR in types:
        columns = [*problem.packed.inputs.values(), problem.packed.outputs]
        single = [
            type_ == STR and {*map(len, of)} == {1}
            for type_, of in zip(types, columns, strict=True)
        ]
        for view, character in zip(_TEXTS, _CHARACTERS, strict=True):
            of_text = zip(types, single, strict=True)
            views = tuple((character if one else view) if t == STR else None for t, one in of_text)
            look = _look(problem, views)
            if look is not None:
                yield look
                break
    if INT in problem.types and _has_digits(problem):
        digits = [_DIGITS if type_ == INT else None for type_ in types]
        for views in dict.fromkeys([(*digits[:-1], None), tuple(digits)]):
            look = _look(problem, views)
            if look is not None:
                yield look


def _has_digits(problem: SearchProblem) -> bool:
    """Return whether some parameter is a number of more than one digit."""
    columns = zip(problem.types, problem.packed.inputs.values(), strict=True)
    return any(max(column) > 9 for type_, column in columns if type_ == INT)


def _look(problem: SearchProblem, views: tuple[_View | None, ...]) -> Look | None:
    """Return a look at a problem; None if a view does not show some value."""
    columns = [*problem.packed.inputs.values(), problem.packed.outputs]
    seen: list[Sequence[Value]] = []
    for view, column in zip(views, columns, strict=True):
        shown = view.column(column) if view else column
        if shown is None:
            return None
        seen.append(shown)
    names = list(problem.names)
    for place, view in enumerate(views[:-1]):
        if view is not None:
            taken = {*names, *problem.names, problem.signature.name}
            (names[place],) = fresh_names(taken, (view.stem,))
    parameters = zip(names, problem.types, views, strict=False)
    of = tuple((name, view.shown if view else type_) for name, type_, view in parameters)
    result = views[-1].shown if views[-1] else problem.signature.result
    signature = Signature(problem.signature.name, of, result)
    known = {primitive.name for primitive in problem.grammar.primitives}
    everything = {each.primitive.name for each in problem.grammar.language.operations}
    grammar = grammar_for(signature, "full", everything - known, problem.grammar.costs)
    examples = Examples(dict(zip(names, map(tuple, seen[:-1]), strict=True)), tuple(seen[-1]))
    literals = tuple({number for view in views if view for number in view.literals})
    return Look(
        SearchProblem(signature, examples, grammar, problem.budget, literals=literals),
        problem,
        views,
    )
