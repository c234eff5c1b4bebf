"""Bodies by deduction: examples of a function, derived from the result of its call.

If the output is as long as a list, it may be a map over that list, and then the function has
examples of its own: an element in, an element out. The same holds for filters, zips and scans. A
*hypothesis* is such a call with list arguments from the cheapest terms of the bank. Its body is a
synthesis problem of its own, with the parameters of the program as further inputs, and conditionals
and functions may occur in it. The rules are those of λ² (Feser, Chaudhuri and Dillig 2015).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from dlcompare.synthesis.bank.lambdas import term_expression
from dlcompare.synthesis.bank.scope import Terms
from dlcompare.synthesis.compiled.packing import fits
from dlcompare.synthesis.dsl.program import Apply, Expression, Lambda, Program, fresh_names
from dlcompare.synthesis.strategies.columns.column import with_bindings
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.synthesis.strategies.terms import TermSearch
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import BOOL, INT, Type, Value

__all__ = ["RULES", "DeducedSearch"]

Steps = list[tuple[tuple[Value, ...], Value]]
"""Examples of a function: its arguments and its result."""

_MOST_ARGUMENTS = 600
"""The most list terms considered per type."""

_MOST_HYPOTHESES = 6
"""The most hypotheses per operation."""

_MOST_PARTNERS, _LONGER = 12, 4
"""The most list terms that may be zipped: as long as the output, and longer."""

_ENOUGH_STEPS = 4_000
"""After this many steps without a contradiction, further examples are not checked."""

_MOST_STEPS = 400
_ROWS, _TRUTHS = 10, 24
"""The most steps in the search for a body; more if the result is a truth value, which says less."""

_LEAST = 3
"""A search for a body starts beyond this cost, in bits."""

_NESTED = 2
"""The number of hypotheses per operation, the cheapest, whose bodies may apply functions."""


def _map(xs: Value, output: Value) -> Steps | None:
    if len(xs) != len(output):
        return None
    return [((x,), y) for x, y in zip(xs, output, strict=True)]


def _map_indexed(xs: Value, output: Value) -> Steps | None:
    if len(xs) != len(output):
        return None
    return [((i, x), y) for i, (x, y) in enumerate(zip(xs, output, strict=True))]


def _scan(xs: Value, output: Value) -> Steps | None:
    if len(xs) != len(output) or xs[:1] != output[:1]:
        return None
    return [((output[i - 1], xs[i]), output[i]) for i in range(1, len(xs))]


def _filter(xs: Value, output: Value) -> Steps | None:
    if [x for x in xs if x in output] != output:
        return None
    return [((x,), x in output) for x in xs]


def _filter_indexed(xs: Value, output: Value) -> Steps | None:
    """Return the elements that every alignment of output and list keeps, or that each drops."""
    size, least = len(output), [0]
    for x in xs:  # the longest prefix of the output that each prefix of the list can hold
        at = least[-1]
        least.append(at + (at < size and x == output[at]))
    most = [0]
    for x in reversed(xs):  # the longest suffix of the output that each suffix can hold
        at = most[-1]
        most.append(at + (at < size and x == output[size - 1 - at]))
    most.reverse()
    if least[-1] < size:
        return None
    steps: Steps = []
    for i, x in enumerate(xs):
        before, behind = least[i], most[i + 1]
        dropped = before + behind >= size
        kept = x in output[max(size - 1 - behind, 0) : before + 1]
        if dropped != kept:
            steps.append(((i, x), kept))
    return steps


def _flat_map(xs: Value, output: Value) -> Steps | None:
    """Return steps of equally many results each, if the output's length is a multiple."""
    if not xs or len(output) % len(xs):
        return None if xs or output else []
    size = len(output) // len(xs)
    return [((x,), output[i * size : (i + 1) * size]) for i, x in enumerate(xs)]


def _take_while(xs: Value, output: Value) -> Steps | None:
    if xs[: len(output)] != output:
        return None
    return [((x,), True) for x in output] + [((x,), False) for x in xs[len(output) :][:1]]


def _drop_while(xs: Value, output: Value) -> Steps | None:
    dropped = len(xs) - len(output)
    if dropped < 0 or xs[dropped:] != output:
        return None
    return [((x,), True) for x in xs[:dropped]] + [((x,), False) for x in output[:1]]


def _zip_with(xs: Value, ys: Value, output: Value) -> Steps | None:
    if min(len(xs), len(ys)) != len(output):
        return None
    return [((x, y), z) for x, y, z in zip(xs, ys, output, strict=False)]


RULES: dict[str, Callable[..., Steps | None]] = {
    "map": _map,
    "map_indexed": _map_indexed,
    "scan": _scan,
    "filter": _filter,
    "filter_indexed": _filter_indexed,
    "take_while": _take_while,
    "drop_while": _drop_while,
    "zip_with": _zip_with,
    "flat_map": _flat_map,
}
"""By the name of a primitive: deduces the steps of its function from its lists and its result."""


