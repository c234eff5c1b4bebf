"""Lists ordered by a key, and elements that are least or largest by one.

The outputs say which elements stand before which: neighbours in an output that rearranges a list,
or the output before all others where it is an element. A key, a term over one element, must agree
with all of these. One that leaves some of them equal may be refined by a second key; what both
leave equal stays in the order of the list.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.names import renamed
from dlcompare.synthesis.dsl.primitives.primitive import INTS, Primitive, function_of
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Lambda,
    Program,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.dsl.schemes import SELECTION
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.list_sources import list_sources
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.synthesis.strategies.selection import rearranged
from dlcompare.synthesis.strategies.terms import TermSearch
from dlcompare.tasks.types import BOOL, INT, STR, Value, list_of

__all__ = ["KeySearch"]

_ROWS, _PAIRS = 32, 400
"""The most examples, and pairs of elements whose order is known, on which keys are compared."""

_ORDER, _BEFORE, _SECOND, _DESCENDING = 6, 2, 2, 1
"""Bits of the order, of the comparison of two keys, of a second key, and of one that descends."""

_REACH = 14
"""The most bits of a key."""

_LISTS = 12
"""The most lists of a problem that are ordered."""

_FIRST_KEYS = 24
"""The most keys that are refined."""

_OCCURRENCES = 6
"""Bits of the number of times that an element occurs in a list."""

_SUMMARIES = ("length", "sum", "smallest", "largest", "head", "last", "first", "second")
"""Primitives that make an integer of an element that is no integer."""

_Ints = npt.NDArray[np.int64]


class KeySearch:
    """Programs that order by a key, cheapest first.

    Parameters
    ----------
    problem : SearchProblem
        What to search for. Unless outputs rearrange a list, or are elements of one, there are none.
    terms : TermSearch
        The terms over the parameters; lists among them are ordered if no parameter is.
    """

    def __init__(self, problem: SearchProblem, terms: TermSearch) -> None:
        own, self.orders = replace(problem, columns=[]), list[_Order]()
        self.problem, self.terms, self.taken_up = own, terms, list[Expression]()
        result = problem.signature.result
        known = {primitive.name for primitive in problem.grammar.primitives}
        if result.name == "list":
            self._add(list_sources(own, result), whole=True)
        if result.name != "bool" and known >= {"smallest", "largest"}:
            self._add(list_sources(own, list_of(result)), whole=False)

    def _add(self, sources: Iterable[Column], whole: bool, derived: bool = False) -> None:
        """Order the sources that outputs rearrange, or whose elements they are."""
        for source in sources:
            if (rearranged if whole else _picked)(self.problem, source):
                if not isinstance(source.value, Variable):
                    self.problem.columns.append(source)
                self.orders.append(_Order(self.problem, source, whole, derived))

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs with keys of at most this cost that agree with the outputs.

        Since the order is known, keys are few, and the rest of a program is not searched for.
        """
        if all(order.derived for order in self.orders):
            self._take_up()
        for order in self.orders:
            yield from order.advance(cost)

    def best(self) -> Iterator[Program]:
        """Yield nothing: orders that are partly right are not kept."""
        return iter(())

    def reject(self, row: Row) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        for order in self.orders:
            order.reject(row)

    def _take_up(self) -> None:
        """Order the lists that the enumeration of terms has found since."""
        problem = self.problem
        for expression, bits in self.terms.reordered:
            if len(self.orders) < _LISTS and expression not in self.taken_up:
                self.taken_up.append(expression)
                taken = {*problem.names, *(each.name for each in problem.columns)}
                (name,) = fresh_names({*taken, problem.signature.name}, ("items",))
                of = problem.signature
                column = Column(name, of.result, bits, bits, expression, of.parameters)
                self._add([column], whole=True, derived=True)


@dataclass(frozen=True, eq=False)
class _Key:
    """A key: a term over an element, and how it changes from the first to the second of each pair.

    Attributes
    ----------
    body : Expression
        The term.
    bits : int
        Its bits, with one more if the order descends.
    descending : bool
        Whether larger values come first.
    number : bool
        Whether its values are integers, which can be negated.
    rises : (pairs,) array
        How much the key rises, whatever its direction; never negative in a pair that it decides.
    """

    body: Expression
    bits: int
    descending: bool
    number: bool
    rises: _Ints

    def refines(self, tied: npt.NDArray[np.bool_], open_: npt.NDArray[np.bool_]) -> bool:
        """Return whether it agrees with the pairs that are tied, and decides those left open."""
        return bool((self.rises[tied] >= 0).all() and (self.rises[open_] > 0).all())


