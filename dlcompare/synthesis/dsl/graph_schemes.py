"""Schemes over the edges of a graph: relaxation of labels, joining of groups, and incidence.

A graph is a list of edges ``(a, b)``, or ``(a, b, weight)``, between nodes 0, 1, 2 …. The number of
nodes is an int parameter, or follows from the edges and from other nodes that are known.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cache

from dlcompare.synthesis.dsl.holes import Hole, Scheme
from dlcompare.synthesis.dsl.primitives.primitive import INTS
from dlcompare.tasks.types import BOOL, INT, Type, list_of, tuple_of

__all__ = [
    "EDGES",
    "WEIGHTED",
    "RelaxationEnding",
    "Shape",
    "incidence",
    "joining",
    "neighbours",
    "relaxation",
    "selected",
    "shared",
]

EDGES, WEIGHTED = list_of(tuple_of(INT, INT)), list_of(tuple_of(INT, INT, INT))

_BITS = 8
"""Bits of a scheme over edges, apart from its holes."""

_NODES = "$nodes = 1 + max($known + [$node for $edge in $source for $node in $edge[:2]])\n"


@dataclass(frozen=True)
class Shape:
    """What a scheme over edges goes through.

    Attributes
    ----------
    weighted : bool
        Whether an edge has a third component.
    both : bool
        Whether every edge leads both ways.
    given : bool
        Whether the number of nodes is a parameter.
    """

    weighted: bool
    both: bool
    given: bool

    @property
    def source(self) -> Type:
        """Return the type of the edges."""
        return WEIGHTED if self.weighted else EDGES

    @property
    def edge(self) -> str:
        """Return the names of the components of an edge."""
        return "$a, $b, $w" if self.weighted else "$a, $b"

    @property
    def edges(self) -> str:
        """Return the edges, in both directions if they lead both ways."""
        turned = self.edge.replace("$a, $b", "$b, $a")
        return f"$source + [({turned}) for {self.edge} in $source]" if self.both else "$source"

    @property
    def entry(self) -> str:
        """Return what lists of edges in a result hold: weights if there are any, else pairs."""
        return "$w" if self.weighted else "($a, $b)"

    @property
    def entries(self) -> Type:
        """Return the type of lists of edges in a result."""
        return INTS if self.weighted else EDGES

    def components(self, *names: str) -> tuple[tuple[str, Type], ...]:
        """Return names, and the weight if there is one, as parameters of a hole."""
        return tuple((name, INT) for name in (*names, *(["w"] if self.weighted else [])))

    def scheme(self, name: str, result: Type, template: str, holes: Sequence[Hole]) -> Scheme:
        """Return a scheme over the edges.

        Parameters
        ----------
        name : str
            Its name in prefix notation.
        result : Type
            The type of its result.
        template : str
            Python statements that may use the number of nodes.
        holes : sequence of Hole
            The holes besides that for the number of nodes, or for the nodes that are known.
        """
        size = _hole("nodes" if self.given else "known", (), INT if self.given else INTS)
        text = template if self.given else _NODES + template
        return Scheme(name, (self.source,), (result,), text, (size, *holes), _BITS)


def _hole(name: str, parameters: tuple[tuple[str, Type], ...], result: Type) -> Hole:
    return Hole(name, parameters, result, lambda *_: [])


class RelaxationEnding(Enum):
    """What becomes of the labels of the nodes."""

    LABELS = "$label"
    LABEL = "$label[$goal]"
    NODES = "[$node for $node in range($nodes) if $label[$node] == $label[$goal]]"
    INSIDE = "[{entry} for {edge} in $source if $label[$a] == $label[$b]]"
    AROUND = "[{entry} for {edge} in $source if $label[$a] == $label[$b] == $label[$goal]]"

    @property
    def goal(self) -> bool:
        """Return whether it is about one node."""
        return "$goal" in self.value

    def result(self, shape: Shape) -> Type:
        """Return its type."""
        if self is RelaxationEnding.LABEL:
            return INT
        return shape.entries if "{entry}" in self.value else INTS


@cache
def relaxation(shape: Shape, ending: RelaxationEnding) -> Scheme:
    """Return the scheme that labels the nodes and relaxes the labels along the edges."""
    template = f"""\
