"""Programs without recursion: one term over the parameters, or a choice between terms."""

from collections.abc import Iterator, Sequence

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.bank.scope import Scope, ScopeVariable, Terms
from dlcompare.synthesis.compiled.packing import BOOL_KIND, INT_KIND, pack_column
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.program import (
    Apply,
    Constant,
    Expression,
    Program,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.grammar.constants import constant_variables
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.grammar.grammar import Grammar
from dlcompare.synthesis.strategies.components_of_pairs import Components, components_of
from dlcompare.synthesis.strategies.concatenation import MOST_PIECES, Concatenation, Piece
from dlcompare.synthesis.strategies.connectives import Connective, Connectives
from dlcompare.synthesis.strategies.meet_in_the_middle import Meeting
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.strategies.unification import MOST_ROWS, Leaf, Tree, Unifier
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["TermSearch"]

_ROWS = 10

_SUPPORT, _LEAST_SUPPORT = 3, 2
"""Examples per case that a choice needs to be taken early, and to be taken at all."""

_CHANCE = 2
"""The most bits of a connective for each example that it answers."""

_FEW = 3
"""The most pieces, literals aside, of a concatenation that is taken early."""

_REORDERED = 12
"""The most lists that are kept because the outputs rearrange them."""

_MORE = 3
"""Bits beyond the dearest piece of a concatenation within which the search for others goes on."""


class TermSearch:
    """Programs that are one term over the parameters, a choice, a pair or a concatenation of terms.

    Terms come in order of cost. A choice is not enumerated but unified from terms that are right on
    some rows; it is taken once it costs at most 1.5 times as much as the terms enumerated so far.
    Nor is a concatenation of pieces of the outputs (`concatenation`) enumerated: every piece must
    occur in all examples, so a concatenation is taken once no cheaper piece can follow.

    Parameters
    ----------
    problem : SearchProblem
        What to search for.
    rows : int
        The number of examples at the start.

    Attributes
    ----------
    reordered : list of (Expression, int)
        The cheapest lists, with their costs, whose elements make the outputs in another order.
    """

    def __init__(self, problem: SearchProblem, rows: int = _ROWS) -> None:
        self.problem = problem
        self.signature = problem.signature
        self.budget = problem.budget
        self.constants = problem.constants
        self._use(problem.grammar)
        known = sorted(problem.rows, key=lambda row: len(str(row)))
        # Evenly over the sizes, so that neither trivial nor large examples dominate.
        self.rows = known[:: max(1, len(known) // rows)][:rows]
        self.generation = 0
        self.reached = 0
        self.tree: tuple[int, Tree] | None = None
        self.joined: tuple[int, list[Piece]] | None = None
        self.pieces: Concatenation | None
        self.components: Components | None
        self.bank: TermBank
        self.unifier: Unifier | None
        self.meeting: Meeting | None
        self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the rows, cheapest first.

        The caller calls `reject` on each wrong program before it asks for the next.
        """
        while self.reached < cost:
            generation = self.generation
            for kind, terms, met in self.bank.level(self.reached + 1):
                if met is not None:
                    yield self._program(Leaf(met), self.reached + 1)
                    if self.generation != generation:
                        break
                self._split(kind, terms)
                self._cut(kind, terms)
                self._reorder(kind, terms)
                self._connect(kind, terms)
                if self.components:
                    self.components.add(self.bank, kind, terms, self.reached + 1)
            else:
                self.reached += 1
                self._meet()
                if self.generation == generation and self._met():
                    yield self._pair()
                if self.generation == generation and self._supports(self.joint):
                    assert self.joint is not None
                    yield self._connected(self.joint)
                if self.generation == generation and self.components:
                    yield from self._of_components()
                self.tree = (self.unifier and self.unifier.cheapest()) or self.tree
                if self.generation == generation and self.tree and self._supported(*self.tree):
                    yield self._program(self.tree[1], self.tree[0])
                joined = self.pieces.cheapest() if self.pieces else None
                self.joined = joined or self.joined
                if self.generation == generation and self.joined and self._settled(*self.joined):
                    yield self._joined(*self.joined)

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost that answer all rows, then those that answer some."""
        if self.meeting and self.meeting.cheapest:
            yield self._pair()
        if self.joint and self.joint.cost < _CHANCE * len(self.rows):
            yield self._connected(self.joint)
        yield from self._of_components()
        if self.tree and _LEAST_SUPPORT * _leaves(self.tree[1]) <= len(self.rows):
            yield self._program(self.tree[1], self.tree[0])
        if self.joined:
            yield self._joined(*self.joined)
        closest = self.unifier.widest() if self.unifier else None
        if closest is not None:
            yield self._program(Leaf(closest[0]), closest[1])

    def reject(self, row: tuple[Value, ...]) -> None:
        """Add an example (parameters, then output) that the last program gets wrong."""
        if row in self.rows:
            return  # the compiled form was right, the program itself is undefined there
        self.rows.append(row)
        self._build()

    def use_columns(self) -> None:
        """Restart the enumeration with the columns that the problem has by now."""
        self._build()

    def begin_again(self, grammar: Grammar, rows: Sequence[tuple[Value, ...]]) -> None:
        """Restart the enumeration with other costs of the same primitives and more examples."""
        self._use(grammar)
        self.rows += [row for row in rows if row not in self.rows]
        self._build()

    def _use(self, grammar: Grammar) -> None:
        self.grammar = grammar
        self.language = grammar.language
        self.kind = self.language.kind(self.signature.result)
        self.choice = grammar.choice(self.signature.result)

    def _build(self) -> None:
        self.generation += 1
        self.reached = 0
        self.reordered = list[tuple[Expression, int]]()
        self.joint: Connective | None = None
        self.tree = None
        self.joined = None
        *columns, outputs = zip(*self.rows, strict=True)
        parameters = (
            ScopeVariable(Variable(name), type_, self.problem.price(name, type_), tuple(column))
            for (name, type_), column in zip(self.signature.parameters, columns, strict=True)
        )
        constants = constant_variables(self.constants, len(self.rows))
        scope = Scope((*parameters, *self._columns(), *constants))
        taken = {*self.problem.names, *(column.name for column in self.problem.columns)}
        names = fresh_names(taken, ("y", "z"))
        ops, budget = self.grammar.ops, self.budget
        self.functions = FunctionBodies(self.language, scope, ops, names, budget)
        goal = (self.signature.result, outputs)
        self.bank = TermBank(self.language, scope, ops, self.functions, budget, goal)
        few = len(self.rows) <= MOST_ROWS and self.choice is not None
        self.unifier = Unifier(len(self.rows), self.choice.cost) if few and self.choice else None
        self.pieces = self._concatenation(outputs)
        self.components = components_of(self.grammar, self.signature.result, outputs)
        self.outputs = outputs
        self.target = pack_column(outputs, self.signature.result)
        truth = self.signature.result == BOOL and len({*outputs}) == 2
        self.connectives = Connectives(self.grammar, outputs) if truth else None
        goal_is_integer = self.signature.result == INT
        self.meeting = Meeting(self.bank, self.grammar, self.target) if goal_is_integer else None

    def _columns(self) -> Iterator[ScopeVariable]:
        """Yield the columns that are defined on all rows, as variables."""
        inputs = [row[:-1] for row in self.rows]
        for column in self.problem.columns:
            values = column.on(inputs)
            if values is not None:
                yield ScopeVariable(Variable(column.name), column.type, column.cost, values)

    def _split(self, kind: int, terms: Terms) -> None:
        """Add new terms as leaves or as predicates of decision trees."""
        if self.unifier is None:
            return
        agreement, rows, cost = self.bank.kernels.agreement, len(self.rows), self.reached + 1
        if kind == self.kind:
            masks = agreement(self.bank.packed, terms, kind, rows, self.target)
            self.unifier.add_terms(masks, terms, cost)
        elif kind == BOOL_KIND:
            masks = agreement(self.bank.packed, terms, kind, rows, np.ones(rows, np.int32))
            self.unifier.add_predicates(masks, terms, cost)

    def _supported(self, cost: int, tree: Tree) -> bool:
        """Return whether to take a choice now: cheap enough, and enough examples per case."""
        return 2 * cost <= 3 * self.reached and _SUPPORT * _leaves(tree) <= len(self.rows)

    def _meet(self) -> None:
        """Meet in the middle: find pairs with a term of the last level that make the goal."""
        terms = self.bank.members[INT_KIND].get(self.reached)
        if self.meeting is not None and terms is not None:
            self.meeting.take_up(terms, self.reached)

    def _met(self) -> bool:
        """Return whether to take a pair now: cheap enough at this level, too cheap for chance."""
        pair = self.meeting.cheapest if self.meeting else None
        return pair is not None and (
            3 * pair.cost <= 5 * self.reached and pair.cost < table_bits(self.outputs)
        )

    def _pair(self) -> Program:
        assert self.meeting is not None
        assert self.meeting.cheapest is not None
        pair = self.meeting.cheapest
        parts = (self._term(pair.first), self._term(pair.second))
        return self.problem.program(Apply(pair.primitive, parts), pair.cost)

    def _of_components(self) -> Iterator[Program]:
        """Yield the pair of the terms that equal the components of the outputs, if both are."""
        found = self.components.cheapest if self.components else None
        if self.components and found:
            cost, parts = found
            expression = Apply(self.components.pair, tuple(map(self._term, parts)))
            yield self.problem.program(expression, cost)

    def _term(self, term: int) -> Expression:
        return term_expression(self.bank, term, self.functions)

    def _concatenation(self, outputs: Sequence[Value]) -> Concatenation | None:
        """Return the strategy that concatenates pieces into outputs; None if not allowed."""
        type_ = self.signature.result
        joins = self.grammar.primitive("concatenate", type_, type_)
        if joins is None or len(outputs) < 2 or not any(outputs):
            return None
        return Concatenation(outputs, joins.cost)

    def _cut(self, kind: int, terms: Terms) -> None:
        """Add new terms as pieces of a concatenation."""
        if self.pieces is None or self.pieces.full:
            return
        type_, of = self.signature.result, self.language.types[kind]
        single = type_.name == "list" and of == type_.element and of in (INT, BOOL)
        if of != type_ and not single:
            return
        packed, rows, cost = self.bank.packed, len(self.rows), self.reached + 1
        inside = self.bank.kernels.inside(packed, terms, kind, rows, self.target)
        for term in terms[inside][:MOST_PIECES]:
            values = self.bank.values(int(term), of)
            if single:
                cons = self.grammar.primitive("cons", of, type_)
                if cons is not None:
                    values = [[value] for value in values]
                    self.pieces.add(Piece(int(term), cost + cons.cost, True, values))
            else:
                self.pieces.add(Piece(int(term), cost, False, values))

    def _reorder(self, kind: int, terms: Terms) -> None:
        """Keep new lists whose elements, in another order, make the outputs."""
        ordered = self.signature.result.name == "list" and any(len(out) > 1 for out in self.outputs)
        if kind != self.kind or not ordered or len(self.reordered) >= _REORDERED:
            return
        packed, rows = self.bank.packed, len(self.rows)
        may = self.bank.kernels.rearranged(packed, terms, kind, rows, self.target)
        found = [(self._term(int(term)), self.reached + 1) for term in terms[may]]
        self.reordered += found[: _REORDERED - len(self.reordered)]

    def _connect(self, kind: int, terms: Terms) -> None:
        """Add new truth values as parts of a conjunction or a disjunction."""
        rows = len(self.rows)
        if self.connectives is None or kind != BOOL_KIND:
            return
        ones = np.ones(rows, np.int32)
        masks = self.bank.kernels.agreement(self.bank.packed, terms, kind, rows, ones)
        for found in self.connectives.add(terms, masks, self.reached + 1):
            if self.joint is None or found.cost < self.joint.cost:
                self.joint = found

    def _supports(self, joint: Connective | None) -> bool:
        """Return whether to take a connective now: cheap enough, and too cheap for chance."""
        return joint is not None and (
            2 * joint.cost <= 3 * self.reached + 4 and joint.cost < _CHANCE * len(self.rows)
        )

    def _connected(self, joint: Connective) -> Program:
        parts = (self._term(joint.first), self._term(joint.second))
        return self.problem.program(Apply(joint.primitive, parts), joint.cost)

    def _settled(self, cost: int, pieces: list[Piece]) -> bool:
        """Return whether to take a concatenation now: cheap enough, or unlikely to get cheaper.

        A concatenation of many pieces says little about other inputs; it is a last resort.
        """
        dear = [piece.cost for piece in pieces if not isinstance(piece.term, Constant)]
        no_cheaper = self.reached >= max(dear, default=0) + _MORE
        return 2 * cost <= 3 * self.reached or (no_cheaper and len(dear) <= _FEW)

    def _joined(self, cost: int, pieces: list[Piece]) -> Program:
        type_ = self.signature.result
        joins = self.grammar.primitive("concatenate", type_, type_)
        assert joins is not None
        parts = [self._piece(piece) for piece in pieces]
        expression = parts[0]
        for part in parts[1:]:
            expression = Apply(joins, (expression, part))
        return self.problem.program(expression, cost)

    def _piece(self, piece: Piece) -> Expression:
        of, type_ = piece.term, self.signature.result
        part = of if isinstance(of, Constant) else self._term(of)
        if not piece.single:
            return part
        # The bits of a literal include no cost of a primitive.
        priced = None if part is of else self.grammar.primitive("cons", type_.element, type_)
        return Apply(priced or PRIMITIVES["cons"], (part, Apply(PRIMITIVES["empty"], ())))

    def _program(self, tree: Tree, cost: int) -> Program:
        return self.problem.program(self._expression(tree), cost)

    def _expression(self, tree: Tree) -> Expression:
        if isinstance(tree, Leaf):
            return self._term(tree.term)
        assert self.choice is not None
        condition = self._term(tree.predicate)
        parts = (condition, self._expression(tree.then), self._expression(tree.other))
        return Apply(self.choice, parts)


def _leaves(tree: Tree) -> int:
    return 1 if isinstance(tree, Leaf) else _leaves(tree.then) + _leaves(tree.other)
