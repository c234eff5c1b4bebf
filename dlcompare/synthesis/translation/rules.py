"""Rules of a synchronous context-free grammar with one nonterminal, and their cost in bits.

A rule pairs a sequence of words with a sequence of output tokens; the same derivations fill the
holes of both (a quasi-synchronous grammar in the sense of Smith & Eisner, 2006, as induced by Shaw
et al., 2021)::

    X1 around X2        ->  X2 X1 X2 X1 X2 X1 X2 X1
    the reverse of X1   ->  X1 [ : : -1 ]

Words and tokens are opaque. They are numbered in order of appearance, and every number is one
character, so that a sequence is a string and Python's substring search does the matching. Renaming
words or tokens has no effect.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

__all__ = ["HOLE", "HOLES", "Costs", "Rule", "RuleMeter", "Symbols", "filled"]

HOLE = "\x00"
"""A hole in a source; in a target, character k is the k-th hole of the source."""

_FIRST = 0x100
HOLES = 64
"""Characters below this number are holes of a target."""


@dataclass
class Symbols:
    """A numbering of words or tokens in order of appearance; each number is a character."""

    numbers: dict[str, int] = field(default_factory=dict)

    def learn(self, words: Iterable[str]) -> str:
        """Return the string of these words; new ones get new numbers."""
        return "".join(
            chr(_FIRST + self.numbers.setdefault(word, len(self.numbers))) for word in words
        )

    def spell(self, words: Sequence[str]) -> str:
        """Return the string of these words; an unknown word becomes a character of no rule."""
        return "".join(chr(_FIRST + self.numbers.get(w, len(self.numbers))) for w in words)

    def words(self, text: str) -> list[str]:
        """Return the words of a string; the k-th hole reads ``{k}``."""
        names = list(self.numbers)
        return [f"{{{ord(c)}}}" if ord(c) < HOLES else names[ord(c) - _FIRST] for c in text]


@dataclass(frozen=True)
class Rule:
    """A sequence of words with holes, and the sequence of tokens that translates it.

    Attributes
    ----------
    source : str
        Words, and `HOLE` for every hole.
    target : str
        Tokens, and character k for the k-th hole of the source; every hole is used.
    """

    source: str
    target: str

    @property
    def holes(self) -> int:
        """Return the number of holes in the source."""
        return self.source.count(HOLE)


def filled(target: str, values: Sequence[str]) -> str:
    """Return the tokens of a target with its holes filled.

    Examples
    --------
    >>> filled("a" + chr(1) + chr(0) + chr(1), ["x", "yz"])
    'ayzxyz'
    """
    return target.translate(dict(enumerate(values)))


@dataclass(frozen=True)
class Costs:
    """Bits of a symbol in a rule.

    A word of the source is given rather than predicted, and counts for a quarter, so that the
    source has only a small influence on the choice between rules with the same prediction.

    Attributes
    ----------
    word, token, hole : float
        Bits of a word, a token, a hole.
    """

    word: float
    token: float
    hole: float = 1.0

    def source(self, source: str) -> float:
        """Return the bits of a source."""
        holes = source.count(HOLE)
        return self.word * (len(source) - holes) + self.hole * holes

    def target(self, target: str) -> float:
        """Return the bits of a target."""
        holes = sum(ord(c) < HOLES for c in target)
        return self.token * (len(target) - holes) + self.hole * holes

    def rule(self, rule: Rule) -> float:
        """Return the bits of a rule."""
        return self.source(rule.source) + self.target(rule.target)


@dataclass
class RuleMeter:
    """A counter of candidate rules with a limit."""

    limit: int
    spent: int = 0

    @property
    def empty(self) -> bool:
        """Return whether the limit is reached."""
        return self.spent >= self.limit
