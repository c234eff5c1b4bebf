"""Columns over the positions of a list: segments, running values, neighbours and counts.

Each has one value for every position of a list parameter, or one for the whole list. They are the
variables of a rule that gives the output at every position (`position_search`).
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import count, product

from dlcompare.synthesis.dsl.holes import Scheme
from dlcompare.synthesis.dsl.position_schemes import (
    BLOCKS,
    COMMONEST,
    MARKER,
    RAREST,
    SEGMENT_ENDINGS,
    blocks,
    of_blocks,
    of_starts,
    segments,
)
from dlcompare.synthesis.dsl.primitives.primitive import BINARY, INTS, MAPPING
from dlcompare.synthesis.dsl.program import (
    Apply,
    Expression,
    Lambda,
    Recursion,
    Variable,
    fresh_names,
)
from dlcompare.synthesis.strategies.columns.aggregates import PREDICATE
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.draft import Draft
from dlcompare.synthesis.strategies.search_problem import Row, SearchProblem
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["PLACES", "SUMS", "position_columns", "segmentations"]

_Priced = tuple[Expression, int]
"""An expression and its bits."""

_KIND = 3
"""The bits of a relation between neighbours, one of six."""

_MOVES = 5
"""The bits of how blocks move, of which there are twenty ways."""

_RUNNING = 9
"""The bits of running values, of which there are eight kinds."""

_FIRST = 3
"""The cost of the first column."""

_ENDINGS = ("offsets", "rests", "lengths", "numbers", "longest", "segments")
"""What is of use at the positions of segments, among `SEGMENT_ENDINGS`."""


class _Terms:
    """Terms over a list parameter, built from the primitives in use; None if one is withheld."""

    def __init__(self, problem: SearchProblem, place: int) -> None:
        self.problem, self.grammar = problem, problem.grammar
        self.xs: _Priced = (Variable(problem.names[place]), 1)
        self.taken = {*problem.names, problem.signature.name}
        self.a, self.b, self.y, self.z = fresh_names(self.taken, ("a", "b", "y", "z"))
        (self.block,) = fresh_names(self.taken, ("block",))
        self.zero = self.apply("zero", (), INT)

    def apply(
        self, name: str, first: Type | tuple[()], result: Type, *arguments: _Priced | None
    ) -> _Priced | None:
        """Return a primitive applied to arguments, with its bits.

        Parameters
        ----------
        name : str
            The name of the primitive.
        first : Type or ()
            The type of its first parameter; ``()`` for a primitive without parameters.
        result : Type
            The type of its result.
        arguments : _Priced or None
            Its arguments; without one of them there is no term.
        """
        parts = [each for each in arguments if each is not None]
        if len(parts) < len(arguments):
            return None
        for op in self.grammar.ops:
            operation = self.grammar.language.operations[op]
            if (operation.primitive.name, operation.result) != (name, result):
                continue
            if operation.parameters[:1] == ((first,) if isinstance(first, Type) else ()):
                expressions = tuple(expression for expression, _ in parts)
                bits = operation.primitive.cost + sum(bits for _, bits in parts)
                return Apply(operation.primitive, expressions), bits
        return None

    def function(self, names: Sequence[str], body: _Priced | None) -> _Priced | None:
        """Return a function with a body."""
        return body and (Lambda(tuple(names), body[0]), body[1])

    def equal(self, one: _Priced | None, other: _Priced | None) -> _Priced | None:
        return self.apply("equal", INT, BOOL, one, other)

    def alike(self) -> Iterator[Expression]:
        """Yield whether two neighbours are equal, and whether both or neither are zero."""
        a, b = (Variable(self.a), 1), (Variable(self.b), 1)
        equal, both = self.equal(a, b), (self.equal(a, self.zero), self.equal(b, self.zero))
        if equal:
            yield equal[0]
        if equal and both[0] and both[1] and isinstance(equal[0], Apply):
            yield Apply(equal[0].primitive, (both[0][0], both[1][0]))

    def ordered(self) -> Iterator[Expression]:
        """Yield whether neighbours rise or fall."""
        a, b = (Variable(self.a), 1), (Variable(self.b), 1)
        for name in ("less", "less_equal"):
            for pair in ((a, b), (b, a)):
                found = self.apply(name, INT, BOOL, *pair)
                if found:
                    yield found[0]

    def recursion(
        self, scheme: Scheme, sources: Sequence[_Priced], parts: Sequence[Expression], bits: int
    ) -> _Priced:
        """Return a scheme over its sources, with its holes filled."""
        names = dict(zip(scheme.names, fresh_names(self.taken, scheme.names), strict=True))
        names |= {"a": self.a, "b": self.b, "block": self.block}
        bound = tuple((name, names[name]) for name in scheme.names)
        variables = tuple(source for source, _ in sources if isinstance(source, Variable))
        value = Recursion(scheme, bound, variables, tuple(parts))
        return value, scheme.cost + sum(cost for _, cost in sources) + bits


def _scalars(terms: _Terms) -> Iterator[tuple[str, Type, _Priced | None]]:
    """Yield the ends of the list, its extremes, its rarest element, and where zeros are.

    These are how many elements are zero or not, of all and at either end.
    """
    for name in ("head", "last", "largest", "smallest", "sum"):
        yield name, INT, terms.apply(name, INTS, INT, terms.xs)
    for scheme in (RAREST, COMMONEST):
        yield scheme.name, INT, terms.recursion(scheme, (terms.xs,), (), 0)
    zero = terms.equal((Variable(terms.y), 1), terms.zero)
    other = terms.apply("not", BOOL, BOOL, zero)
    for kind, test in (("zeros", zero), ("others", other)):
        function = terms.function((terms.y,), test)
        yield kind, INT, terms.apply("count", PREDICATE, INT, function, terms.xs)
        for stem, xs in (("leading", terms.xs), ("trailing", _turned(terms, terms.xs))):
            part = terms.apply("take_while", PREDICATE, INTS, function, xs)
            yield f"{stem}_{kind}", INT, terms.apply("length", INTS, INT, part)


def _turned(terms: _Terms, xs: _Priced | None) -> _Priced | None:
    return terms.apply("reverse", INTS, INTS, xs)


def _neighbours(terms: _Terms) -> Iterator[tuple[str, Type, _Priced | None]]:
    """Yield the elements before and after every position, with zero beyond the ends."""
    xs, zero = terms.xs, terms.zero
    before = terms.apply("cons", INT, INTS, zero, terms.apply("init", INTS, INTS, xs))
    one = terms.apply("cons", INT, INTS, zero, terms.apply("empty", (), INTS))
    rest = terms.apply("tail", INTS, INTS, xs)
    after = terms.apply("concatenate", INTS, INTS, rest, one)
    yield from (("before", INTS, before), ("after", INTS, after))


def _running(terms: _Terms) -> Iterator[tuple[str, Type, _Priced | None]]:
    """Yield how often every element occurs, and running values from either end.

    These are the last element other than zero, the sum and the extremes.
    """
    xs, y, z = terms.xs, (Variable(terms.y), 1), (Variable(terms.z), 1)
    alike = terms.function((terms.z,), terms.equal(z, y))
    number = terms.apply("count", PREDICATE, INT, alike, xs)
    yield "counts", INTS, terms.apply("map", MAPPING, INTS, terms.function((terms.y,), number), xs)
    for stem, combine in (
        ("latest", terms.apply("if_int", BOOL, INT, terms.equal(z, terms.zero), y, z)),
        ("total", terms.apply("add", INT, INT, y, z)),
        ("highest", terms.apply("larger", INT, INT, y, z)),
        ("lowest", terms.apply("smaller", INT, INT, y, z)),
    ):
        function = terms.function((terms.y, terms.z), combine)
        found = terms.apply("scan", BINARY, INTS, function, xs)
        back = _turned(terms, terms.apply("scan", BINARY, INTS, function, _turned(terms, xs)))
        yield stem, INTS, found and (found[0], _RUNNING)
        yield f"{stem}_ahead", INTS, back and (back[0], _RUNNING)


_PLACES = """length starts offsets rests lengths numbers longest segments widest narrowest begun
marker counts zeros leading_zeros trailing_zeros others leading_others trailing_others"""

PLACES = frozenset(_PLACES.split())
"""Columns that are places in the list or numbers of places; `SUMS` are no elements either."""

SUMS = frozenset(("sum", "total", "total_ahead"))


def position_columns(problem: SearchProblem, place: int) -> Iterator[Column]:
    """Yield the columns over the positions of a list parameter, those of most use first.

    Column k costs 3 + log₂ k bits, rounded down. Those about segments are over a column of their
    starts, which precedes them.
    """
    terms, parameters = _Terms(problem, place), problem.signature.parameters
    taken = set(terms.taken)
    numbers = count(1)

    def column(stem: str, type_: Type, value: _Priced, *over: Column) -> Column:
        (name,) = fresh_names(taken, (stem,))
        taken.add(name)
        cost = _FIRST + next(numbers).bit_length() - 1
        return Column(name, type_, value[1], cost, value[0], parameters, over)

    def of_segments(
        relation: Expression, endings: Iterable[str], of_lists: Iterable[str] = ()
    ) -> Iterator[Column]:
        value = terms.recursion(segments("starts"), (terms.xs,), (relation,), _KIND)
        starts = column("starts", INTS, value)
        yield starts
        priced = Variable(starts.name), starts.cost
        for ending in endings:
            scheme = of_starts(ending)
            value = terms.recursion(scheme, (priced,), (), 0)
            yield column(ending, scheme.results[0], value, starts)
        for ending in of_lists:
            scheme = of_blocks(ending)
            value = terms.recursion(scheme, (priced, terms.xs), (), 0)
            yield column(ending, scheme.results[0], value, starts)

    def plain(found: Iterable[tuple[str, Type, _Priced | None]]) -> Iterator[Column]:
        for stem, type_, value in found:
            if value:
                yield column(stem, type_, value)

    yield from plain(
        [
            ("length", INT, terms.apply("length", INTS, INT, terms.xs)),
            ("marker", INT, terms.recursion(MARKER, (terms.xs,), (), 0)),
        ]
    )
    alike = list(terms.alike())
    for relation in alike[:1]:
        yield from of_segments(relation, _ENDINGS, BLOCKS)
    yield from plain(_neighbours(terms))
    for relation in alike[1:]:
        yield from of_segments(relation, _ENDINGS, ("widest", "begun"))
    yield from plain(_scalars(terms))
    yield from plain(_running(terms))
    for relation in terms.ordered():
        yield from of_segments(relation, ("offsets", "lengths"))


def segmentations(problem: SearchProblem, _: list[Row], stage: int) -> Iterator[Draft]:
    """Yield what follows from the segments of every list of integers; at the first stage only.

    Parameters
    ----------
    problem : SearchProblem
        What is searched for.
    stage : int
        The stage; there are none after the first.
    """
    for place, type_ in enumerate(problem.types):
        if type_ != INTS or stage:
            continue
        terms = _Terms(problem, place)
        for relation in (*terms.alike(), *terms.ordered()):
            for ending in SEGMENT_ENDINGS:
                scheme = segments(ending)
                value, cost = terms.recursion(scheme, (terms.xs,), (relation,), _KIND)
                yield Draft(ending, scheme.results[0], cost, value)
        yield from _blocks(terms)


def _blocks(terms: _Terms) -> Iterator[Draft]:
    """Yield the blocks of elements other than zero at either end of the list.

    They come as they are, or by their length or their first element unless sorting is withheld.
    """
    block = Variable(terms.block), 1
    length = terms.apply("length", INTS, INT, block)
    first = terms.apply("head", INTS, INT, block)
    signs = [terms.apply("negate", INT, INT, key) for key in (length, first)]
    sorting = terms.grammar.primitive("sort", INTS, INTS)
    keys = [key for key in (length, first, *signs) if key and sorting]
    for spaced, ahead in product((True, False), (False, True)):
        for key in (None, *keys):
            scheme = blocks(key is not None, spaced, ahead)
            value, bits = terms.recursion(scheme, (terms.xs,), key[:1] if key else (), _MOVES)
            yield Draft("moved", INTS, bits, value)
