"""Reductions: what is left of a text or a list when neighbours that match cancel out.

A pushdown automaton without states: every symbol is pushed, unless it matches the top, which is
then popped. Balanced brackets leave nothing, for one.
"""

from collections.abc import Iterator, Sequence
from itertools import chain, combinations, islice, pairwise, product
from math import ceil, log2

from dlcompare.synthesis.dsl.holes import Hole, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS, STRINGS, Primitive
from dlcompare.synthesis.dsl.program import Apply, Recursion, Variable, fresh_names
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, STR, Value, list_of

__all__ = ["reductions"]

_Pair = tuple[Value, Value]

_SYMBOLS = 8
"""The most different symbols of a parameter."""

_SETS = 400
"""The most sets of matches that are tried."""

_BITS = 10
"""Bits of the scheme, without its matches."""

_TEMPLATE = """\
$stack = []
for $x in $source:
    if $stack and ($stack[-1], $x) in $matches:
        $stack.pop()
    else:
        $stack.append($x)
return $stack"""


def reductions(problem: SearchProblem, rows: list[Row], stage: int) -> Iterator[Draft]:
    """Yield the reductions of the parameters with few symbols, fewest matches first.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for; its budget pays for the candidates.
    rows : list of Row
        Examples on which they are compared.
    stage : int
        The stage; there are none after the first.
    """
    for place, (name, type_) in enumerate(problem.signature.parameters):
        if stage or type_ not in (STR, INTS, list_of(BOOL)):
            continue
        column = [row[place] for row in rows]
        symbols = sorted(set().union(*column))
        if not 1 < len(symbols) <= _SYMBOLS:
            continue
        result = STRINGS if type_ == STR else type_
        scheme = Scheme(
            "reduction",
            (type_,),
            (result,),
            _TEMPLATE,
            (Hole("matches", (), list_of(type_), lambda *_: []),),
            _BITS,
        )
        taken = {*problem.names, problem.signature.name}
        names = tuple(zip(scheme.names, fresh_names(taken, scheme.names), strict=True))
        for matches in _sets(symbols, column):
            bits = ceil(len(matches) * 2 * log2(len(symbols)))
            table = Primitive.outside("matches", (), list_of(type_), bits, repr(matches))
            value = Recursion(scheme, names, (Variable(name),), (Apply(table, ()),))
            problem.budget.spent += 1
            yield Draft("left", result, _BITS + bits, value)


def _sets(symbols: Sequence[Value], column: Sequence[Sequence[Value]]) -> Iterator[list[_Pair]]:
    """Yield sets of one and of two pairs of symbols that are neighbours somewhere."""
    near = {pair for row in column for pair in pairwise(row)}
    pairs = [pair for pair in product(symbols, repeat=2) if pair in near]
    sets = chain(combinations(pairs, 1), combinations(pairs, 2))
    return map(list, islice(sets, _SETS))
