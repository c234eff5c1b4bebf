"""Programs without recursion: one term over the parameters, or a choice between terms."""

from collections.abc import Iterator

import numpy as np

from dlcompare.synthesis.bank import Budget, Scope, ScopeVariable, TermBank, Terms
from dlcompare.synthesis.constants import constant_variables, constants_of
from dlcompare.synthesis.grammar import Grammar
from dlcompare.synthesis.lambdas import FunctionBodies, term_expression
from dlcompare.synthesis.packing import BOOL_KIND, pack_column
from dlcompare.synthesis.program import Apply, Expression, Program, Variable, fresh_names
from dlcompare.synthesis.recursion import examples_as_rows
from dlcompare.synthesis.unify import MOST_ROWS, Leaf, Tree, Unifier
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import Value

__all__ = ["TermSearch"]

_ROWS = 10


class TermSearch:
    """Programs that are one term over the parameters, or a choice between such terms.

    Terms come in order of cost. A choice is not enumerated but put together from terms that are
    right on some rows; it is taken once it costs at most half as much again as the terms
    enumerated so far.
    """

    def __init__(
        self, signature: Signature, examples: Examples, grammar: Grammar, budget: Budget
    ) -> None:
        self.signature = signature
        self.grammar = grammar
        self.budget = budget
        self.language = grammar.language
        self.kind = self.language.kind(signature.result)
        self.constants = constants_of(signature, examples)
        self.choice = grammar.choice(signature.result)
        rows = examples_as_rows(examples)
        rows.sort(key=lambda row: len(str(row)))
        # Evenly over the sizes, so that neither the trivial nor the large ones rule.
        step = max(1, len(rows) // _ROWS)
        self.rows = rows[::step][:_ROWS]
        self.generation = 0
        self.reached = 0
        self.tree: tuple[int, Tree] | None = None
        self.bank: TermBank
        self.unifier: Unifier | None
        self._build()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the rows, cheapest first.

        The caller says of each that it is wrong by `reject` before it asks for the next.
        """
        while self.reached < cost:
            generation = self.generation
            for kind, terms, met in self.bank.level(self.reached + 1):
                if met is not None:
                    yield self._program(Leaf(met), self.reached + 1)
                    if self.generation != generation:
                        break
                self._split(kind, terms)
            else:
                self.reached += 1
                self.tree = (self.unifier and self.unifier.cheapest()) or self.tree
                if self.tree and 2 * self.tree[0] <= 3 * self.reached:
                    yield self._program(self.tree[1], self.tree[0])

    def best_choice(self) -> Program | None:
        """The cheapest choice that answers the rows, however much it costs."""
        return self._program(self.tree[1], self.tree[0]) if self.tree else None

    def reject(self, row: tuple[Value, ...]) -> None:
        """Take up an example (parameters, then output) that the last program gets wrong."""
        if row in self.rows:
            return  # the compiled form was right, the program itself is undefined there
        self.rows.append(row)
        self._build()

    def _build(self) -> None:
        self.generation += 1
        self.reached = 0
        self.tree = None
        *columns, outputs = zip(*self.rows, strict=True)
        parameters = (
            ScopeVariable(Variable(name), type_, self.grammar.variable, tuple(column))
            for (name, type_), column in zip(self.signature.parameters, columns, strict=True)
        )
        scope = Scope((*parameters, *constant_variables(self.constants, len(self.rows))))
        taken = {name for name, _ in self.signature.parameters}
        names = fresh_names(taken, ("y", "z"))
        ops, budget = self.grammar.ops, self.budget
        self.functions = FunctionBodies(self.language, scope, ops, names, budget)
        goal = (self.signature.result, outputs)
        self.bank = TermBank(self.language, scope, ops, self.functions, budget, goal)
        few = len(self.rows) <= MOST_ROWS and self.choice is not None
        self.unifier = Unifier(len(self.rows), self.choice.cost) if few and self.choice else None
        self.target = pack_column(outputs, self.signature.result)

    def _split(self, kind: int, terms: Terms) -> None:
        """Take up new terms as leaves or as predicates of decision trees."""
        if self.unifier is None:
            return
        agreement, rows, cost = self.bank.kernels.agreement, len(self.rows), self.reached + 1
        if kind == self.kind:
            masks = agreement(self.bank.packed, terms, kind, rows, self.target)
            self.unifier.add_terms(masks, terms, cost)
        elif kind == BOOL_KIND:
            masks = agreement(self.bank.packed, terms, kind, rows, np.ones(rows, np.int32))
            self.unifier.add_predicates(masks, terms, cost)

    def _program(self, tree: Tree, cost: int) -> Program:
        return Program(self.signature, self._expression(tree), cost)

    def _expression(self, tree: Tree) -> Expression:
        if isinstance(tree, Leaf):
            return term_expression(self.bank, tree.term, self.functions)
        assert self.choice is not None
        condition = term_expression(self.bank, tree.predicate, self.functions)
        parts = (condition, self._expression(tree.then), self._expression(tree.other))
        return Apply(self.choice, parts)
