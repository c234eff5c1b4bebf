"""Simplification of rules: some are redundant, and others can be smaller.

A rule learned early may be too specific: "put X1 in descending order and then reverse it" may
become a rule before "X1 and then reverse it". Every rule is treated as an example, with its holes
as words, and the other rules explain it.
"""

from collections.abc import Sequence

from dlcompare.synthesis.translation.explaining import cheapest
from dlcompare.synthesis.translation.parsing import SynchronousGrammar
from dlcompare.synthesis.translation.rules import HOLE, Costs, Rule, RuleMeter, filled

__all__ = ["simplified"]

_STANDS_FOR_HOLE = 0xE000
ROUNDS = 3


def simplified(rules: Sequence[Rule], costs: Costs, meter: RuleMeter) -> list[Rule]:
    """Return the rules without redundant ones, and with smaller ones where possible."""
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
    """Return the rule that the others need to derive this one; None if they need none."""
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
