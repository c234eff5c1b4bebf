"""Rules that other rules make needless, or allow to be smaller.

What was learned early may say too much: "put X1 in descending order and then reverse it" comes to
be a rule before "X1 and then reverse it" is one. Every rule is looked at as an example whose holes
are words of their own, and is explained by the others.
"""

from collections.abc import Sequence

from dlcompare.synthesis.translation.explaining import cheapest
from dlcompare.synthesis.translation.parsing import SynchronousGrammar
from dlcompare.synthesis.translation.rules import HOLE, Costs, Rule, RuleMeter, filled

__all__ = ["simplified"]

_STANDS_FOR_HOLE = 0xE000
ROUNDS = 3


def simplified(rules: Sequence[Rule], costs: Costs, meter: RuleMeter) -> list[Rule]:
    """The rules without those that others derive, others in place of those that can be smaller."""
    kept = list(rules)
    for _ in range(ROUNDS):
        before = list(kept)
        for rule in sorted(before, key=lambda rule: -costs.rule(rule)):
            if meter.empty:
                return kept
            others = [each for each in kept if each != rule]
            smaller = _explained(rule, others, costs, meter)
            if smaller is None:
                kept = others
            elif smaller != rule:
                place = kept.index(rule)
                kept[place : place + 1] = [smaller] if smaller not in kept else []
        if kept == before:
            break
    return kept


def _explained(rule: Rule, others: Sequence[Rule], costs: Costs, meter: RuleMeter) -> Rule | None:
    """Return the rule with which the others derive this one; None if they derive it without."""
    names = [chr(_STANDS_FOR_HOLE + k) for k in range(rule.holes)]
    pieces = rule.source.split(HOLE)
    source = "".join(a + b for a, b in zip(pieces, [*names, ""], strict=True))
    output = filled(rule.target, names)
    grammar = SynchronousGrammar([*others, *(Rule(name, name) for name in names)])
    if grammar.derive(source, output) is not None:
        return None
    cost, smaller = cheapest(source, output, grammar, costs, meter)
    concrete = any(ord(c) >= _STANDS_FOR_HOLE for c in smaller.source + smaller.target)
    return rule if concrete or cost >= costs.rule(rule) else smaller
