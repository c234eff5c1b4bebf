"""Write programs as formulas: the result of every operation, related to its input.

The lists between are named; a formula is the conjunction of what relates each list to those before
it, and the last is `result`. No relation says how its list is computed.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from dlcompare.tasks.catalog.list_language.programs import (
    CONDITIONS,
    OPERATIONS,
    SIMPLE,
    XS,
    ListTerm,
    tokens,
)

__all__ = ["RELATIONS", "formula", "read"]

RELATIONS = {
    "reverse": "len(B) == len(A) and all(B[i] == A[-1 - i] for i in range(len(A)))",
    "sort": "all(B[i] <= B[i + 1] for i in range(len(B) - 1)) and len(B) == len(A) "
    "and all(B.count(x) == A.count(x) for x in A)",
    "sort_down": "all(B[i] >= B[i + 1] for i in range(len(B) - 1)) and len(B) == len(A) "
    "and all(B.count(x) == A.count(x) for x in A)",
    "take": "len(B) == min(len(A), K) and all(B[i] == A[i] for i in range(len(B)))",
    "drop": "len(B) == max(len(A) - K, 0) and all(B[i] == A[i + K] for i in range(len(B)))",
    "last": "len(B) == min(len(A), K) and all(B[-1 - i] == A[-1 - i] for i in range(len(B)))",
    "add": "len(B) == len(A) and all(B[i] - A[i] == K for i in range(len(A)))",
    "times": "len(B) == len(A) and all(B[i] == K * A[i] for i in range(len(A)))",
    "negate": "len(B) == len(A) and all(B[i] + A[i] == 0 for i in range(len(A)))",
    "square": "len(B) == len(A) and all(B[i] == A[i] * A[i] for i in range(len(A)))",
    "keep": "len(B) == sum(1 for x in A if C) and all(B[sum(1 for x in A[: i] if C)] == A[i] "
    "for i in range(len(A)) if all(C for x in [A[i]]))",
    "remove": "len(B) == len(A) - sum(1 for x in A if C) "
    "and all(B[i - sum(1 for x in A[: i] if C)] == A[i] "
    "for i in range(len(A)) if all(not (C) for x in [A[i]]))",
    "distinct": "all(B.count(x) == 1 for x in A) and all(x in A for x in B) "
    "and all(A.index(B[i]) < A.index(B[i + 1]) for i in range(len(B) - 1))",
    "join": "len(B) == len(A) + len(Y) and all(B[i] == A[i] for i in range(len(A))) "
    "and all(B[len(A) + i] == Y[i] for i in range(len(Y)))",
}
"""How the result B of every operation relates to lists A and Y; K and C are as in programs."""


def _words(relation: str) -> list[str]:
    return re.findall(r"\w+|[<>=]=|\S", relation)


NAMES = "abcdefgh"
"""Lists between; `i` and `x` are positions and elements."""


def formula(term: ListTerm) -> list[str]:
    """Return the tokens of a program's formula, the first operation first.

    Examples
    --------
    >>> " ".join(formula(ListTerm("negate", (ListTerm("take", (XS, 2)),)))[:17])
    'len ( a ) == min ( len ( xs ) , 2 ) and all ('
    """
    words: list[str] = []
    names = iter(NAMES)

    def relate(term: ListTerm, result: str | None) -> str:
        """Append the relation of a term's list to the earlier ones; return the name of the list."""
        values: dict[str, list[str]] = {}
        for letter, part in zip(OPERATIONS[term.name][0], term.parts, strict=True):
            if not isinstance(part, ListTerm):
                values[letter] = [str(part)]
            elif letter == "C":
                values[letter] = tokens(part)
            else:
                own = "xs" if part == XS else relate(part, None)
                values["A" if letter == "X" else letter] = [own]
        name = result or next(names)
        values["B"] = [name]
        if words:
            words.append("and")
        for word in _words(RELATIONS[term.name]):
            words.extend(values.get(word, [word]))
        return name

    relate(term, "result")
    return words


def read(words: Sequence[str]) -> ListTerm | None:
    """Return the program that a formula of this kind describes; None if it is not of this kind.

    Examples
    --------
    >>> term = ListTerm("negate", (ListTerm("take", (XS, 2)),))
    >>> read(formula(term)) == term
    True
    """
    lists: dict[str, ListTerm] = {"xs": XS}
    at = 0
    while at < len(words):
        at += words[at] == "and"
        matches = [
            (end, name, known)
            for name, relation in RELATIONS.items()
            for end, known in _match(_words(relation), words, at, {})
        ]
        if not matches:
            return None
        at, name, known = max(matches, key=lambda each: each[0])
        parts: list[ListTerm | int] = []
        for letter in OPERATIONS[name][0]:
            part = known["A" if letter == "X" else letter]
            if isinstance(part, str):
                if part not in lists:
                    return None
                part = lists[part]
            parts.append(part)
        lists[str(known["B"])] = ListTerm(name, tuple(parts))
    return lists.get("result")


Known = Mapping[str, ListTerm | int | str]


def _match(
    pattern: Sequence[str], words: Sequence[str], at: int, known: Known
) -> Iterator[tuple[int, Known]]:
    """Yield where a pattern that begins at a word may end, with what its letters then stand for."""
    for i, symbol in enumerate(pattern):
        if symbol in "ABYKCD" and len(symbol) == 1:
            for end, value in _values(symbol, words, at):
                if known.get(symbol, value) == value:
                    yield from _match(pattern[i + 1 :], words, end, {**known, symbol: value})
            return
        if at >= len(words) or words[at] != symbol:
            return
        at += 1
    yield at, known


def _values(
    letter: str, words: Sequence[str], at: int
) -> Iterator[tuple[int, ListTerm | int | str]]:
    if at >= len(words):
        return
    if letter in "ABY":
        if words[at] in (*NAMES, "xs", "result"):
            yield at + 1, words[at]
    elif letter == "K":
        if words[at].isdecimal():
            yield at + 1, int(words[at])
    else:
        simple = list(_simple(words, at))
        yield from simple
        for end, first in simple:
            for name, word in (("both", "and"), ("either", "or")):
                if words[end : end + 1] == [word]:
                    for close, second in _simple(words, end + 1):
                        yield close, ListTerm(name, (first, second))


def _simple(words: Sequence[str], at: int) -> Iterator[tuple[int, ListTerm]]:
    for name in SIMPLE:
        letters, text = CONDITIONS[name]
        for end, known in _match(text.split(), words, at, {}):
            number = known.get("K")
            yield end, ListTerm(name, (number,) if isinstance(number, int) and letters else ())
