"""The cheapest derivation of a source under a grammar.

A grammar with one nonterminal is ambiguous: "walk left twice" may mean walk, and left twice.
Derivations are ranked by how often each rule fills each hole of another rule in derivations of the
examples (a probability with back-off, in bits). Unseen combinations are expensive but not
forbidden; otherwise nothing new could be parsed.
"""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from dlcompare.synthesis.translation.rules import HOLE, Rule, filled

__all__ = ["Derivation", "SynchronousGrammar"]

ROOT = -1
READINGS = 6
"""The most derivations kept per part of a source."""

BACK_OFF = 0.5
"""The weight of a rule's overall frequency, relative to one occurrence in a hole."""


@dataclass(frozen=True)
class Derivation:
    """The derivation of a part of a source.

    Attributes
    ----------
    cost : float
        Bits of all rules in their holes, except the hole of this one.
    rule : int
        The number of the rule.
    value : str
        Its output.
    parts : tuple of Derivation
        The derivations that fill the holes.
    """

    cost: float
    rule: int
    value: str
    parts: tuple["Derivation", ...]

    def places(self) -> Iterator[tuple[int, int, int]]:
        """Yield every rule of the derivation as (parent rule, hole, rule)."""
        for hole, part in enumerate(self.parts):
            yield self.rule, hole, part.rule
            yield from part.places()


class SynchronousGrammar:
    """Rules, with the frequencies with which each fills the holes of the others.

    Parameters
    ----------
    rules : sequence of Rule
        The rules, in an order that breaks ties.
    """

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules: list[Rule] = []
        self._worded: dict[str, list[int]] = defaultdict(list)
        self._open: list[int] = []
        for rule in rules:
            self.add(rule)
        self._seen: Counter[tuple[int, int, int]] = Counter()
        self._holes: Counter[tuple[int, int]] = Counter()
        self._often: Counter[int] = Counter()

    def add(self, rule: Rule) -> None:
        """Add a rule."""
        if rule.source[0] == HOLE:
            self._open.append(len(self.rules))
        else:
            self._worded[rule.source[0]].append(len(self.rules))
        self.rules.append(rule)

    def learn(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Count which rule fills which hole in the cheapest derivations of these examples."""
        places: Counter[tuple[int, int, int]] = Counter()
        for source, output in pairs:
            derivation = self.derive(source, output)
            if derivation:
                places[ROOT, 0, derivation.rule] += 1
                places.update(derivation.places())
        self._seen = places
        self._holes, self._often = Counter(), Counter()
        for (above, hole, rule), count in places.items():
            self._holes[above, hole] += count
            self._often[rule] += count

    def derive(self, source: str, output: str | None = None) -> Derivation | None:
        """Return the cheapest derivation of a source, restricted to those of `output`, if given."""
        return next(iter(self.derivations(source, output)), None)

    def derivations(self, source: str, output: str | None = None) -> list[Derivation]:
        """Return a few derivations of a source, of those that give `output`; the cheapest first."""
        whole = [
            (d.cost + self._place(ROOT, 0, d.rule), d.rule, i, d)
            for i, d in enumerate(self.chart(source, output)[0].get(len(source), ()))
            if output is None or d.value == output
        ]
        return [each[-1] for each in sorted(whole)]

    def gives(self, source: str, output: str) -> bool:
        """Return whether the cheapest derivation of a source gives this output."""
        derivation = self.derive(source)
        return derivation is not None and derivation.value == output

    def chart(self, source: str, output: str | None) -> list[dict[int, list[Derivation]]]:
        """Return for every start and end the cheapest derivations of the part between.

        If the output is given, only derivations of its parts count.
        """
        chart: list[dict[int, list[Derivation]]] = [{} for _ in range(len(source) + 1)]
        for start in reversed(range(len(source))):
            found: dict[int, dict[tuple[int, str], Derivation]] = defaultdict(dict)
            for number in self._worded.get(source[start], ()):
                self._match(number, source, start, 0, (), chart, output, found)
            for end in range(start + 1, len(source) + 1):
                if end not in found:
                    continue
                kept = heapq.nsmallest(
                    READINGS, found[end].values(), key=lambda d: (d.cost, d.rule, d.value)
                )
                chart[start][end] = kept
                for number in self._open:
                    for part in kept:
                        self._match(number, source, end, 1, (part,), chart, output, found)
        return chart

    def _match(
        self,
        number: int,
        source: str,
        at: int,
        symbol: int,
        parts: tuple[Derivation, ...],
        chart: list[dict[int, list[Derivation]]],
        output: str | None,
        found: dict[int, dict[tuple[int, str], Derivation]],
    ) -> None:
        """Match a rule from one of its symbols on; add complete matches to `found`."""
        rule = self.rules[number]
        while symbol < len(rule.source) and rule.source[symbol] != HOLE:
            if at >= len(source) or source[at] != rule.source[symbol]:
                return
            at, symbol = at + 1, symbol + 1
        if symbol < len(rule.source):
            for end, readings in chart[at].items():
                for part in readings:
                    self._match(
                        number, source, end, symbol + 1, (*parts, part), chart, output, found
                    )
            return
        value = filled(rule.target, [part.value for part in parts])
        if output is not None and value not in output:
            return
        cost = sum(
            part.cost + self._place(number, hole, part.rule) for hole, part in enumerate(parts)
        )
        known = found[at].get((number, value))
        if known is None or cost < known.cost:
            found[at][number, value] = Derivation(cost, number, value, parts)

    def _place(self, above: int, hole: int, rule: int) -> float:
        """Return the bits of a rule in a hole of another."""
        if not self._often:
            return 1.0
        general = (self._often[rule] + 1) / (self._often.total() + len(self.rules))
        seen = self._seen[above, hole, rule] + BACK_OFF * general
        return -math.log2(seen / (self._holes[above, hole] + BACK_OFF))
