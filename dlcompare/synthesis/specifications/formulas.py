"""Programs from formulas that relate a result to its input, without any learning.

A formula is a conjunction over the input, intermediate lists, and the result, each related to the
earlier ones. The relation of one list to others is a specification of its own, for which
counterexample-guided synthesis finds a program without examples (`cegis`), proved for short lists.
The sequence of these programs is the answer.
"""

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.reading import ReadingError, read
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.proofs.symbolic.execution import Closure
from dlcompare.synthesis.search import search
from dlcompare.synthesis.specifications.cegis import checked, labelled
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import ABSTAIN, Budget, Examples, Inputs, Signature
from dlcompare.tasks.types import INT, Value, list_of

__all__ = ["Relation", "SpecifiedByFormula", "relations"]

INPUT, RESULT = "xs", "result"
LISTS = list_of(INT)

LENGTHS = (4, 6, 3, 8, 12, 2, 1, 0)
"""Lengths of the lists that a function is tried on, those of the better examples first."""

CANDIDATES = 2_000_000
"""The most programs tried for one relation."""

EXAMPLES = 32
"""The most examples made for one relation."""

MEMORY = 2**30
"""The memory limit of one search, in bytes."""

KNOWN = ("abs", "all", "any", "enumerate", "len", "list", "max", "min", "range", "sorted", "sum")
"""Functions that a formula may call."""


class Relation(Closure):
    """A relation of a list to earlier lists, checked on values or executed symbolically.

    Attributes
    ----------
    result : str
        The name of the list.
    lists : tuple of str
        The names of the earlier lists.
    text : str
        The relation, between ``list0``, ``list1`` … and ``result``.
    """

    def __init__(self, result: str, lists: Sequence[str], parts: Sequence[ast.expr]) -> None:
        self.result, self.lists = result, tuple(lists)
        names = {name: f"list{k}" for k, name in enumerate(lists)} | {result: RESULT}
        self.text = " and ".join(f"({_renamed(ast.unparse(part), names)})" for part in parts)
        source = f"def relation({', '.join(names.values())}):\n    return {self.text}"
        try:
            self._holds = read(source)
        except ReadingError as error:
            raise NoProgramError(f"the relation `{self.text}` cannot be read: {error}") from None
        parameters = [ast.arg(name) for name in names.values()]
        arguments = ast.arguments(
            posonlyargs=[], args=parameters, kwonlyargs=[], kw_defaults=[], defaults=[]
        )
        body = ast.parse(self.text, mode="eval").body
        super().__init__(
            ast.Lambda(arguments, body), {name: vars(builtins)[name] for name in KNOWN}
        )

    def __call__(self, *values: Value, **named: Value) -> bool:
        return bool(self._holds(*values, **named))


def relations(formula: str) -> list[Relation]:
    """Return the relation that a formula gives for each list, in an order of computation.

    Raises
    ------
    NoProgramError
        Unless the formula is a conjunction in Python syntax that relates each list to earlier ones.

    Examples
    --------
    >>> for each in relations("len(a) == 1 and a[0] == len(xs) and result == a + xs"):
    ...     print(each.result, each.lists, each.text)
    a ('xs',) (len(result) == 1) and (result[0] == len(list0))
    result ('a', 'xs') (result == list0 + list1)
    """
    try:
        body = ast.parse(formula, mode="eval").body
    except SyntaxError:
        raise NoProgramError(f"{formula!r} is no formula in Python's syntax") from None
    waiting = (
        body.values if isinstance(body, ast.BoolOp) and isinstance(body.op, ast.And) else [body]
    )
    said: dict[str, list[ast.expr]] = {INPUT: []}
    while waiting:
        later = []
        for part in waiting:
            named = _names(part)
            new = [name for name in named if name not in said]
            if len(new) > 1:
                later.append(part)
                continue
            newest = new[0] if new else max(named, key=list(said).index, default=INPUT)
            said.setdefault(newest, []).append(part)
        if later == waiting:
            raise NoProgramError(f"{formula!r} does not relate one list after the other")
        waiting = later
    return [
        Relation(name, [each for each in _names(*parts) if each != name], parts)
        for name, parts in said.items()
        if name != INPUT
    ]


def _names(*parts: ast.expr) -> list[str]:
    """Return the free names of the expressions, in order of appearance."""
    nodes = [node for part in parts for node in ast.walk(part) if isinstance(node, ast.Name)]
    bound = {node.id for node in nodes if isinstance(node.ctx, ast.Store)} | set(KNOWN)
    free = sorted(
        (node for node in nodes if node.id not in bound),
        key=lambda node: (node.lineno, node.col_offset),
    )
    return list(dict.fromkeys(node.id for node in free))


