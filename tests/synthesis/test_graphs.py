"""Columns over lists of edges agree with networkx on random graphs."""

import random
from itertools import pairwise

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.graph_schemes import EDGES, WEIGHTED
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.search import first_wrong
from dlcompare.synthesis.strategies.columns.column import Column
from dlcompare.synthesis.strategies.columns.edge_lists import graphs
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.synthesis.strategies.selection import SelectionSearch
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

FAR = 10**9


def drawn(rng):
    """Nodes and weighted edges, each with the smaller node first, and a start."""
    nodes = rng.randint(1, 9)
    pairs = [(a, b) for b in range(nodes) for a in range(b)]
    chosen = rng.sample(pairs, rng.randint(0, min(len(pairs), 12)))
    return nodes, [(a, b, rng.randint(1, 9)) for a, b in chosen], rng.randrange(nodes)


random_graphs = st.randoms(use_true_random=False).map(drawn)


def network(nodes, edges, directed=False):
    built = nx.DiGraph() if directed else nx.Graph()
    built.add_nodes_from(range(nodes))
    built.add_weighted_edges_from(edges)
    return built


def derived(type_):
    """The columns of a problem with nodes, edges and a start, without or with weights."""
    rng = random.Random(0)
    rows = [as_row(type_, *drawn(rng)) for _ in range(24)]
    return derived_from((("nodes", INT), ("edges", type_), ("start", INT)), rows)


