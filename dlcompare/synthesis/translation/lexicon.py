"""A lexicon of words for tokens, by counting.

If no rule copies, the translation of a phrase occurs in an output as often as the phrase in the
source. For every run of tokens, the search looks for a few phrases, its synonyms, that together
occur equally often in every example.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dlcompare.synthesis.translation.rules import HOLE, Rule

__all__ = ["lexicon"]

LONGEST_PHRASE = 3
LONGEST_RUN = 6
SYNONYMS = 4
FEWEST = 3
"""The fewest examples with a phrase."""

MOST_EXAMPLES = 400
FRAMES = 2
"""The fewest contexts that show a phrase and a run to be a constituent."""

FRAMED = 200
"""The most examples whose contexts are compared."""


def lexicon(pairs: Sequence[tuple[str, str]]) -> list[Rule]:
    """Return rules without holes whose sides occur equally often, with synonyms combined."""
    pairs = sorted(pairs, key=lambda pair: len(pair[0]))[:MOST_EXAMPLES]
    phrases, occurring = _counted([source for source, _ in pairs], LONGEST_PHRASE)
    runs, wanted = _counted([output for _, output in pairs], LONGEST_RUN)
    if not phrases or not runs:
        return []
    totals = occurring.sum(axis=1)
    found: list[Rule] = []
    for run, counts in zip(runs, wanted, strict=True):
        left = counts.copy()
        synonyms: list[str] = []
        while left.any() and len(synonyms) < SYNONYMS:
            fitting = (occurring <= left).all(axis=1)
            if not fitting.any():
                break
            best = int(np.argmax(np.where(fitting, totals, 0)))
            synonyms.append(phrases[best])
            left -= occurring[best]
        if not left.any():
            found += [Rule(phrase, run) for phrase in synonyms]
    accepted: list[Rule] = []
    framed = pairs[:FRAMED]
    while True:
        new = [rule for rule in found if rule not in accepted and _frames(rule, framed) >= FRAMES]
        if not new:
            return accepted
        accepted += new
        # Holes for known rules make more contexts equal.
        framed = [_without(pair, accepted) for pair in pairs[:FRAMED]]


def _without(pair: tuple[str, str], rules: Sequence[Rule]) -> tuple[str, str]:
    """Return an example with holes for the parts that these rules explain."""
    source, output = pair
    for rule in sorted(rules, key=lambda rule: -len(rule.target)):
        if rule.source in source and rule.target in output:
            source = source.replace(rule.source, HOLE)
            output = output.replace(rule.target, HOLE)
    return source, output


def _frames(rule: Rule, pairs: Sequence[tuple[str, str]]) -> int:
    """Return the number of contexts in which something else replaces the rule on both sides.

    This is the substitution test for constituents: another example has the same left and right
    context, in the source and in the output, and differs only in between.
    """
    found = set()
    for source, output in pairs:
        if source.count(rule.source) != 1 or output.count(rule.target) != 1:
            continue
        left, right = source.split(rule.source)
        before, after = output.split(rule.target)
        if not (left or right):
            continue
        for other, its in pairs:
            if (
                other.startswith(left)
                and other.endswith(right)
                and its.startswith(before)
                and its.endswith(after)
                and len(other) > len(left) + len(right)
                and len(its) > len(before) + len(after)
                and its[len(before) : len(its) - len(after)] != rule.target
            ):
                found.add((left, right))
                break
    return len(found)


def _counted(texts: Sequence[str], longest: int) -> tuple[list[str], NDArray[np.int16]]:
    """Return runs of symbols, maximal among those with equal counts, and the counts per text."""
    where: dict[str, dict[int, int]] = {}
    for number, text in enumerate(texts):
        for start in range(len(text)):
            for end in range(start + 1, min(len(text), start + longest) + 1):
                counts = where.setdefault(text[start:end], {})
                counts[number] = counts.get(number, 0) + 1
    alike: dict[tuple[tuple[int, int], ...], str] = {}
    for run, counts in where.items():
        if len(counts) >= FEWEST:
            key = tuple(counts.items())
            if len(run) > len(alike.get(key, "")):
                alike[key] = run
    table = np.zeros((len(alike), len(texts)), dtype=np.int16)
    for row, key in enumerate(alike):
        for number, count in key:
            table[row, number] = count
    return list(alike.values()), table
