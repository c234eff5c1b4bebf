"""A synchronous grammar from examples, by greedy compression.

Every example begins as a rule of its own. A rule is learned if it shortens many of them: its source
occurs in them, and wherever it occurs, its target occurs in the output. A hole then replaces the
source, and the search continues on the remainders: first words, then phrases of words, then phrases
of phrases. The objective is the description length of the grammar in bits, including the remainders
of the examples as rules (Shaw et al., 2021, "Compositional generalization and natural language
variation"). That work splits rules; here they are built bottom-up, so that windows of the source
suffice as candidates.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from dlcompare.synthesis.translation.covering import covered
from dlcompare.synthesis.translation.rules import HOLE, HOLES, Costs, Rule, RuleMeter, filled

__all__ = ["compress"]

WIDEST = 10
"""The most symbols in the source of a learned rule."""

MOST_HOLES = 3
FAILURE = 2.0
"""The penalty, in gains, for an occurrence of a rule's source without its target."""

LOOKED_AT = 3
"""Examples from which targets of a source are proposed."""

LONGEST_TARGET = 40


def compress(pairs: Sequence[tuple[str, str]], costs: Costs, meter: RuleMeter) -> list[Rule]:
    """Return rules that compress the examples, with the remainders of the examples as rules."""
    induction = Induction(pairs, costs, meter)
    induction.run()
    rules = dict.fromkeys([*induction.rules, *induction.left()])
    return [rule for rule in rules if rule.holes <= MOST_HOLES]


