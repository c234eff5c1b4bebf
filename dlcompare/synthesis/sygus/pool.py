"""Terms of a grammar in order of size, one per behaviour at some points.

Bottom-up enumeration with observational equivalence (Albarghouthi, Gulwani, Kincaid, 2013): of two
terms of one non-terminal that agree at all points, the later one is dropped. A rule is compiled
once, into a function from whole columns of operand values to the column of the result.
"""

import itertools
import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.printer import compiled, python_expression
from dlcompare.synthesis.sygus.syntax import (
    NONTERMINAL,
    VARIABLE,
    Definition,
    SygusGrammar,
    Term,
    Value,
    expand,
)

__all__ = ["PooledTerm", "TermPool", "build", "compositions"]

Column = tuple[Value, ...]
LARGEST_INTEGER = 2**64
_COMMUTATIVE = {"+", "*", "=", "and", "or", "xor", "bvadd", "bvmul", "bvand", "bvor", "bvxor"}


class PoolRule(NamedTuple):
    """A compiled right-hand side of the grammar."""

    term: Term
    holes: tuple[str, ...]
    weight: int
    run: Callable[..., Column]
    symmetric: bool


class PooledTerm(NamedTuple):
    """A term and its values at the points."""

    column: Column
    rule: PoolRule
    children: tuple["PooledTerm", ...]
    size: int


def build(entry: PooledTerm) -> Term:
    """Return the term of an entry."""
    operands = iter(entry.children)

    def fill(term: Term) -> Term:
        if term.op == NONTERMINAL:
            return build(next(operands))
        return term.with_args(tuple(fill(arg) for arg in term.args)) if term.args else term

    return fill(entry.rule.term)


def _flattened(grammar: SygusGrammar, constants: Sequence[Term]) -> dict[str, list[Term]]:
    """Return the rules without renaming ones, with constants in place of `(Constant S)`."""
    flat: dict[str, list[Term]] = {}
    for name in grammar.rules:
        reached, queue = {name: None}, [name]
        while queue:
            for rule in grammar.rules[queue.pop()]:
                if rule.op == NONTERMINAL and rule.value not in reached:
                    reached[str(rule.value)] = None
                    queue.append(str(rule.value))
        rules: dict[Term, None] = {}
        for other in reached:
            rules |= {rule: None for rule in grammar.rules[other] if rule.op != NONTERMINAL}
            if other in grammar.any_constant:
                rules |= {c: None for c in constants if c.sort == grammar.sorts[other]}
        flat[name] = list(rules)
    return flat