$label = [$initial for $node in range($nodes)]
for _ in range(2 * $nodes):
    $before = list($label)
    for {shape.edge} in {shape.edges}:
        $x, $y = $label[$a], $label[$b]
        $label[$b] = $relaxed
    if $label == $before:
        break
return {ending.value.format(entry=shape.entry, edge=shape.edge)}"""
    holes = [
        _hole("initial", (("node", INT),), INT),
        _hole("relaxed", shape.components("x", "y"), INT),
        *([_hole("goal", (), INT)] if ending.goal else []),
    ]
    return shape.scheme("relaxation", ending.result(shape), template, holes)


@cache
def joining(shape: Shape, closing: bool, ordered: bool) -> Scheme:
    """Return the scheme that joins groups of nodes, edge by edge.

    Its result lists the edges that join two groups, or those that close a circle; if they are
    weighted, only their weights.

    Parameters
    ----------
    shape : Shape
        What the edges are.
    closing : bool
        Whether the edges within one group are the result.
    ordered : bool
        Whether the edges come by increasing last component.
    """
    edges = "sorted($source, key=lambda $edge: $edge[-1])" if ordered else "$source"
    template = f"""\
$group, $chosen = list(range($nodes)), []
for {shape.edge} in {edges}:
    $x, $y = $group[$a], $group[$b]
    if $x {"==" if closing else "!="} $y:
        $chosen.append({shape.entry})
    $group = [$x if $z == $y else $z for $z in $group]
return $chosen"""
    return shape.scheme("joining", shape.entries, template, ())


@cache
def incidence(shape: Shape, summed: bool, leaving: bool) -> Scheme:
    """Return the scheme that counts, for every node, the edges that lead to it.

    Parameters
    ----------
    shape : Shape
        What the edges are.
    summed : bool
        Whether their weights are summed instead.
    leaving : bool
        Whether they are the edges that lead away from it.
    """
    entry, end = "$w" if summed else "1", "$a" if leaving else "$b"
    template = f"""\
$total = [
    sum({entry} for {shape.edge} in {shape.edges} if {end} == $node) for $node in range($nodes)
]
return $total"""
    return shape.scheme("incidence", INTS, template, ())


@cache
def neighbours(shape: Shape, leaving: bool) -> Scheme:
    """Return the scheme that lists the nodes from which edges lead to one node, or to which."""
    here, there = ("$a", "$b") if leaving else ("$b", "$a")
    template = f"return [{there} for {shape.edge} in {shape.edges} if {here} == $goal]"
    goal = _hole("goal", (), INT)
    return Scheme("neighbours", (shape.source,), (INTS,), template, (goal,), _BITS)


@cache
def selected(shape: Shape) -> Scheme:
    """Return the scheme that lists the edges whose ends are in a relation."""
    template = f"return [{shape.entry} for {shape.edge} in $source if $relation]"
    relation = _hole("relation", shape.components("a", "b"), BOOL)
    return Scheme("selected", (shape.source,), (shape.entries,), template, (relation,), _BITS)


@cache
def shared(shape: Shape) -> Scheme:
    """Return the scheme that counts, for every edge, the nodes in a relation to its ends.

    The relation is over whether edges join the node with either end.
    """
    ends = shape.edge.replace("$w", "_")
    template = f"""\
$joined = {{pair for {ends} in $source for pair in (($a, $b), ($b, $a))}}
$number = [sum(1 for $node in range($nodes) if $relation) for {ends} in $source]
return $number"""
    names = (("node", INT), ("a", INT), ("b", INT), ("joined", EDGES))
    return shape.scheme("shared", INTS, template, (_hole("relation", names, BOOL),))