class _Renaming(ast.NodeTransformer):
    def __init__(self, names: Mapping[str, str]) -> None:
        self.names = names

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self.names.get(node.id, node.id), node.ctx)


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return ast.unparse(_Renaming(names).visit(ast.parse(text)))


def _prior() -> dict[str, str | int | float]:
    return {
        "given": "that an input is a formula; the language of formulas and programs; a solver",
        "pairs used": 0,
        "candidates a relation": CANDIDATES,
        "examples made a relation, at most": EXAMPLES,
        "pre-training": "none",
    }


@dataclass(frozen=True)
class SpecifiedByFormula:
    """A predictor that answers a formula with the sequence of programs for its relations.

    Attributes
    ----------
    budget : Budget
    without : frozenset of str
        Primitives that no program may use.
    """

    budget: Budget
    without: frozenset[str] = frozenset()
    cost: Cost = field(default_factory=Cost)
    prior: Mapping[str, str | int | float] = field(default_factory=_prior)
    _known: dict[str, str | None] = field(default_factory=dict)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return for every formula the source of a program, as one token; [] if one is missing."""
        return [self._answer(" ".join(row["formula"])) for row in inputs]

    def _answer(self, formula: str) -> Value:
        lines = [f"def program({INPUT}):"]
        try:
            for relation in relations(formula):
                source = self._program(relation)
                if source is None:
                    return ABSTAIN
                lines += [f"    {line}" for line in _statements(source, relation)]
        except NoProgramError:
            return ABSTAIN
        return ["\n".join([*lines, f"    return {RESULT}"])]

    def _program(self, relation: Relation) -> str | None:
        """Return a function that meets a relation, cached by the relation."""
        if relation.text not in self._known:
            half = self.budget.bytes // 2 if self.budget.bytes else MEMORY
            meter = SearchBudget(min(self.budget.candidates, CANDIDATES), min(half, MEMORY))
            try:
                self._known[relation.text] = meeting_relation(relation, self.without, meter)
            except NoProgramError:
                self._known[relation.text] = None
        return self._known[relation.text]


def meeting_relation(relation: Relation, without: frozenset[str], budget: SearchBudget) -> str:
    """Return the Python source of a function that meets a relation.

    Parameters
    ----------
    relation : Relation
    without : frozenset of str
        Primitives that the function may not use.
    budget : Budget
        Shared by all searches.

    Raises
    ------
    NoProgramError
        If the budget is spent without such a function, or if no check can decide.
    """
    names = [f"list{k}" for k in range(len(relation.lists))]
    signature = Signature("step", tuple((name, LISTS) for name in names), LISTS)
    grammar = grammar_for(signature, without=without)
    fresh = _fresh(names)
    rows: list[Inputs] = [fresh[0]]
    outputs: list[Value] = []
    while len(rows) <= EXAMPLES:
        outputs.append(labelled(signature, relation, rows[-1]))
        examples = Examples.from_rows(names, rows, outputs)
        program = search(SearchProblem(signature, examples, grammar, budget), specified=True)
        function = program.compile()
        wrong = next((each for each in fresh if not _met(relation, function, each)), None)
        if wrong is None:
            # The lists tried may miss a counterexample; the solver covers every short list.
            proof = checked(program.python, signature, relation)
            if proof.status != "refuted":
                return program.python
            assert proof.counterexample is not None
            wrong = dict(proof.counterexample["inputs"])
        if wrong in rows:
            raise NoProgramError(f"{relation.text} is not met by its own answer at {wrong!r}")
        rows.append(wrong)
    raise NoProgramError(f"{EXAMPLES} examples do not tell what meets {relation.text}")


def _fresh(names: Sequence[str]) -> list[Inputs]:
    """Return new inputs to try a function on."""
    rng = np.random.default_rng(0)
    return [
        {name: rng.integers(-width, width + 1, size=length).tolist() for name in names}
        for length in LENGTHS
        for width in (3, 12, 100)
    ]


def _met(relation: Relation, function: Callable[..., Value], inputs: Inputs) -> bool:
    try:
        return relation(**inputs, result=function(**inputs))
    except Exception:  # whatever Python raises: function or relation are undefined there
        return False


def _statements(source: str, relation: Relation) -> list[str]:
    """Return a function body over a relation's lists that binds its result to its name."""
    names = {f"list{k}": name for k, name in enumerate(relation.lists)}
    (function,) = ast.parse(_renamed(source, names)).body
    assert isinstance(function, ast.FunctionDef)
    *before, last = function.body
    assert isinstance(last, ast.Return)
    assert last.value is not None
    texts = [ast.unparse(each) for each in before]
    return [line for text in texts for line in text.splitlines()] + [
        f"{relation.result} = {ast.unparse(last.value)}"
    ]
