"""The cheapest decision tree for every set of rows; the bits of an integer are a set."""

from typing import Any

from dlcompare.synthesis.compiled.loops.jit import from_python


@from_python
def grow_trees(
    best: Any,
    leaf: Any,
    chosen: Any,
    predicates: Any,
    costs: Any,
    choice: int,
) -> None:
    """Overwrite ``best`` with the cost of the cheapest tree right on at least the rows of a set.

    ``leaf`` becomes the term of a one-leaf tree, ``chosen`` the predicate that splits the set if a
    split is cheaper.

    Parameters
    ----------
    best : array
        The cost of the cheapest term that is right on exactly the rows of each set (sets,).
    leaf : array
        That term (sets,).
    chosen : array
        -1 for every set (sets,).
    predicates : array
        The sets of rows on which some predicate holds (predicates,).
    costs : array
        The cost of the predicate of each set (sets,).
    choice : int
        The cost of a conditional.
    """
    sets = best.size
    row = 1
    while row < sets:  # a term that covers more covers less
        for rows in range(sets):
            if not rows & row and best[rows | row] < best[rows]:
                best[rows], leaf[rows] = best[rows | row], leaf[rows | row]
        row *= 2
    for rows in range(1, sets):  # the parts of a set are smaller numbers
        for predicate in predicates:
            inside, outside = rows & predicate, rows & ~predicate
            if inside and outside:
                cost = choice + costs[predicate] + best[inside] + best[outside]
                if cost < best[rows]:
                    best[rows], chosen[rows] = cost, predicate