class _Order:
    """The orders of one list by keys."""

    def __init__(self, problem: SearchProblem, source: Column, whole: bool, derived: bool) -> None:
        self.problem, self.source = problem, source
        self.whole, self.derived = whole, derived
        self.element = source.type.element
        rows = sorted(problem.rows, key=lambda row: len(str(row)))
        self.rows = rows[:: max(1, len(rows) // _ROWS)][:_ROWS]
        taken = {*problem.names, problem.signature.name, source.name}
        self.name, self.other = fresh_names(taken, ("y", "z"))
        self._build()

    def reject(self, row: Row) -> None:
        if row not in self.rows:
            self.rows.append(row)
            self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        while self.reached < min(cost, _REACH):
            self.reached += 1
            for key in self._keys(self.reached):
                if key.refines(self.all, self.open) and not self._is_primitive(key):
                    yield self._program([key])
                yield from self._refined(key)
                self.seconds.append(key)

    def _refined(self, key: _Key) -> Iterator[Program]:
        """Yield the programs in which a new key refines another, or another refines it."""
        for first in self.firsts:
            tied = first.rises == 0
            if _together(first, key) and key.refines(tied, tied & self.open):
                yield self._program([first, key])
        signs = np.sign(key.rises)
        known = any((np.sign(first.rises) == signs).all() for first in self.firsts)
        agrees = (signs >= 0).all() and (signs > 0).any()
        if agrees and not known and len(self.firsts) < _FIRST_KEYS:
            self.firsts.append(key)
            tied = signs == 0
            for second in self.seconds:
                if _together(key, second) and second.refines(tied, tied & self.open):
                    yield self._program([key, second])

    def _build(self) -> None:
        """Restart with the pairs of the current examples."""
        self.reached, self.terms = 0, None
        self.firsts, self.seconds = list[_Key](), list[_Key]()
        elements: list[tuple[Value, Row]] = []
        pairs: list[tuple[int, int, bool]] = []
        for row in self.rows:
            values, start = self.source.at(row[:-1]) or [], len(elements)
            known = row[-1] if self.whole else [row[-1], *values]
            elements += [(value, row) for value in known]
            if self.whole:
                places, order = _places(known, values), [*pairwise(range(len(known)))]
            else:
                places = [values.index(row[-1]), *range(len(values))]
                order = [(0, at) for at in range(1, len(known))]
            for first, second in order:
                pairs.append((start + first, start + second, places[first] <= places[second]))
            if len(pairs) > _PAIRS:
                break
        self.before = np.array([first for first, *_ in pairs], np.int64)
        self.after = np.array([second for _, second, _ in pairs], np.int64)
        self.open = ~np.array([stays for *_, stays in pairs], np.bool_)
        self.all = np.ones(len(pairs), np.bool_)
        self.elements = elements
        variables = list(self._variables()) if pairs else []
        if variables:
            self.terms = ScalarTerms(self.problem, variables, self.problem.budget)

    def _variables(self) -> Iterator[ScopeVariable]:
        """Yield the integers that an element stands for, and the parameters that are scalars."""
        values, rows = [value for value, _ in self.elements], [row for _, row in self.elements]
        element, grammar = Variable(self.name), self.problem.grammar
        if self.element == INT:
            yield ScopeVariable(element, INT, 1, tuple(values))
        for name in _SUMMARIES:
            primitive = grammar.primitive(name, self.element, INT)
            if primitive is not None:
                column = Column(
                    "key", INT, 0, 0, Apply(primitive, (element,)), ((self.name, self.element),)
                )
                found = column.on([(value,) for value in values])
                if found is not None:
                    yield ScopeVariable(column.value, INT, primitive.cost + 1, found)
        get = grammar.primitive("get", INT, INTS.element)
        for place, (name, type_) in enumerate(self.problem.signature.parameters):
            column_ = [row[place] for row in rows]
            if type_ in (INT, BOOL):
                yield ScopeVariable(Variable(name), type_, grammar.variable, tuple(column_))
            elif type_ == list_of(self.element):
                times = Primitive.outside(
                    "occurrences",
                    (("x", self.element), ("xs", type_)),
                    INT,
                    _OCCURRENCES,
                    "xs.count(x)",
                )
                found = tuple(xs.count(value) for xs, value in zip(column_, values, strict=True))
                expression = Apply(times, (element, Variable(name)))
                yield ScopeVariable(expression, INT, _OCCURRENCES + 2, found)
            if type_ == INTS and self.element == INT and get is not None:
                at = list(zip(values, column_, strict=True))
                if all(0 <= value < len(xs) for value, xs in at):
                    expression = Apply(get, (element, Variable(name)))
                    yield ScopeVariable(expression, INT, 4, tuple(xs[value] for value, xs in at))

    def _keys(self, level: int) -> Iterator[_Key]:
        """Yield the keys of a cost, in both directions."""
        if self.element == STR and level == 1:
            texts = [value for value, _ in self.elements]
            ranks = {text: rank for rank, text in enumerate(sorted({*texts}))}
            ranked = np.array([ranks[text] for text in texts], np.int64)
            yield from self._both(Variable(self.name), level, ranked, number=False)
        if self.terms is None:
            return
        for term, type_, uses in self.terms.level(level):
            if type_ == INT and uses:
                numbers = np.array(self.terms.values(term, INT), np.int64)
                yield from self._both(self.terms.expression(term), level, numbers, number=True)

    def _both(self, body: Expression, bits: int, values: _Ints, number: bool) -> Iterator[_Key]:
        rises = values[self.after] - values[self.before]
        if rises.any():
            yield _Key(body, bits, False, number, rises)
            yield _Key(body, bits + _DESCENDING, True, number, -rises)

    def _is_primitive(self, key: _Key) -> bool:
        """Return whether a primitive does what the key does: integers themselves, in order."""
        known = {primitive.name for primitive in self.problem.grammar.primitives}
        itself = self.element == INT and key.body == Variable(self.name)
        return itself and self.whole and "sort" in known and not key.descending

    def _program(self, keys: Sequence[_Key]) -> Program:
        """Return the program that orders by one key or two."""
        descending = all(key.descending for key in keys)
        parts = [key.body if key.descending == descending else _negated(key) for key in keys]
        key = parts[0]
        for part in parts[1:]:
            both = (("a", INT), ("b", INT))
            key = Apply(Primitive.outside("pair", both, INT, _SECOND, "(a, b)"), (key, part))
        known = {primitive.name for primitive in self.problem.grammar.primitives}
        selects = self.whole and "sort_by" not in known
        bits = sum(each.bits for each in keys) + _SECOND * (len(keys) - 1)
        bits = SELECTION.cost + _BEFORE + 2 * bits if selects else _ORDER + bits
        return self.problem.program(
            self._ordered(key, descending, selects), bits + self.source.cost
        )

    def _ordered(self, key: Expression, descending: bool, selects: bool) -> Expression:
        """Return what a key orders or picks, as a selection or as a call of Python's functions."""
        if selects:
            pair = (("a", INT), ("b", INT))
            python = "a >= b" if descending else "a <= b"
            ordered = Primitive.outside("ordered", pair, BOOL, _ORDER, python)
            before = Apply(ordered, (key, renamed(key, {self.name: self.other})))
            taken = {*self.problem.names, self.problem.signature.name, self.source.name}
            names = {"y": self.name, "z": self.other}
            others = [each for each in SELECTION.names if each not in names]
            names |= dict(
                zip(others, fresh_names(taken | {*names.values()}, tuple(others)), strict=True)
            )
            source = (Variable(self.source.name),)
            return Recursion(SELECTION, tuple(names.items()), source, (before,))
        itself = key == Variable(self.name)
        words = ["xs", *([] if itself else ["key=key"])]
        words += ["reverse=True"] if self.whole and descending else []
        function = "sorted" if self.whole else "max" if descending else "min"
        result, list_ = self.problem.signature.result, Variable(self.source.name)
        parameters = [("key", function_of(self.element, result=INT)), ("xs", self.source.type)]
        arguments: list[Expression] = [Lambda((self.name,), key), list_]
        first = 1 if itself else 0
        python = f"{function}({', '.join(words)})"
        ordered = Primitive.outside("ordered_by", tuple(parameters[first:]), result, _ORDER, python)
        return Apply(ordered, tuple(arguments[first:]))


def _places(ordered: Sequence[Value], values: Sequence[Value]) -> list[int]:
    """Return the position in a list of each element of its rearrangement; equal ones keep order."""
    left = [*enumerate(values)]
    places = []
    for element in ordered:
        at = next(at for at, (_, value) in enumerate(left) if value == element)
        places.append(left.pop(at)[0])
    return places


def _together(first: _Key, second: _Key) -> bool:
    """Return whether two keys have one direction, or the one that is negated is a number."""
    return first.descending == second.descending or (first if first.descending else second).number


def _negated(key: _Key) -> Expression:
    """Return a key with the opposite order."""
    negate = Primitive.outside("negate", (("a", INT),), INT, _DESCENDING, "-a")
    return Apply(negate, (key.body,))


def _picked(problem: SearchProblem, source: Column) -> bool:
    """Return whether every output is an element of a list, and not always at the same end."""
    ends = [True, True]
    for row in problem.rows:
        values = source.at(row[:-1])
        if not values or row[-1] not in values:
            return False
        ends = [ends[0] and row[-1] == values[0], ends[1] and row[-1] == values[-1]]
    return not any(ends)