@dataclass(frozen=True)
class Reduced:
    """An example with holes in place of parts of its source.

    Attributes
    ----------
    source : str
        Words and holes.
    values : tuple of str
        The value of each hole.
    output : str
        The whole output.
    target : str
        The output in terms of the holes.
    """

    source: str
    values: tuple[str, ...]
    output: str
    target: str

    @cached_property
    def _first(self) -> dict[str, str]:
        """Return the first hole of each value."""
        first: dict[str, str] = {}
        for k, value in enumerate(self.values):
            first.setdefault(value, chr(k))
        return first

    @cached_property
    def plain(self) -> str:
        """Return the target with each hole replaced by the first hole of the same value."""
        return "".join(
            self._first[self.values[ord(c)]] if ord(c) < HOLES else c for c in self.target
        )

    def names(self, values: Sequence[str]) -> list[str]:
        """Return the holes that stand for these values in `plain`."""
        return [self._first[value] for value in values]

    def matches(self, pattern: str) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Yield the positions of a pattern, without overlaps, and the fillers of its holes."""
        holes = pattern.count(HOLE)
        at = self.source.find(pattern)
        while at >= 0:
            before = self.source.count(HOLE, 0, at)
            yield at, self.values[before : before + holes]
            at = self.source.find(pattern, at + len(pattern))


Support = tuple[int, list[tuple[int, tuple[str, ...]]], str]
"""The number of an example, the occurrences of a pattern in it, and its output."""


@dataclass(frozen=True)
class _Candidate:
    rule: Rule
    score: float


class Induction:
    """The state of the compression.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Source and output of every example.
    costs : Costs
    meter : RuleMeter
    """

    def __init__(self, pairs: Sequence[tuple[str, str]], costs: Costs, meter: RuleMeter) -> None:
        self.costs = costs
        self.meter = meter
        self.rules: list[Rule] = []
        self.examples = [Reduced(source, (), output, output) for source, output in pairs]
        self._places: dict[str, set[int]] = defaultdict(set)
        self._groups: dict[str, set[int]] = defaultdict(set)
        self._best: dict[str, _Candidate | None] = {}
        self._refused: set[Rule] = set()
        self._forwarding = False
        for number in range(len(self.examples)):
            self._enter(number)

    def run(self) -> None:
        """Learn rules until none shortens the grammar or the meter is empty."""
        for forwarding in (False, True):
            self._forwarding = forwarding
            self._best.clear()
            while not self.meter.empty and (rule := self._next()):
                if not self._apply(rule):
                    self._refused.add(rule)
                    self._best.pop(rule.source, None)

    def _enter(self, number: int) -> None:
        example = self.examples[number]
        self._groups[example.source].add(number)
        for pattern in _windows(example.source):
            self._places[pattern].add(number)
            self._best.pop(pattern, None)

    def _leave(self, number: int) -> None:
        example = self.examples[number]
        self._groups[example.source].discard(number)
        for pattern in _windows(example.source):
            self._places[pattern].discard(number)
            self._best.pop(pattern, None)

    def _next(self) -> Rule | None:
        best: _Candidate | None = None
        for pattern, places in self._places.items():
            if self.meter.empty:
                break
            if len(places) < 2:
                continue
            if pattern not in self._best:
                self._best[pattern] = self._candidate(pattern)
            its = self._best[pattern]
            if its is not None and (best is None or its.score > best.score):
                best = its
        return best.rule if best else None

    def _candidate(self, pattern: str) -> _Candidate | None:
        """Return the best rule with this source; None if none shortens the grammar."""
        numbers = sorted(self._places[pattern], key=lambda n: (len(self.examples[n].output), n))
        supports = [
            (n, list(self.examples[n].matches(pattern)), self.examples[n].output) for n in numbers
        ]
        best: _Candidate | None = None
        seen: set[str] = set()
        for i, first in enumerate(supports[:LOOKED_AT]):
            for second in supports[i + 1 : LOOKED_AT]:
                for target in self._shared(first, second, pattern.count(HOLE)):
                    if target in seen:
                        continue
                    seen.add(target)
                    rule = Rule(pattern, target)
                    score = self._score(rule, supports)
                    better = score > 0 and (best is None or score > best.score)
                    if better and rule not in self._refused:
                        best = _Candidate(rule, score)
        return best

    def _shared(self, first: Support, second: Support, holes: int) -> Iterator[str]:
        """Yield targets that the outputs of two examples have in common."""
        _, [(_, values), *_], output = first
        _, [(_, others), *_], other = second
        if len(set(values)) < len(values):
            return
        text = covered(output, values, self.costs)
        needed = [chr(k) for k in range(holes)]
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + LONGEST_TARGET) + 1):
                target = text[start:end]
                self.meter.spent += 1
                if filled(target, others) not in other:
                    break
                if all(hole in target for hole in needed):
                    if target == HOLE and not self._forwarding:
                        continue
                    yield target

    def _score(self, rule: Rule, supports: Sequence[Support]) -> float:
        """Return the bits that a rule saves, minus the penalty for wrong occurrences."""
        source = self.costs.source(rule.source) - self.costs.hole
        target = self.costs.target(rule.target) - self.costs.hole
        total = -self.costs.rule(rule)
        for number, matches, output in supports:
            example = self.examples[number]
            share = 1 / len(self._groups[example.source])
            used: dict[str, int] = {}
            for _, values in matches:
                value = filled(rule.target, values)
                used[value] = used.get(value, 0) + 1
                if output.count(value) < used[value]:
                    total -= FAILURE * share * (source + target)
                elif used[value] == 1:
                    uses = example.plain.count(filled(rule.target, example.names(values)))
                    if uses or self._forwarding:
                        total += share * (source + uses * target)
        return total

    def _apply(self, rule: Rule) -> bool:
        """Use a rule in all examples where it holds; undo it unless the grammar gets shorter."""
        before = {n: self.examples[n] for n in sorted(self._places[rule.source])}
        after = {n: _reduce(example, rule, self.costs) for n, example in before.items()}
        changed = [n for n in before if after[n] is not before[n]]
        sources = dict.fromkeys(e.source for n in changed for e in (before[n], after[n]))
        bits = self._bits_left(sources)
        for number in changed:
            self._replace(number, after[number])
        if self._bits_left(sources) + self.costs.rule(rule) < bits:
            self.rules.append(rule)
            return True
        for number in changed:
            self._replace(number, before[number])
        return False

    def _replace(self, number: int, example: Reduced) -> None:
        self._leave(number)
        self.examples[number] = example
        self._enter(number)

    def _bits_left(self, sources: Iterable[str]) -> float:
        """Return the bits of the remainders of the examples with these sources."""
        return sum(
            self.costs.rule(Rule(source, target))
            for source in sources
            for target in self._targets(source)
        )

    def _targets(self, source: str) -> list[str]:
        return _agreeing([self.examples[n] for n in sorted(self._groups[source])])

    def left(self) -> list[Rule]:
        """Return the distinct remainders of the examples as rules, in order."""
        sources = dict.fromkeys(example.source for example in self.examples)
        return [Rule(source, t) for source in sources for t in self._targets(source)]


def _agreeing(group: list[Reduced]) -> list[str]:
    """Return targets that explain examples with the same source, as few as possible.

    The target is ambiguous if holes have equal values or outputs align in several ways; examples
    with other values decide.
    """
    merged: list[list[str]] = []
    for example in group:
        links = _links(example)
        for i, others in enumerate(merged):
            if len(others) == len(links):
                both = ["".join(c for c in a if c in b) for a, b in zip(links, others, strict=True)]
                if all(both):
                    merged[i] = both
                    break
        else:
            merged.append(links)
    targets = ["".join(each[0] for each in links) for links in merged]
    if len(targets) == 1:
        return targets
    chosen: list[str] = []
    while group and targets:
        explained = {t: [e for e in group if filled(t, e.values) == e.output] for t in targets}
        best = max(targets, key=lambda t: len(explained[t]))
        if not explained[best]:
            break
        chosen.append(best)
        group = [e for e in group if filled(best, e.values) != e.output]
    return [*chosen, *dict.fromkeys(e.target for e in group)]


def _links(example: Reduced) -> list[str]:
    """Return for each target symbol its alternatives: itself, or holes of the same value."""
    same = {
        chr(k): "".join(chr(j) for j, other in enumerate(example.values) if other == value)
        for k, value in enumerate(example.values)
    }
    return [same.get(symbol, symbol) for symbol in example.target]


def _reduce(example: Reduced, rule: Rule, costs: Costs) -> Reduced:
    """Return the example with the rule applied wherever it holds."""
    source: list[str] = []
    values: list[str] = []
    at = 0
    end = len(example.source)
    used: dict[str, int] = {}
    for start, its in example.matches(rule.source):
        value = filled(rule.target, its)
        used[value] = used.get(value, 0) + 1
        if example.output.count(value) < used[value]:
            continue
        before, here = example.source.count(HOLE, 0, at), example.source.count(HOLE, 0, start)
        source += [example.source[at:start], HOLE]
        values += [*example.values[before:here], value]
        at = start + len(rule.source)
    if not source:
        return example
    source.append(example.source[at:end])
    values += example.values[example.source.count(HOLE, 0, at) :]
    target = covered(example.output, values, costs)
    return Reduced("".join(source), tuple(values), example.output, target)


def _windows(source: str) -> set[str]:
    """Return the parts of a source that may become the source of a rule."""
    found = set()
    for start in range(len(source)):
        for end in range(start + 1, min(len(source), start + WIDEST) + 1):
            pattern = source[start:end]
            if pattern.count(HOLE) > MOST_HOLES:
                break
            if pattern != HOLE:
                found.add(pattern)
    return found
