"""Labels of the nodes of a graph and the steps that relax them along its edges.

A *labelling* is an initial label for every node and a step: the label that an edge offers to its
end, of which the better one, smaller or larger, is kept. Every step but one never offers a worse
label for a better one, so that the result does not depend on the order of the edges.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.scope import ScopeVariable
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.dsl.program import Apply, Constant, Expression, Program, Variable
from dlcompare.synthesis.strategies.columns.scalar_terms import ScalarTerms
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import BOOL, INT, Value

__all__ = ["Edge", "Labelling", "Labellings"]

Edge = tuple[int, int, int]
"""The ends of an edge, and its weight or 0."""

_FAR = 10**9
"""A label that is worse, or better, than all that steps lead to."""

_MARK = 3
"""The cost of labels that single out a node: which node, and which labels."""

_STEP = 7
"""The most bits of a step."""

_LABELS, _WEIGHTS = (0, 1, 2, 3, 7), (1, 2, 3, 5)
"""The labels and the weights on which steps are compared."""


@dataclass(frozen=True)
class _LabelTerm:
    """A term in a hole of a scheme: the expression, its cost, and its function."""

    expression: Expression
    bits: int
    function: Callable[..., Value]


@dataclass(frozen=True)
class Labelling:
    """Initial labels of nodes, and how edges relax them.

    Attributes
    ----------
    initial, relaxed : _LabelTerm
        The first label of a node, and the better of a node's label and the one that is offered.
    classes : bool
        Whether labels only tell nodes apart; if not, they count or add up something.
    """

    initial: _LabelTerm
    relaxed: _LabelTerm
    classes: bool

    @property
    def bits(self) -> int:
        """Return the cost of both terms."""
        return self.initial.bits + self.relaxed.bits

    def first(self, size: int, known: Sequence[int]) -> list[int] | None:
        """Return the initial labels, or None if one is undefined; see `fixpoint`."""
        try:
            return [self.initial.function(node, *known) for node in range(size)]
        except Exception:  # whatever Python raises
            return None

    def fixpoint(self, label: Sequence[int], edges: Sequence[Edge]) -> list[int] | None:
        """Return the labels that relaxation ends with; None if it does not end in time.

        Parameters
        ----------
        label : sequence of int
            The initial label of every node.
        edges : sequence of Edge
            All edges, each in every direction that it leads.
        """
        relaxed, after = self.relaxed.function, list(label)
        for _ in range(2 * len(after)):
            before = list(after)
            try:
                for a, b, w in edges:
                    after[b] = relaxed(after[a], after[b], w)
            except Exception:  # whatever Python raises: the step is undefined there
                return None
            if after == before:
                return after
        return None if after else after


class Labellings:
    """The labellings for a graph.

    Parameters
    ----------
    problem : SearchProblem
        Supplies the language.
    budget : SearchBudget
        Pays for the steps.
    names : tuple of str
        The names of a node, of the label where an edge starts, of the label where it ends, and of
        its weight.
    weighted : bool
        Whether steps may use the weight.
    known : tuple of str
        The parameters that give nodes.
    """

    def __init__(
        self,
        problem: SearchProblem,
        budget: SearchBudget,
        names: tuple[str, ...],
        weighted: bool,
        known: tuple[str, ...],
    ) -> None:
        self.problem, self.grammar = problem, problem.grammar
        self.names, self.weighted, self.known = names, weighted, known
        self.node, self.x, self.y, _ = (Variable(name) for name in names)
        self.steps = list(self._steps(budget))

    def of(self, both: bool) -> list[Labelling]:
        """Return the labellings along edges that lead both ways, or one way, by cost."""
        found = [each for name in ("smaller", "larger") for each in self._better(name, both)]
        return sorted(found, key=lambda labelling: labelling.bits)

    def _better(self, name: str, both: bool) -> Iterator[Labelling]:
        """Yield the labellings that keep the smaller or the larger label.

        The labels are the numbers of the nodes, as names, or twice these; zero, if edges lead one
        way; or marks that single out a known node. No edge improves a mark that its other end has
        already.
        """
        better = self.grammar.primitive(name, INT, INT)
        if better is None:
            return
        steps = [(self._kept(better, step, bits), step == self.x) for step, bits in self.steps]
        if both and name == "smaller":
            yield from self._named(better)
        if not both and name == "larger":
            zero = self._initial(Apply(PRIMITIVES["zero"], ()), 2)
            yield from (Labelling(zero, step, False) for step, _ in steps)
        near, rest = (0, _FAR) if name == "smaller" else (_FAR, 0)
        local = [
            (step, same)
            for step, same in steps
            if all(step.function(label, label, _WEIGHTS[1]) == label for label in (near, rest))
        ]
        for start in self._marks(near, rest):
            yield from (Labelling(start, step, same) for step, same in local)

    def _named(self, better: Primitive) -> Iterator[Labelling]:
        """Yield labels that are names of nodes, and labels that alternate.

        An alternating label goes from an even number to the next, and back. Neighbours have
        different labels unless a circle of odd length joins them.
        """
        yield Labelling(self._initial(self.node, 1), self._kept(better, self.x, 1), True)
        add = self.grammar.primitive("add", INT, INT)
        even = self.grammar.primitive("is_even", INT, BOOL)
        plus = self.grammar.primitive("increment", INT, INT)
        minus = self.grammar.primitive("decrement", INT, INT)
        choice = self.grammar.choice(INT)
        if not (add and even and plus and minus and choice):
            return
        doubled = self._initial(Apply(add, (self.node, self.node)), add.cost + 2)
        branches = tuple(Apply(each, (self.x,)) for each in (even, plus, minus))
        bits = sum(each.cost for each in (even, plus, minus, choice)) + len(branches)
        yield Labelling(doubled, self._kept(better, Apply(choice, branches), bits), True)

    def _marks(self, near: int, rest: int) -> Iterator[_LabelTerm]:
        """Yield initial labels with one value at a known node and another at the rest."""
        equal, choice = self.grammar.primitive("equal", INT, BOOL), self.grammar.choice(INT)
        if equal is None or choice is None:
            return
        for name in self.known:
            start = Apply(equal, (self.node, Variable(name)))
            label = Apply(choice, (start, Constant(near), Constant(rest)))
            yield self._initial(label, _MARK)

    def _steps(self, budget: SearchBudget) -> Iterator[tuple[Expression, int]]:
        """Yield monotone terms over a label, and over the weight, by cost."""
        contexts = list(product(_WEIGHTS if self.weighted else (0,), _LABELS))
        columns = list(zip(*contexts, strict=True))[::-1]
        names = (self.names[1], self.names[3]) if self.weighted else (self.names[1],)
        variables = [
            ScopeVariable(Variable(name), INT, 1, column)
            for name, column in zip(names, columns, strict=False)
        ]
        terms = ScalarTerms(self.problem, variables, budget)
        for level in range(1, _STEP + 1):
            for term, type_, uses in terms.level(level):
                if type_ == INT and uses & 1 and _monotone(terms.values(term, INT)):
                    yield terms.expression(term), level

    def _initial(self, expression: Expression, bits: int) -> _LabelTerm:
        return self._term((self.names[0], *self.known), expression, bits)

    def _kept(self, better: Primitive, step: Expression, bits: int) -> _LabelTerm:
        """Return the better of a label and a step to its node."""
        return self._term(self.names[1:], Apply(better, (self.y, step)), better.cost + 1 + bits)

    def _term(self, names: Sequence[str], expression: Expression, bits: int) -> _LabelTerm:
        signature = Signature("term", tuple((name, INT) for name in names), INT)
        return _LabelTerm(expression, bits, Program(signature, expression, bits).compile())


def _monotone(values: Sequence[int]) -> bool:
    """Return whether values, by weight and then by label, never fall as the label grows."""
    runs = [values[at : at + len(_LABELS)] for at in range(0, len(values), len(_LABELS))]
    return all(a <= b for run in runs for a, b in pairwise(run))
