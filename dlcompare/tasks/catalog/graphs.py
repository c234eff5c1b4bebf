"""Graphs: networkx draws them and is the reference.

A graph is the number of its nodes, which are called 0, 1, 2 …, and the list of its edges. It is
drawn uniformly among those with as many edges as its mean degree asks for. networkx loads when the
first graph is drawn.
"""

from typing import TYPE_CHECKING, Any

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task
from dlcompare.tasks.types import Value

if TYPE_CHECKING:
    import networkx as nx

Edges = list[tuple[int, int]]

NODES = [10, 12, 16, 24, 32, 64]


def drawn(rng: np.random.Generator, setting: Setting, degree: float) -> tuple[int, Edges]:
    """Nodes and edges, each with the smaller node first; knobs: nodes, degree (the mean)."""
    nodes = int(setting.get("nodes", 6))
    pairs = nodes * (nodes - 1) // 2
    count = min(pairs, round(nodes * setting.get("degree", degree) / 2))
    chosen = sorted(rng.choice(pairs, size=count, replace=False).tolist())
    # The k-th pair in the order 01, 02, 12, 03, 13, 23, …
    larger = ((np.sqrt(8 * np.array(chosen) + 1) + 1) / 2).astype(int).tolist()
    edges = [(k - b * (b - 1) // 2, b) for k, b in zip(chosen, larger, strict=True)]
    return nodes, [edges[i] for i in rng.permutation(count)]


def graph(nodes: int, edges: Edges) -> "nx.Graph[int]":
    """The undirected graph of networkx."""
    import networkx as nx

    built: nx.Graph[int] = nx.Graph()
    built.add_nodes_from(range(nodes))
    built.add_edges_from(edges)
    return built


def closed(edges: Edges, seen: set[int]) -> set[int]:
    """All nodes that undirected edges lead to from those seen."""
    while more := {b for a, b in edges if a in seen} | {a for a, b in edges if b in seen}:
        if more <= seen:
            break
        seen = seen | more
    return seen


def edges_and_two(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A graph with two edges for three nodes, and two of its nodes."""
    nodes, edges = drawn(rng, setting, 1.4)
    start, goal = rng.choice(nodes, size=2, replace=False).tolist()
    return {"edges": edges, "start": start, "goal": goal}


@task(
    inputs=edges_and_two,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "degree": [0.8, 3.0]},
    ensures=lambda edges, start, goal, result: result == (goal in closed(edges, {start})),
)
def reachable(edges: list[tuple[int, int]], start: int, goal: int) -> bool:
    """Tell whether edges lead from one node to another, in either direction.

    reachable([(0, 1), (1, 2), (3, 4)], 0, 2) == True
    """
    import networkx as nx

    network = graph(1 + max(start, goal), edges)
    return bool(nx.has_path(network, start, goal))


@task(
    inputs=edges_and_two,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "degree": [0.8, 3.0]},
)
def shortest_path_length(edges: list[tuple[int, int]], start: int, goal: int) -> int:
    """The number of edges on a shortest path between two nodes; -1 if there is none.

    shortest_path_length([(0, 1), (1, 2), (0, 3)], 2, 3) == 3
    """
    import networkx as nx

    network = graph(1 + max(start, goal), edges)
    try:
        return int(nx.shortest_path_length(network, start, goal))
    except nx.NetworkXNoPath:
        return -1


def nodes_and_edges(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A graph with so few edges that it is seldom connected."""
    nodes, edges = drawn(rng, setting, 1.4)
    return {"nodes": nodes, "edges": edges}


@task(
    inputs=nodes_and_edges,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "degree": [0.8, 3.0]},
)
def connected_components(nodes: int, edges: list[tuple[int, int]]) -> int:
    """Count the connected parts of a graph.

    connected_components(5, [(0, 1), (1, 2)]) == 3
    """
    import networkx as nx

    return int(nx.number_connected_components(graph(nodes, edges)))


@task(
    inputs=nodes_and_edges,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "degree": [0.8, 3.0]},
    ensures=lambda nodes, edges, result: (  # noqa: ARG005
        result == any(b in closed([e for e in edges if e != (a, b)], {a}) for a, b in edges)
    ),
)
def has_cycle(nodes: int, edges: list[tuple[int, int]]) -> bool:
    """Tell whether a graph has a cycle.

    has_cycle(4, [(0, 1), (1, 2), (0, 2)]) == True
    """
    import networkx as nx

    return not nx.is_forest(graph(nodes, edges))


def two_coloured(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A graph between two random groups of nodes; half of the time with one edge within a group."""
    nodes, edges = drawn(rng, setting, 3.0)
    group = rng.integers(0, 2, size=nodes)
    within = [edge for edge in edges if group[edge[0]] == group[edge[1]]]
    between = [edge for edge in edges if edge not in set(within)]
    extra = within[: int(rng.integers(0, 2))]
    return {"nodes": nodes, "edges": [edge for edge in edges if edge in set(between + extra)]}


@task(
    inputs=two_coloured,
    train={"nodes": range(4, 9)},
    test={"nodes": NODES, "degree": [5.0]},
)
def is_bipartite(nodes: int, edges: list[tuple[int, int]]) -> bool:
    """Tell whether the nodes fall into two groups such that every edge joins one with the other.

    is_bipartite(4, [(0, 1), (1, 2), (2, 3), (0, 3)]) == True
    """
    import networkx as nx

    return bool(nx.is_bipartite(graph(nodes, edges)))


def acyclic(rng: np.random.Generator, setting: Setting) -> Inputs:
    """Nodes with edges that all point the same way along a hidden order."""
    nodes, edges = drawn(rng, setting, 2.0)
    name = rng.permutation(nodes).tolist()
    return {"nodes": nodes, "edges": [(name[a], name[b]) for a, b in edges]}


def follows_the_edges(inputs: Inputs, order: Value) -> bool:
    """Every node once, and every edge forwards."""
    if sorted(order) != list(range(inputs["nodes"])):
        return False
    place = {node: i for i, node in enumerate(order)}
    return all(place[a] < place[b] for a, b in inputs["edges"])


@task(
    inputs=acyclic,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "degree": [1.0, 4.0]},
    accepts=follows_the_edges,
    ensures=lambda nodes, edges, result: (
        sorted(result) == list(range(nodes))
        and all(result.index(a) < result.index(b) for a, b in edges)
    ),
)
def topological_order(nodes: int, edges: list[tuple[int, int]]) -> list[int]:
    """The nodes in an order in which every edge points forwards; any such order is right.

    topological_order(3, [(2, 0), (0, 1)]) == [2, 0, 1]
    """
    import networkx as nx

    network: nx.DiGraph[int] = nx.DiGraph()
    network.add_nodes_from(range(nodes))
    network.add_edges_from(edges)
    return list(nx.lexicographical_topological_sort(network))


def weighted(rng: np.random.Generator, setting: Setting) -> Inputs:
    """A connected graph; knob besides those of `drawn`: magnitude, of the weights."""
    nodes, edges = drawn(rng, setting, 3.0)
    tree = [(int(rng.integers(0, b)), b) for b in range(1, nodes)]
    both = list(dict.fromkeys([*tree, *edges]))
    weights = rng.integers(1, setting.get("magnitude", 10), size=len(both)).tolist()
    order = rng.permutation(len(both))
    return {"nodes": nodes, "edges": [(*both[i], weights[i]) for i in order]}


@task(
    inputs=weighted,
    train={"nodes": range(3, 9)},
    test={"nodes": NODES, "magnitude": [100, 1_000], "degree": [5.0]},
)
def minimum_spanning_tree_weight(nodes: int, edges: list[tuple[int, int, int]]) -> int:
    """The least total weight of edges that connect all nodes; edges are (a, b, weight).

    minimum_spanning_tree_weight(3, [(0, 1, 4), (1, 2, 5), (0, 2, 7)]) == 9
    """
    import networkx as nx

    network: Any = nx.Graph()
    network.add_nodes_from(range(nodes))
    network.add_weighted_edges_from(edges)
    return int(nx.minimum_spanning_tree(network).size(weight="weight"))


@task(
    inputs=nodes_and_edges,
    train={"nodes": range(3, 9), "degree": [1.0, 2.0, 3.0]},
    test={"nodes": NODES, "degree": [5.0, 6.0]},
    ensures=lambda nodes, edges, result: (
        result
        == sum(
            (a, b) in edges and (b, c) in edges and (a, c) in edges
            for c in range(nodes)
            for b in range(c)
            for a in range(b)
        )
    ),
)
def triangles(nodes: int, edges: list[tuple[int, int]]) -> int:
    """Count the triples of nodes that are all joined with one another.

    triangles(4, [(0, 1), (1, 2), (0, 2), (2, 3)]) == 1
    """
    import networkx as nx

    return int(sum(nx.triangles(graph(nodes, edges)).values())) // 3
