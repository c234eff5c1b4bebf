"""Pointwise problems, including examples: enumerate parts, combine them, refine.

The loop is counterexample-guided: it finds the first function that meets a few demands, tests it on
all examples and then by z3, and adds the demand that fails. Functions are terms of the pool,
concatenations of pieces (`pieces`), or decision trees over either (`conditionals`).
"""

import itertools
import time
from collections.abc import Sequence

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.sygus.atoms import with_atomic_strings
from dlcompare.synthesis.sygus.conditionals import Cover, PointSplit, conditional, decision_tree
from dlcompare.synthesis.sygus.cutting import cut_out
from dlcompare.synthesis.sygus.literals import print_value
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.pieces import Pieces
from dlcompare.synthesis.sygus.pool import LARGEST_INTEGER, PooledTerm, TermPool, build
from dlcompare.synthesis.sygus.specification import Demand, Specification, executable
from dlcompare.synthesis.sygus.syntax import STRING, Definition, SygusGrammar, Term, Value
from dlcompare.synthesis.sygus.verification import UndecidedError, find_counterexample, refutes

__all__ = ["solve_pointwise"]

FIRST_EXAMPLES = 4
PATIENCE = 4000
"""After this many new entries, parts are combined again before a size is complete."""

STAGES = ((True, 0.06), (False, 0.06), (True, 0.3), (False, 1.0))
"""The stages in turn: whether operands are atomic only, and the share of the time left.

Most solutions are found at once by one or the other, so neither waits long for its turn.
"""

SEEDS = 12
"""Examples whose spellings are sought in one round."""


def _joins_strings(grammar: SygusGrammar) -> Term | None:
    """Return the start symbol's rule that concatenates two of its own strings."""
    for rule in grammar.rules[grammar.start]:
        if rule.op == "str.++" and [a.value for a in rule.args] == [grammar.start] * 2:
            return rule
    return None


class _Round:
    """One bank over the demands so far."""

    def __init__(self, grammar: SygusGrammar, demands: Sequence[Demand], bank: TermPool) -> None:
        self.grammar, self.bank = grammar, bank
        points = {demand.arguments: None for demand in demands}
        self.demands = [[d for d in demands if d.arguments == point] for point in points]
        self.everywhere = (1 << len(self.demands)) - 1
        self.judged: list[dict[Value, bool]] = [{} for _ in self.demands]
        self.covers: dict[int, Cover] = {}
        self.splits: dict[int, PointSplit] = {}
        self.condition = conditional(grammar, bank.definitions)
        self.pieces: Pieces | None = None
        wanted = [next((d.wanted for d in ds if d.wanted is not None), None) for ds in self.demands]
        if grammar.sorts[grammar.start] == STRING and _joins_strings(grammar) is not None:
            texts = [text for text in wanted if isinstance(text, str)]
            if len(texts) == len(wanted):
                self.pieces = Pieces(texts)

    def right(self, column: tuple[Value, ...]) -> int:
        """Return the points at which these results are right."""
        points = 0
        for place, (value, judged) in enumerate(zip(column, self.judged, strict=True)):
            verdict = judged.get(value)
            if verdict is None:
                verdict = all(demand.holds(value) for demand in self.demands[place])
                judged[value] = verdict
            if verdict:
                points |= 1 << place
        return points

    def notice(self, name: str, entry: PooledTerm) -> Term | None:
        """Add an entry; return its term if it is right everywhere."""
        if self.condition is not None and name == self.condition.name:
            test = self.condition.holds
            holds = sum(1 << place for place, value in enumerate(entry.column) if test(value))
            if 0 < holds < self.everywhere and holds not in self.splits:
                self.splits[holds] = PointSplit(holds, entry.size, lambda: build(entry))
        if name != self.grammar.start:
            return None
        points = self.right(entry.column)
        if points == self.everywhere:
            return build(entry)
        if points and points not in self.covers:
            self.covers[points] = Cover(points, entry.size, lambda: build(entry))
        if self.pieces is not None:
            self.pieces.add(entry)
        return None

    def together(self) -> Term | None:
        """Return a term combined from parts that cover all points; None if there is none."""
        if self.pieces is not None:
            spelt = self._spelt(self.pieces)
            if spelt is not None:
                return spelt
            cut = cut_out(self.bank, self.grammar, self.pieces.wanted)
            if cut is not None:
                return cut
        if self.condition is None:
            return None
        covers, splits = list(self.covers.values()), list(self.splits.values())
        return decision_tree(self.everywhere, covers, splits, self.condition.join)

    def _spelt(self, pieces: Pieces) -> Term | None:
        rule = _joins_strings(self.grammar)
        assert rule is not None
        left = self.everywhere
        for _ in range(SEEDS):
            if not left:
                break
            seed = (left & -left).bit_length() - 1
            left &= ~(1 << seed)
            for points, path in pieces.spell(seed):
                if not path:
                    continue

                def term(path: tuple[PooledTerm, ...] = path) -> Term:
                    *front, last = [build(entry) for entry in path]
                    for part in reversed(front):
                        last = rule.with_args((part, last))
                    return last

                if points == self.everywhere:
                    return term()
                size = sum(entry.size + 1 for entry in path)
                if points not in self.covers or size < self.covers[points].size:
                    self.covers[points] = Cover(points, size, term)
                left &= ~points
            if self.condition is None:
                break  # no conditionals: a sequence for all examples or none
        return None

    def candidate(self) -> Term | None:
        """Return the next function right everywhere; None if the grammar has none.

        Raises
        ------
        UndecidedError
            If the bank ends without a proof that there is none.
        """
        fresh = 0
        for _ in itertools.count():
            for name, entry in self.bank.grow():
                term = self.notice(name, entry)
                if term is not None:
                    return term
                fresh += 1
                if fresh >= PATIENCE and fresh >= self.bank.kept // 2:
                    fresh = 0
                    term = self.together()
                    if term is not None:
                        return term
            term = self.together()
            if term is not None:
                return term
            if self.bank.saturated:
                if self.bank.complete:
                    return None
                raise UndecidedError("the terms that were tried do not suffice")
        raise AssertionError("unreachable: the count does not end")


