"""Substrings by inverse semantics: the wanted strings determine start and length.

Enumeration reaches deep arithmetic late. But if an operand contains every wanted string, start and
length are known numbers, and each is looked up among the integers of the pool and, meeting in the
middle, among sums and differences of two of them (the inverse semantics of FlashMeta, Polozov and
Gulwani, 2015).
"""

from collections.abc import Callable, Sequence

from dlcompare.synthesis.sygus.pool import PooledTerm, TermPool, build
from dlcompare.synthesis.sygus.syntax import (
    INT,
    NONTERMINAL,
    STRING,
    SygusGrammar,
    Term,
)

__all__ = ["cut_out"]


def _number(bank: TermPool, name: str, wanted: Sequence[int], signs: set[str]) -> Term | None:
    """Return a term with these values: an entry, or the sum or difference of two."""
    known = bank.seen[name]
    direct = known.get(tuple(wanted))
    if direct is not None:
        return build(direct)
    for entry in known.values():
        values = [int(value) for value in entry.column]
        if "-" in signs:
            first = known.get(tuple(w + v for w, v in zip(wanted, values, strict=True)))
            if first is not None:
                return Term("-", INT, (build(first), build(entry)))
        if "+" in signs:
            first = known.get(tuple(w - v for w, v in zip(wanted, values, strict=True)))
            if first is not None:
                return Term("+", INT, (build(first), build(entry)))
    return None


def cut_out(bank: TermPool, grammar: SygusGrammar, wanted: Sequence[str]) -> Term | None:
    """Return a ``str.substr`` of one of the pool's strings that has the wanted values, or None.

    `grammar` must have the rule at its start symbol, with non-terminals for all three operands.
    """
    for rule in grammar.rules[grammar.start]:
        names = [str(arg.value) for arg in rule.args if arg.op == NONTERMINAL]
        if rule.op != "str.substr" or len(names) != 3 or names[1] != names[2]:
            continue
        signs = {
            r.op
            for r in grammar.rules[names[1]]
            if len(r.args) == 2 and all(a.op == NONTERMINAL and a.value == names[1] for a in r.args)
        }
        for whole in _holders(bank, names[0], wanted):
            for find in (str.find, str.rfind):
                start = _number(bank, names[1], _places(find, whole, wanted), signs)
                if start is None:
                    continue
                length = _number(bank, names[1], [len(text) for text in wanted], signs)
                if length is not None:
                    return Term("str.substr", STRING, (build(whole), start, length))
    return None


def _holders(bank: TermPool, name: str, wanted: Sequence[str]) -> list[PooledTerm]:
    """Return strings of one node that have every wanted string in them."""
    return [
        entry
        for level in bank.levels[name][:2]
        for entry in level
        if all(text in str(value) for text, value in zip(wanted, entry.column, strict=True))
    ]


def _places(find: Callable[[str, str], int], whole: PooledTerm, wanted: Sequence[str]) -> list[int]:
    return [find(str(value), text) for value, text in zip(whole.column, wanted, strict=True)]
