"""A synchronous grammar from examples, the shortest first: each is explained by one new rule.

An example that the rules already derive needs no new rule. Otherwise the cheapest rule that makes
it derivable is added. Either the example becomes the rule, with holes for parts of the source that
are derived and whose values occur in the output; or a known rule is the top of the derivation, with
all holes but one filled, and the remainder for that hole, which is shorter, is explained.
"""

from collections.abc import Iterator, Sequence

from dlcompare.synthesis.translation.covering import covered
from dlcompare.synthesis.translation.lexicon import lexicon
from dlcompare.synthesis.translation.parsing import Derivation, SynchronousGrammar
from dlcompare.synthesis.translation.rules import HOLE, Costs, Rule, RuleMeter, filled

__all__ = ["cheapest", "explain"]

MOST_HOLES = 3
DEEPEST = 4
UNKNOWN = "\x7f"
"""A placeholder in a target for the value of the open hole."""

Chart = list[dict[int, list[Derivation]]]


def explain(pairs: Sequence[tuple[str, str]], costs: Costs, meter: RuleMeter) -> list[Rule]:
    """Return rules that derive the examples, within the limit of the meter."""
    grammar = SynchronousGrammar(lexicon(pairs))
    for source, output in sorted(pairs, key=lambda pair: len(pair[0])):
        if meter.empty:
            break
        if grammar.derive(source, output) is None:
            grammar.add(cheapest(source, output, grammar, costs, meter)[1])
    return grammar.rules


def cheapest(
    source: str,
    output: str,
    grammar: SynchronousGrammar,
    costs: Costs,
    meter: RuleMeter,
    depth: int = 0,
) -> tuple[float, Rule]:
    """Return the bits of the cheapest rule that lets the source derive the output, and the rule.

    Parameters
    ----------
    source : str
    output : str
    grammar : SynchronousGrammar
        The rules so far.
    costs : Costs
    meter : RuleMeter
        Counts the candidate rules.
    depth : int
        The number of enclosing rules.
    """
    chart = grammar.chart(source, output)
    best = _abstracted(source, output, chart, costs, meter)
    if depth == DEEPEST:
        return best
    seen: set[tuple[str, str]] = set()
    for rule in grammar.rules:
        for part, value in _tops(rule, source, output, chart):
            meter.spent += 1
            if (part, value) not in seen:
                seen.add((part, value))
                known = any(
                    d.value == value for d in grammar.chart(part, value)[0].get(len(part), ())
                )
                if not known:
                    other = cheapest(part, value, grammar, costs, meter, depth + 1)
                    if other[0] < best[0]:
                        best = other
    return best


def _abstracted(
    source: str, output: str, chart: Chart, costs: Costs, meter: RuleMeter
) -> tuple[float, Rule]:
    """Return the example as a rule with greedily chosen holes, and its bits."""
    parts = [
        (start, end, reading.value)
        for start, ends in enumerate(chart)
        for end, readings in ends.items()
        for reading in readings
        if reading.value and (start, end) != (0, len(source))
    ]
    rule = Rule(source, output)
    best = (costs.rule(rule), rule)
    chosen: list[tuple[int, int, str]] = []
    while len(chosen) < MOST_HOLES:
        found = None
        for part in parts:
            if all(part[1] <= start or end <= part[0] for start, end, _ in chosen):
                meter.spent += 1
                holes = sorted([*chosen, part])
                target = covered(output, [value for *_, value in holes], costs)
                if all(chr(k) in target for k in range(len(holes))):
                    rule = Rule(_with_holes(source, holes), target)
                    # A rule without words would match everywhere.
                    if rule.source.strip(HOLE) and costs.rule(rule) < best[0]:
                        best, found = (costs.rule(rule), rule), part
        if found is None:
            break
        chosen.append(found)
    return best


def _with_holes(source: str, holes: Sequence[tuple[int, int, str]]) -> str:
    for start, end, _ in reversed(holes):
        source = source[:start] + HOLE + source[end:]
    return source


def _tops(rule: Rule, source: str, output: str, chart: Chart) -> Iterator[tuple[str, str]]:
    """Yield the parts of the source, with their values, left for one hole of a top rule."""
    for values in _open_matches(rule.source, source, 0, chart, False):
        at = next(i for i, (_, known) in enumerate(values) if not known)
        part = values[at][0]
        target = filled(rule.target, [v if known else UNKNOWN for v, known in values])
        uses = target.count(UNKNOWN)
        length, odd = divmod(len(output) - len(target) + uses, uses)
        if length > 0 and not odd:
            start = target.index(UNKNOWN)
            value = output[start : start + length]
            if target.replace(UNKNOWN, value) == output and len(part) < len(source):
                yield part, value


def _open_matches(
    pattern: str, source: str, at: int, chart: Chart, opened: bool
) -> Iterator[list[tuple[str, bool]]]:
    """Yield matches of a source with one open hole, as lists of (value or part, known)."""
    hole = pattern.find(HOLE)
    literal = hole if hole >= 0 else len(pattern)
    if not source.startswith(pattern[:literal], at):
        return
    at += literal
    if hole < 0:
        if at == len(source) and opened:
            yield []
        return
    rest = pattern[hole + 1 :]
    for end, readings in chart[at].items() if at < len(source) else ():
        for reading in readings[:2]:
            for others in _open_matches(rest, source, end, chart, opened):
                yield [(reading.value, True), *others]
    if not opened:
        ends: Sequence[int] = range(at + 1, len(source) + 1)
        if not rest:
            ends = [len(source)] if at < len(source) else []
        elif HOLE not in rest:
            ends = [len(source) - len(rest)] if source.endswith(rest) else []
        for end in ends:
            if end > at:
                for others in _open_matches(rest, source, end, chart, True):
                    yield [(source[at:end], False), *others]