class _PointwiseSearch:
    """Rounds over the demands so far; for strings, with and without atomic operands."""

    def __init__(
        self,
        specification: Specification,
        grammar: SygusGrammar,
        constants: Sequence[Term],
        demands: list[Demand],
        longest: int,
    ) -> None:
        self.problem, self.grammar, self.constants = specification.problem, grammar, constants
        self.demands, self.longest = demands, longest
        self.narrow = with_atomic_strings(grammar)
        self.stages = list(STAGES if self.narrow is not None else STAGES[-1:])

    def candidate(self, deadline: float) -> Term | None:
        """Return a function that meets all demands; None if it is proved that there is none."""
        while True:
            narrow, share = self.stages[0]
            now = time.monotonic()
            soon = now + (deadline - now) * share
            try:
                if narrow and self.narrow is not None:
                    term = self._round(self.narrow, soon, self.longest)
                else:
                    term = self._round(self.grammar, soon, LARGEST_INTEGER)
            except (OutOfTimeError, UndecidedError):
                if len(self.stages) == 1:
                    raise
                term = None
            else:
                if term is not None or not narrow:
                    return term
            self.stages.pop(0)

    def _round(self, grammar: SygusGrammar, deadline: float, largest: int) -> Term | None:
        places = list(dict.fromkeys(demand.arguments for demand in self.demands))
        (function,) = self.problem.functions
        params = [name for name, _ in function.params]
        definitions = self.problem.definitions
        bank = TermPool(
            grammar, params, places, definitions, self.constants, self.longest, deadline, largest
        )
        return _Round(self.grammar, self.demands, bank).candidate()


def _spread(demands: Sequence[Demand], count: int) -> list[Demand]:
    step = max(1, len(demands) // count)
    return list(demands[::step][:count])


def solve_pointwise(
    specification: Specification, grammar: SygusGrammar, constants: Sequence[Term], deadline: float
) -> Definition:
    """Return a function that solves a pointwise problem.

    Parameters
    ----------
    specification : Specification
    grammar : SygusGrammar
    constants : sequence of Term
        The terms for ``(Constant S)``.
    deadline : float
        The `time.monotonic`, in seconds, at which the search stops.

    Raises
    ------
    Infeasible
        If there provably is none.
    UndecidedError, OutOfTimeError
        If neither outcome is reached.
    """
    problem = specification.problem
    (function,) = problem.functions
    examples = list(specification.ground_demands())
    wanted: dict[tuple[Value, ...], Value] = {}
    for example in examples:
        if example.wanted is None:
            continue
        if wanted.setdefault(example.arguments, example.wanted) != example.wanted:
            given = zip(example.arguments, function.params, strict=True)
            shown = " ".join(print_value(value, sort) for value, (_, sort) in given)
            raise Infeasible(f"two constraints want different results of ({function.name} {shown})")
    points = [specification.first_point()]
    demands = _spread(examples, FIRST_EXAMPLES) + list(specification.demands_at(points[0]))
    longest = 3 * max((len(v) for v in wanted.values() if isinstance(v, str)), default=0) + 60
    search = _PointwiseSearch(specification, grammar, constants, demands, longest)
    while True:
        term = search.candidate(deadline)
        if term is None:
            if function.grammar is None:  # there are terms beyond the usual operators and constants
                raise UndecidedError("the terms that were tried do not suffice")
            raise Infeasible("no term of the grammar is right at all points that were tried")
        answer = Definition(function.name, function.params, function.sort, term)
        run = executable(answer, problem.definitions)
        failed = [e for e in examples if not e.holds(run(*e.arguments))]
        if failed:
            search.demands += failed[:: max(1, len(failed) // 2)][:2]
            continue
        counterexample = find_counterexample(problem, [answer], deadline)
        if counterexample is None:
            return answer
        points.append(counterexample)
        fresh = [
            demand
            for demand in specification.demands_at(counterexample)
            if not demand.holds(run(*demand.arguments))
        ]
        if not fresh:
            raise UndecidedError("z3's counterexample is wrong")
        search.demands += fresh
        # Every power of two: often enough to notice, seldom enough to cost nothing.
        if (len(points) & (len(points) - 1)) == 0 and refutes(problem, points):
            raise Infeasible("the constraints contradict one another")
        if time.monotonic() > deadline:
            raise UndecidedError("out of time")
