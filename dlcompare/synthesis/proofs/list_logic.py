"""Formulas about lists of every length: their order, their elements, and their sizes.

A list is a sequence of parts, each a single element or a block of unknown elements. A block has a
size, a number of occurrences of each value, and it may be in order. Facts about all values are kept
as functions and stated for the values at hand, so that z3 decides formulas without quantifiers.
"""

import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import z3

__all__ = ["Facts", "ListBlock", "Parts", "Relation", "count", "size"]

MILLISECONDS = 2000
"""Time limit of z3 for one formula."""

Relation = Callable[[Any, Any], Any]
"""A formula about two elements, the first before the second."""


@dataclass(frozen=True)
class ListBlock:
    """Any number of unknown elements.

    Attributes
    ----------
    count : z3 function
        How often it has a value.
    size : z3 integer
    ordered : z3 truth value
    """

    count: Any
    size: Any
    ordered: Any


Parts = tuple[Any, ...]
"""A list: blocks, and elements as z3 integers."""

Schema = Callable[[Sequence[Any]], Iterable[Any]]
"""Formulas that hold for these values."""


@dataclass(frozen=True)
class Facts:
    """What is known at a point of a program.

    Attributes
    ----------
    relation : callable
        The order of elements.
    fresh : iterator of int
        Numbers for new names.
    elements : tuple of z3 integers
        The values for which facts are stated.
    plain : tuple of z3 formulas
    schemata : tuple of callables
        Facts about all values.
    """

    relation: Relation
    fresh: Iterator[int] = field(default_factory=itertools.count)
    elements: tuple[Any, ...] = ()
    plain: tuple[Any, ...] = ()
    schemata: tuple[Schema, ...] = ()

    def assume(self, *formulas: Any) -> "Facts":
        """Return the facts with more formulas."""
        return replace(self, plain=(*self.plain, *formulas))

    def element(self) -> tuple["Facts", Any]:
        """Return the facts about one more unknown element, and the element."""
        made = z3.Int(f"element {next(self.fresh)}")
        return replace(self, elements=(*self.elements, made)), made

    def block(self) -> tuple["Facts", ListBlock]:
        """Return the facts about one more unknown list, and the list."""
        number = next(self.fresh)
        made = ListBlock(
            z3.Function(f"count {number}", z3.IntSort(), z3.IntSort()),
            z3.Int(f"size {number}"),
            z3.Bool(f"ordered {number}"),
        )
        known = self.assume(made.size >= 0, z3.Implies(made.size <= 1, made.ordered))
        return known.always(
            lambda values: (z3.And(made.count(v) >= 0, made.count(v) <= made.size) for v in values)
        ), made

    def always(self, schema: Schema) -> "Facts":
        """Return the facts with one more about all values."""
        return replace(self, schemata=(*self.schemata, schema))

    def same(self, one: Parts, other: Parts) -> "Facts":
        """Assume that two lists have the same elements, as often."""
        return self.assume(size(one) == size(other)).always(
            lambda values: (count(one, v) == count(other, v) for v in values)
        )

    def in_order(self, parts: Parts, given: Any = True) -> "Facts":
        """Assume that a list is in order, under a condition."""
        blocks = [z3.Implies(given, each.ordered) for each in parts if isinstance(each, ListBlock)]

        def pairs(values: Sequence[Any]) -> Iterator[Any]:
            for first, second in itertools.combinations(parts, 2):
                for a in values if isinstance(first, ListBlock) else [first]:
                    for b in values if isinstance(second, ListBlock) else [second]:
                        known = z3.And(given, _has(first, a), _has(second, b))
                        yield z3.Implies(known, self.relation(a, b))

        return self.assume(*blocks).always(pairs)

    def filtered(self, block: ListBlock, holds: Callable[[Any], Any]) -> tuple["Facts", ListBlock]:
        """Return the elements of a block for which a condition holds; their order is the same."""
        known, made = self.block()
        known = known.assume(made.size <= block.size, z3.Implies(block.ordered, made.ordered))

        def counts(values: Sequence[Any]) -> Iterator[Any]:
            for v in values:
                there = block.count(v)
                yield made.count(v) == z3.If(holds(v), there, 0)
                yield z3.Implies(z3.Not(holds(v)), made.size <= block.size - there)

        return known.always(counts), made

    def show(self, claim: Any, *more: Any) -> bool:
        """Return whether a formula follows, with more values to state the facts for."""
        values = list(dict.fromkeys((*self.elements, *more)))
        solver = z3.Solver()
        solver.set("timeout", MILLISECONDS)
        solver.add(*self.plain, *(each for schema in self.schemata for each in schema(values)))
        solver.add(z3.Not(claim))
        return bool(solver.check() == z3.unsat)

    def show_same(self, one: Parts, other: Parts) -> bool:
        """Return whether two lists have the same elements, as often."""
        value = z3.Int("any value")
        return self.show(count(one, value) == count(other, value), value)

    def show_in_order(self, parts: Parts) -> bool:
        """Return whether every two elements of a list are in order."""
        a, b = z3.Int("any one"), z3.Int("any other")
        wanted = [each.ordered for each in parts if isinstance(each, ListBlock)]
        for first, second in itertools.combinations(parts, 2):
            one = a if isinstance(first, ListBlock) else first
            other = b if isinstance(second, ListBlock) else second
            given = z3.And(_has(first, one), _has(second, other))
            wanted.append(z3.Implies(given, self.relation(one, other)))
        return self.show(z3.And(*wanted), a, b)

    def show_first(self, element: Any, parts: Parts) -> bool:
        """Return whether some ordered arrangement of a list begins with an element.

        If the relation is total and transitive, every list has an ordered arrangement; so it
        suffices that the element is in the list and related to all others.
        """
        value = z3.Int("any value")
        others = count(parts, value) - z3.If(value == element, 1, 0)
        related = z3.Implies(others >= 1, self.relation(element, value))
        wanted = z3.And(count(parts, element) >= 1, related)
        return self._is_order() and self.show(wanted, value, element)

    def _is_order(self) -> bool:
        a, b, c = (z3.Int(f"any {name}") for name in "abc")
        relation = self.relation
        total = z3.Or(relation(a, b), relation(b, a))
        chain = z3.And(relation(a, b), relation(b, c))
        return self.show(z3.And(total, z3.Implies(chain, relation(a, c))))


def count(parts: Parts, value: Any) -> Any:
    """Return how often a list has a value."""
    counts = (
        each.count(value) if isinstance(each, ListBlock) else z3.If(each == value, 1, 0)
        for each in parts
    )
    return z3.Sum(*counts, z3.IntVal(0))


def size(parts: Parts) -> Any:
    """Return the number of elements of a list."""
    return z3.Sum(
        *(each.size if isinstance(each, ListBlock) else 1 for each in parts), z3.IntVal(0)
    )


def _has(part: Any, value: Any) -> Any:
    return part.count(value) >= 1 if isinstance(part, ListBlock) else part == value
