"""Pieces: whether a text or a list holds, begins with, or ends with a certain stretch.

The stretch is one that all examples of one class share and no example of the other has. Every
stretch of a short example is a candidate, and most fail on the next one, so that nothing is
enumerated; terms would have to build the stretch element by element.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, log2

from dlcompare.synthesis.dsl.primitives.primitive import Primitive
from dlcompare.synthesis.dsl.program import Apply, Expression, Program, Variable
from dlcompare.synthesis.grammar.description_length import table_bits
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of

__all__ = ["EXPRESSED", "pieces"]

EXPRESSED = frozenset({"same", "any"})
"""Primitives that such a program expresses; if one is withheld, so is the program."""

_TEST, _NOT, _CHARACTER = 7, 3, 7
"""Bits of the test with its variable, of a negation, and of a character."""


@dataclass(frozen=True)
class _Place:
    """Where a piece stands.

    Attributes
    ----------
    within : str
        Python for a piece of a text, over ``{piece}``.
    among : str
        The same of a list; ``{size}`` is the length of the piece, and ``{less}`` one less.
    """

    within: str
    among: str

    def candidates(self, text: str) -> Iterator[str]:
        """Yield the pieces of a text at this place, shortest first."""
        for size in range(1, len(text) + 1):
            starts = range(len(text) - size + 1)
            if self is _FIRST:
                starts = range(1)
            elif self is _LAST:
                starts = range(len(text) - size, len(text) - size + 1)
            yield from dict.fromkeys(text[at : at + size] for at in starts)

    def holds(self, piece: str, text: str) -> bool:
        """Return whether a text has a piece at this place."""
        if self is _FIRST:
            return text.startswith(piece)
        return text.endswith(piece) if self is _LAST else piece in text


_FIRST = _Place("xs.startswith({piece})", "xs[:{size}] == {piece}")
_LAST = _Place("xs.endswith({piece})", "xs[-{size}:] == {piece}")
_ANYWHERE = _Place(
    "{piece} in xs", "any(xs[y:y + {size}] == {piece} for y in range(len(xs) - {less}))"
)


def pieces(problem: SearchProblem) -> Iterator[Program]:
    """Yield the programs that ask for a piece and answer the examples, one for each place.

    Parameters
    ----------
    problem : SearchProblem
        What to search for; its outputs are truth values.
    """
    outputs = problem.examples.outputs
    if problem.signature.result != BOOL or len(set(outputs)) < 2:
        return
    for name, type_ in problem.signature.parameters:
        if type_ not in (STR, list_of(INT), list_of(BOOL)):
            continue
        alphabet, texts = _as_texts(problem.examples.inputs[name])
        for place in (_FIRST, _LAST, _ANYWHERE):
            for wanted in (True, False):
                piece = _shared(place, texts, outputs, wanted)
                if piece is not None:
                    values = [alphabet[ord(each)] for each in piece]
                    bits = _CHARACTER if type_ == STR else log2(max(2, len(alphabet)))
                    cost = _TEST + table_bits([len(piece)]) + ceil(bits * len(piece))
                    program = _program(problem, (name, type_), place, values, cost, wanted)
                    if program.cost < table_bits(outputs):
                        yield program


def _as_texts(column: Sequence[Sequence[Value]]) -> tuple[list[Value], list[str]]:
    """Return the different elements, and every value as a text of their numbers."""
    numbers: dict[Value, int] = {}
    texts = [
        "".join(chr(numbers.setdefault(each, len(numbers))) for each in value) for value in column
    ]
    return list(numbers), texts


def _shared(
    place: _Place, texts: Sequence[str], outputs: Sequence[Value], wanted: Value
) -> str | None:
    """Return the shortest piece of all texts of one class that no other text has."""
    having = sorted(
        {text for text, out in zip(texts, outputs, strict=True) if out == wanted}, key=len
    )
    others = [text for text, out in zip(texts, outputs, strict=True) if out != wanted]
    return next(
        (
            piece
            for piece in place.candidates(having[0])
            if all(place.holds(piece, text) for text in having)
            and not any(place.holds(piece, text) for text in others)
        ),
        None,
    )


def _program(
    problem: SearchProblem,
    parameter: tuple[str, Type],
    place: _Place,
    values: list[Value],
    cost: int,
    wanted: bool,
) -> Program:
    name, type_ = parameter
    piece = repr("".join(map(str, values))) if type_ == STR else repr(values)
    source = place.within if type_ == STR else place.among
    size = len(values)
    python = source.replace("{size}", f"{size}").replace("{less}", f"{size - 1}")
    python = python.replace("{piece}", piece)
    test = Primitive.outside("piece", (("xs", type_),), BOOL, cost, python)
    expression: Expression = Apply(test, (Variable(name),))
    negation = problem.grammar.primitive("not", BOOL, BOOL)
    if not wanted and negation is not None:
        expression, cost = Apply(negation, (expression,)), cost + _NOT
    return Program(problem.signature, expression, cost)