def derived_from(parameters, rows):
    """All columns over lists of edges, cheapest first."""
    signature = Signature("f", parameters, INT)
    names = [name for name, _ in parameters]
    examples = Examples.from_rows(
        names, [dict(zip(names, row, strict=True)) for row in rows], [0] * len(rows)
    )
    budget = SearchBudget(10**6, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    drafts = list(graphs(problem, problem.rows, 0))
    assert 0 < budget.spent < budget.candidates / 10
    assert all(a.bits <= b.bits for a, b in pairwise(drafts))
    return [
        Column(draft.stem, draft.type, draft.bits, draft.bits, draft.value, parameters)
        for draft in drafts
    ]


def as_row(type_, nodes, edges, start):
    return nodes, [edge[: 2 if type_ == EDGES else 3] for edge in edges], start


@pytest.fixture(scope="module")
def columns():
    return {type_: derived(type_) for type_ in (EDGES, WEIGHTED)}


def partition(labels):
    return [labels.index(label) for label in labels]


def components(nodes, edges, _start):
    found = list(nx.connected_components(network(nodes, edges)))
    return [min(next(part for part in found if node in part)) for node in range(nodes)]


def distances(weight, directed=False):
    def by_node(nodes, edges, start):
        built = network(nodes, edges, directed)
        found = nx.single_source_dijkstra_path_length(built, start, weight=weight)
        return [found.get(node, FAR) for node in range(nodes)]

    return by_node


def size_of_forest(nodes, edges, _start):
    return nodes - nx.number_connected_components(network(nodes, edges))


def spanning_weight(nodes, edges, _start):
    forest = nx.minimum_spanning_edges(network(nodes, edges), data=True)
    return sum(data["weight"] for *_, data in forest)


def reached(nodes, edges, start):
    return sorted(nx.node_connected_component(network(nodes, edges), start))


def degrees(nodes, edges, _start):
    return [degree for _, degree in sorted(network(nodes, edges).degree())]


def strengths(nodes, edges, _start):
    return [total for _, total in sorted(network(nodes, edges).degree(weight="weight"))]


def bipartite(nodes, edges, _start):
    return nx.is_bipartite(network(nodes, edges))


def triangles(nodes, edges, _start):
    return sum(nx.triangles(network(nodes, edges)).values())


def longest_chains(nodes, edges, _start):
    """The most edges on a path that ends at a node; edges lead from smaller to larger nodes."""
    found = [0] * nodes
    for node in nx.topological_sort(built := network(nodes, edges, directed=True)):
        found[node] = max((found[before] + 1 for before in built.predecessors(node)), default=0)
    return found


@pytest.mark.parametrize(
    ("type_", "stem", "reading", "reference"),
    [
        (EDGES, "labels", list, components),
        (WEIGHTED, "labels", list, components),
        (EDGES, "labels", list, distances(None)),
        (EDGES, "labels", list, distances(None, directed=True)),
        (WEIGHTED, "labels", list, distances("weight")),
        (WEIGHTED, "labels", list, distances("weight", directed=True)),
        (EDGES, "labels", list, longest_chains),
        (EDGES, "alike", list, reached),
        (EDGES, "inside", lambda inside: inside == [], bipartite),
        (EDGES, "forest", len, size_of_forest),
        (WEIGHTED, "forest", sum, spanning_weight),
        (EDGES, "totals", list, degrees),
        (WEIGHTED, "totals", list, strengths),
        (EDGES, "counts", sum, triangles),
    ],
)
def test_a_column_is_what_networkx_computes(columns, type_, stem, reading, reference):
    """One column agrees with networkx on all graphs."""
    rng = random.Random(1)
    pilot = [drawn(rng) for _ in range(30)]
    known = [each for each in columns[type_] if each.name == stem]
    fitting = [
        column
        for column in known
        if all(reading(column.at(as_row(type_, *each))) == reference(*each) for each in pilot)
    ]
    assert fitting

    @settings(max_examples=60, deadline=None)
    @given(random_graphs)
    def agrees(graph):
        assert reading(fitting[0].at(as_row(type_, *graph))) == reference(*graph)

    agrees()


def between(rng):
    """Edges, a start and a goal, which no edge need touch."""
    nodes, edges, start = drawn(rng)
    return [(a, b) for a, b, _ in edges], start, rng.randrange(nodes)


def distance(edges, start, goal):
    built = nx.Graph(edges)
    built.add_nodes_from((start, goal))
    return nx.single_source_shortest_path_length(built, start).get(goal, FAR)


@pytest.fixture(scope="module")
def lengths():
    """The columns that are the distance between two nodes on thirty graphs."""
    rng = random.Random(3)
    rows = [between(rng) for _ in range(30)]
    found = derived_from((("edges", EDGES), ("start", INT), ("goal", INT)), rows)
    return [column for column in found if column.on(rows) == tuple(distance(*row) for row in rows)]


@settings(max_examples=60, deadline=None)
@given(graph=st.randoms(use_true_random=False).map(between))
def test_without_their_number_nodes_are_ends_of_edges_and_parameters(lengths, graph):
    assert {column.at(graph) for column in lengths} == {distance(*graph)}


def test_edges_inside_and_outside_a_list_of_nodes():
    """Among the columns for a list of nodes are the edges between them, and between others."""
    parameters = (("edges", EDGES), ("chosen", list_of(INT)))
    rng = random.Random(2)
    rows = []
    for _ in range(24):
        nodes, edges, _ = drawn(rng)
        pairs = [(a, b) for a, b, _ in edges]
        rows.append((pairs, rng.sample(range(nodes), rng.randint(0, nodes))))
    found = {
        tuple(map(repr, column.on(rows)))
        for column in derived_from(parameters, rows)
        if column.on(rows) is not None
    }
    for wanted in (2, 0):
        edges_with = [
            [edge for edge in edges if sum(end in chosen for end in edge) == wanted]
            for edges, chosen in rows
        ]
        assert tuple(map(repr, edges_with)) in found


@settings(max_examples=20, deadline=None)
@given(graph=random_graphs)
def test_a_column_is_what_its_text_computes(columns, graph):
    for type_, known in columns.items():
        for column in known:
            namespace = {}
            exec(column.program.python, namespace)
            row = as_row(type_, *graph)
            assert namespace[column.program.name](*row) == column.at(row)


def acyclic(rng):
    """Nodes with edges along a hidden order."""
    nodes, edges, _ = drawn(rng)
    name = rng.sample(range(nodes), nodes)
    return nodes, [(name[a], name[b]) for a, b, _ in edges]


def first_order(nodes, edges):
    built = nx.DiGraph()
    built.add_nodes_from(range(nodes))
    built.add_edges_from(edges)
    return list(nx.lexicographical_topological_sort(built))


@pytest.fixture(scope="module")
def ordering():
    """The first selection that orders nodes along their edges on twelve graphs."""
    rng = random.Random(0)
    rows = [acyclic(rng) for _ in range(12)]
    inputs = [{"nodes": nodes, "edges": edges} for nodes, edges in rows]
    outputs = [first_order(*row) for row in rows]
    signature = Signature("order", (("nodes", INT), ("edges", EDGES)), list_of(INT))
    examples = Examples.from_rows(["nodes", "edges"], inputs, outputs)
    budget = SearchBudget(10**6, 2**30)
    problem = SearchProblem(signature, examples, grammar_for(signature), budget)
    search = SelectionSearch(problem)
    programs = (program for cost in range(16) for program in search.advance(cost))
    return next(each for each in programs if first_wrong(each, examples) is None)


@settings(max_examples=60, deadline=None)
@given(graph=st.randoms(use_true_random=False).map(acyclic))
def test_a_selection_orders_nodes_along_their_edges(ordering, graph):
    assert ordering.compile()(*graph) == first_order(*graph)
