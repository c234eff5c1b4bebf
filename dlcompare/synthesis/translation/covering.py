"""The alignment of an output with the known values of its parts."""

from collections.abc import Sequence

from dlcompare.synthesis.translation.rules import Costs

__all__ = ["covered"]


def covered(output: str, values: Sequence[str], costs: Costs) -> str:
    """Return the cheapest target that gives `output` when its holes are filled with `values`.

    Among holes with the same value, the first use takes the first hole, the second the second, and
    so on; further uses take the last.

    Examples
    --------
    >>> covered("abab", ["b", "a"], Costs(1.0, 5.0)) == "".join(map(chr, [1, 0, 1, 0]))
    True
    """
    holes: dict[str, list[int]] = {}
    for k, value in enumerate(values):
        if value:
            holes.setdefault(value, []).append(k)
    best = [0.0]
    step: list[str] = []
    for end in range(1, len(output) + 1):
        cost, taken = best[-1] + costs.token, ""
        for value in holes:
            if output.endswith(value, 0, end) and best[end - len(value)] + costs.hole < cost:
                cost, taken = best[end - len(value)] + costs.hole, value
        best.append(cost)
        step.append(taken)
    pieces = []
    end = len(output)
    while end:
        piece = step[end - 1]
        pieces.append(piece)
        end -= len(piece) or 1
    target, at = [], 0
    for piece in reversed(pieces):
        if piece:
            its = holes[piece]
            target.append(chr(its[0] if len(its) == 1 else its.pop(0)))
            at += len(piece)
        else:
            target.append(output[at])
            at += 1
    return "".join(target)