class TermPool:
    """A resumable enumeration of terms.

    Parameters
    ----------
    grammar : SygusGrammar
    params : sequence of str
        Names of the function's parameters.
    points : sequence of tuple
        Their values.
    definitions : mapping
        Functions that the grammar calls.
    constants : sequence of Term
        The terms for ``(Constant S)``.
    longest : int
        Strings longer than this are dropped.
    deadline : float
        The `time.monotonic`, in seconds, at which the enumeration stops.
    largest : int
        Integers of this magnitude are dropped.
    """

    def __init__(
        self,
        grammar: SygusGrammar,
        params: Sequence[str],
        points: Sequence[tuple[Value, ...]],
        definitions: Mapping[str, Definition],
        constants: Sequence[Term] = (),
        longest: int = 1000,
        deadline: float = math.inf,
        largest: int = LARGEST_INTEGER,
    ) -> None:
        self.grammar, self.points, self.deadline, self.longest = grammar, points, deadline, longest
        self.definitions, self.largest = definitions, largest
        self.complete = not grammar.any_constant
        self.levels: dict[str, list[list[PooledTerm]]] = {name: [[]] for name in grammar.rules}
        self.seen: dict[str, dict[Column, PooledTerm]] = {name: {} for name in grammar.rules}
        flat = _flattened(grammar, constants)
        self.rules = {
            name: [self._compiled(rule, params, definitions) for rule in rules]
            for name, rules in flat.items()
        }
        self.candidates = 0
        self.kept = 0
        self.last_new = 0

    def _compiled(
        self, rule: Term, params: Sequence[str], definitions: Mapping[str, Definition]
    ) -> PoolRule:
        holes: list[str] = []

        def numbered(term: Term) -> Term:
            if term.op == NONTERMINAL:
                holes.append(str(term.value))
                return Term(VARIABLE, term.sort, value=f"|hole {len(holes) - 1}")
            return term.with_args(tuple(numbered(arg) for arg in term.args)) if term.args else term

        body = expand(numbered(rule), definitions)
        names = {f"|hole {i}": f"h{i}" for i in range(len(holes))}
        names |= {param: f"p{i}" for i, param in enumerate(params)}
        read = {str(part.value) for part in body.subterms() if part.op == VARIABLE}
        given = [(i, param) for i, param in enumerate(params) if param in read]
        columns: list[Column] = [tuple(point[i] for point in self.points) for i, _ in given]
        operands = [f"c{i}" for i in range(len(columns) + len(holes))]
        locals_ = [*(names[param] for _, param in given), *(f"h{i}" for i in range(len(holes)))]
        expression = python_expression(body, names)
        if not operands:
            every = f"lambda: ({expression},) * {len(self.points)}"
        elif len(operands) == 1:
            every = f"lambda c0: tuple([{expression} for {locals_[0]} in c0])"
        else:
            zipped = f"for {', '.join(locals_)} in zip({', '.join(operands)})"
            every = f"lambda {', '.join(operands)}: tuple([{expression} {zipped}])"
        function = compiled(every)
        run: Callable[..., Any] = (lambda *more: function(*columns, *more)) if columns else function
        symmetric = (
            rule.op in _COMMUTATIVE
            and len(rule.args) == 2
            and rule.args[0] == rule.args[1]
            and rule.args[0].op == NONTERMINAL
        )
        # A term without non-terminals in the grammar is one choice, however long it is.
        weight = rule.size - len(holes) if holes else 1
        return PoolRule(rule, tuple(holes), weight, run, symmetric)

    def entries(self, name: str) -> Iterator[PooledTerm]:
        """Yield all entries of a non-terminal, small ones first."""
        return itertools.chain.from_iterable(self.levels[name])

    @property
    def saturated(self) -> bool:
        """Return whether no larger term has a new behaviour; a proof only if `complete`."""
        size = len(self.levels[self.grammar.start]) - 1
        rules = [rule for rules in self.rules.values() for rule in rules]
        reach = max((r.weight + len(r.holes) * self.last_new for r in rules), default=0)
        return size > reach

    def grow(self) -> Iterator[tuple[str, PooledTerm]]:
        """Yield the entries of the next size with new behaviours, and their non-terminals."""
        size = len(self.levels[self.grammar.start])
        for levels in self.levels.values():
            levels.append([])
        for name, rules in self.rules.items():
            seen, level = self.seen[name], self.levels[name][size]
            text = self.grammar.sorts[name].name == "String"
            number = self.grammar.sorts[name].name == "Int"
            for rule in rules:
                for children in self._operands(rule, size):
                    column = rule.run(*(child.column for child in children))
                    self.candidates += 1
                    if self.candidates % 512 == 0 and time.monotonic() > self.deadline:
                        raise OutOfTimeError
                    if column in seen:
                        continue
                    if (text and max(map(len, column), default=0) > self.longest) or (  # type: ignore[arg-type]
                        number and any(not -self.largest < v < self.largest for v in column)  # type: ignore[operator]
                    ):
                        self.complete = False
                        continue
                    entry = PooledTerm(column, rule, children, size)
                    seen[column] = entry
                    level.append(entry)
                    self.kept += 1
                    self.last_new = size
                    yield name, entry

    def _operands(self, rule: PoolRule, size: int) -> Iterator[tuple[PooledTerm, ...]]:
        left = size - rule.weight
        count = len(rule.holes)
        if count == 0:
            if left == 0:
                yield ()
            return
        for sizes in compositions(left, count):
            if rule.symmetric and sizes[0] > sizes[1]:
                continue
            lists = [self.levels[n][s] for n, s in zip(rule.holes, sizes, strict=True)]
            if rule.symmetric and sizes[0] == sizes[1]:
                yield from itertools.combinations_with_replacement(lists[0], 2)
            else:
                yield from itertools.product(*lists)


def compositions(total: int, parts: int) -> Iterator[tuple[int, ...]]:
    """Yield the ways to write a total as a sum of `parts` positive numbers."""
    if parts == 1:
        if total >= 1:
            yield (total,)
        return
    for first in range(1, total - parts + 2):
        for rest in compositions(total - first, parts - 1):
            yield (first, *rest)
