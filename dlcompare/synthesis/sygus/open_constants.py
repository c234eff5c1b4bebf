"""Candidates for the constants that a grammar leaves open."""

from collections.abc import Iterable, Sequence

from dlcompare.synthesis.sygus.syntax import (
    CONSTANT,
    STRING,
    Sort,
    Term,
    Value,
    constant,
)

__all__ = ["common_pieces", "constants_of"]


def constants_of(terms: Sequence[Term], results: Iterable[Sort] = ()) -> list[Term]:
    """Return the constants in the terms, and the first few of each sort in terms or results."""
    found = [part for term in terms for part in term.subterms() if part.op == CONSTANT]
    sorts = {*results} | {part.sort for term in terms for part in term.subterms()}
    for sort in sorted(sorts):
        small: tuple[Value, ...] = {"Int": (0, 1, -1, 2), "String": ("", " ")}.get(sort.name, ())
        if sort.width:
            small = (0, 1, 2**sort.width - 1)
        found += [constant(value, sort) for value in small]
    return list(dict.fromkeys(found))


def common_pieces(texts: Sequence[str], most: int = 20) -> list[Term]:
    """Return the pieces that all of several different texts contain, the longest first.

    Examples
    --------
    >>> [term.value for term in common_pieces(["Dear Ann, hi", "Dear Bob, hi"], 2)]
    ['Dear ', ', hi']
    """
    if len(set(texts)) < 2:
        return []
    shortest = min(texts, key=len)
    pieces: list[str] = []
    for length in range(len(shortest), 0, -1):
        for start in range(len(shortest) - length + 1):
            piece = shortest[start : start + length]
            if any(piece in longer for longer in pieces):
                continue
            if all(piece in text for text in texts):
                pieces.append(piece)
    return [constant(piece, STRING) for piece in pieces[:most]]