@dataclass
class _Hypothesis:
    """A call whose function is unknown."""

    op: int
    arguments: tuple[Expression, ...]
    cost: int
    steps: list[tuple[Value, ...]]  # the function's inputs, then its result
    nested: bool  # whether its body may apply functions
    body: TermSearch | None = None


class DeducedSearch:
    """Programs that apply a function whose examples can be deduced, in order of cost.

    Parameters
    ----------
    terms : TermSearch
        The search whose bank supplies the list arguments; advance it first.
    """

    reached: int

    def __init__(self, terms: TermSearch) -> None:
        self.terms = terms
        self.problem = terms.problem
        self.names = self.problem.names
        self.bound = fresh_names({*self.names, terms.signature.name}, ("y", "z"))
        self.language = terms.grammar.language
        self.ops = [
            op
            for op in terms.grammar.ops
            if self.language.operations[op].primitive.name in RULES
            and self.language.operations[op].result == terms.signature.result
        ]
        self.generation = terms.generation
        self._forget()

    def advance(self, cost: int) -> Iterator[Program]:
        """Yield the programs of at most this cost that answer the examples, cheapest first."""
        if self.terms.generation != self.generation:
            self.generation = self.terms.generation
            self._forget()
        for kind in {int(self.language.kinds[op][1]) for op in self.ops}:
            for level in range(self.reached + 1, cost + 1):
                new = self.terms.bank.members[kind].get(level)
                if new is not None:
                    self._suppose(kind, new, level)
        self.reached = cost
        for hypothesis in self.hypotheses:
            yield from self._search(hypothesis, cost - hypothesis.cost)

    def reject(self, row: Row) -> None:
        """Ignore the example: the search goes on with the next body, or another call."""

    def best(self) -> Iterator[Program]:
        """Yield programs of any cost that answer all steps."""
        for hypothesis in self.hypotheses:
            for program in hypothesis.body.best() if hypothesis.body else ():
                if self._wrong(hypothesis, program) is None:
                    yield self._program(hypothesis, program)

    def _forget(self) -> None:
        self.reached = 0
        self.hypotheses: list[_Hypothesis] = []
        self.seen = dict.fromkeys(range(len(self.language.types)), 0)
        self.partners: list[tuple[Expression, list[Value], int]] = []
        self.zipped = {True: 0, False: 0}
        self.counts = dict.fromkeys(self.ops, 0)

    def _suppose(self, kind: int, terms: Terms, cost: int) -> None:
        """Make hypotheses with new terms as arguments."""
        type_ = self.language.types[kind]
        bank, outputs = self.terms.bank, [row[-1] for row in self.terms.rows]
        if type_.element in (INT, BOOL):  # each word is an element
            terms = self._of_fitting_length(terms, np.array([len(each) for each in outputs]))
        terms = terms[: max(_MOST_ARGUMENTS - self.seen[kind], 0)]
        self.seen[kind] += len(terms)
        for term in map(int, terms):
            values = bank.values(term, type_)
            for op in self.ops:
                _, *parameters = self.language.operations[op].parameters
                if self.counts[op] >= _MOST_HYPOTHESES or parameters[0] != type_:
                    continue
                if len(parameters) == 1:
                    if self._possible(op, [(v,) for v in values], outputs):
                        self._add(op, (self._expression(term),), cost)
                elif all(map(_long_enough, values, outputs)):
                    self._zip(op, term, values, cost)

    def _of_fitting_length(self, terms: Terms, outputs: npt.NDArray[np.int64]) -> Terms:
        """Return the lists from which some rule can derive outputs of these lengths."""
        bank = self.terms.bank
        lengths = bank.kernels.first_words(bank.packed, terms, len(outputs))
        fitting: npt.NDArray[np.bool_] = (lengths >= outputs).all(axis=1)
        if any(self.language.operations[op].primitive.name == "flat_map" for op in self.ops):
            fitting |= (outputs == lengths * (outputs // np.maximum(lengths, 1))).all(axis=1)
        chosen: Terms = terms[fitting]
        return chosen

    def _zip(self, op: int, term: int, values: list[Value], cost: int) -> None:
        outputs = [row[-1] for row in self.terms.rows]
        exact = all(len(v) == len(output) for v, output in zip(values, outputs, strict=True))
        self.zipped[exact] += 1
        if self.zipped[exact] > (_MOST_PARTNERS if exact else _LONGER):
            return
        this = self._expression(term)
        for other, others, price in self.partners:
            pairs = list(zip(others, values, strict=True))
            if self._possible(op, pairs, outputs):
                self._add(op, (other, this), cost + price)
        self.partners.append((this, values, cost))

    def _possible(
        self, op: int, arguments: Sequence[tuple[Value, ...]], outputs: Sequence[Value]
    ) -> bool:
        rule = RULES[self.language.operations[op].primitive.name]
        steps = (rule(*a, output) for a, output in zip(arguments, outputs, strict=True))
        return all(each is not None for each in steps)

    def _expression(self, term: int) -> Expression:
        return term_expression(self.terms.bank, term, self.terms.functions)

    def _add(self, op: int, arguments: tuple[Expression, ...], cost: int) -> None:
        operation = self.language.operations[op]
        steps = self._steps(op, arguments)
        if steps is None or not steps:
            return
        price = cost + operation.primitive.cost
        nested = self.counts[op] < _NESTED
        self.hypotheses.append(_Hypothesis(op, arguments, price, steps, nested))
        self.counts[op] += 1

    def _body(self, hypothesis: _Hypothesis) -> TermSearch:
        """Return the search for the function of a call."""
        terms, grammar = self.terms, self.terms.grammar
        if not hypothesis.nested:
            first_order = tuple(op for op in grammar.ops if not self._takes_function(op))
            grammar = replace(grammar, ops=first_order)
        *types, result = self.language.operations[hypothesis.op].parameters[0].parameters
        inner = tuple(zip(self.bound, types, strict=False))
        signature = Signature(terms.signature.name, (*inner, *terms.signature.parameters), result)
        *columns, outputs = zip(*hypothesis.steps, strict=True)
        names = [name for name, _ in signature.parameters]
        examples = Examples(dict(zip(names, columns, strict=True)), outputs)
        outer = frozenset(self.names)
        problem = SearchProblem(signature, examples, grammar, terms.budget, outer)
        return TermSearch(problem, rows=_TRUTHS if result == BOOL else _ROWS)

    def _takes_function(self, op: int) -> bool:
        return any(t.name == "function" for t in self.language.operations[op].parameters)

    def _steps(self, op: int, arguments: tuple[Expression, ...]) -> list[tuple[Value, ...]] | None:
        """Return the answers required of the function on the examples; None if they conflict."""
        rule = RULES[self.language.operations[op].primitive.name]
        functions = [
            Program(
                Signature("argument", self.terms.signature.parameters, type_),
                with_bindings(argument, self.problem.columns),
                0,
            ).compile()
            for argument, type_ in zip(
                arguments, self.language.operations[op].parameters[1:], strict=True
            )
        ]
        types = self.language.operations[op].parameters[0].parameters
        found: dict[str, tuple[Value, ...]] = {}
        for *inputs, output in self.problem.rows:
            try:
                steps = rule(*(function(*inputs) for function in functions), output)
            except Exception:  # whatever Python raises: the argument is undefined there
                return None
            if steps is None:
                return None
            for bound, result in steps:
                if not all(map(fits, (*bound, result), types)):
                    return None
                step = (*bound, *inputs)
                if found.setdefault(repr(step), (*step, result))[-1] != result:
                    return None
            if len(found) >= _ENOUGH_STEPS:
                break
        steps_ = list(found.values())
        if len(steps_) > _MOST_STEPS:
            chosen = np.random.default_rng(0).permutation(len(steps_))[:_MOST_STEPS]
            steps_ = [steps_[i] for i in chosen]
        return steps_

    def _search(self, hypothesis: _Hypothesis, cost: int) -> Iterator[Program]:
        if cost <= _LEAST:
            return
        hypothesis.body = hypothesis.body or self._body(hypothesis)
        for program in hypothesis.body.advance(cost):
            wrong = self._wrong(hypothesis, program)
            if wrong is None:
                yield self._program(hypothesis, program)
            else:
                hypothesis.body.reject(wrong)

    def _wrong(self, hypothesis: _Hypothesis, program: Program) -> tuple[Value, ...] | None:
        """Return the first step that a body gets wrong, or None."""
        function = program.compile()
        for *inputs, result in hypothesis.steps:
            try:
                if function(*inputs) == result:
                    continue
            except Exception:  # whatever Python raises: the body is undefined there
                pass
            return (*inputs, result)
        return None

    def _program(self, hypothesis: _Hypothesis, body: Program) -> Program:
        primitive = self.language.operations[hypothesis.op].primitive
        types: Sequence[Type] = self.language.operations[hypothesis.op].parameters[0].parameters
        function = Lambda(self.bound[: len(types) - 1], body.expression)
        expression = Apply(primitive, (function, *hypothesis.arguments))
        return self.problem.program(expression, hypothesis.cost + body.cost)


def _long_enough(values: Value, output: Value) -> bool:
    return len(values) >= len(output)
