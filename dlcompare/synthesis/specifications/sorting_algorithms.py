"""Sorting algorithms from one specification: a program for each design, proved for every length.

No example is given. The specification is solved for short lists (`cegis`), and from these solutions
come the examples of each step of a design. A step is searched in its recursion scheme, and taken
once it is proved to meet its contract; the whole program is proved last.
"""

import ast
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import CodeType
from typing import Any

import numpy as np

from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.dsl.expression import Apply, Recursion, Variable
from dlcompare.synthesis.dsl.names import fresh_names
from dlcompare.synthesis.dsl.primitives.primitive import INTS, Primitive
from dlcompare.synthesis.dsl.program import Program
from dlcompare.synthesis.grammar.grammar import grammar_for
from dlcompare.synthesis.proofs.contracts import proved_by_contracts
from dlcompare.synthesis.proofs.induction import relation_of
from dlcompare.synthesis.proofs.proof import Contract, Proof
from dlcompare.synthesis.proofs.verify import verify
from dlcompare.synthesis.specifications.cegis import Specification, labelled
from dlcompare.synthesis.specifications.designs import DESIGNS, Design, DesignStep
from dlcompare.synthesis.strategies.recursion_schemes import SchemeSearch
from dlcompare.synthesis.strategies.search_problem import SearchProblem
from dlcompare.tasks.errors import NoProgramError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, Value

__all__ = ["WITHOUT", "Algorithm", "sorting_algorithms"]

WITHOUT = frozenset({"sort", "smallest", "largest", "smaller", "larger"})
"""Primitives that sort, or that pick the least of several elements."""

_WHOLE = Signature("sort", (("xs", INTS),), INTS)
_LISTS, _LONGEST, _VALUES = 32, 4, 5
_EXAMPLES = 24
_MOST_COST = 45


@dataclass(frozen=True)
class Algorithm:
    """A sorting algorithm found from a specification.

    Attributes
    ----------
    name : str
        The name of its function.
    python : str
        The source of its functions, the main one last.
    proof : Proof
        Of the whole program.
    contracts : mapping of str to Contract
        The contract of each step.
    candidates : int
        Programs tried.
    seconds : float
        Wall-clock time.
    """

    name: str
    python: str
    proof: Proof
    contracts: Mapping[str, Contract]
    candidates: int
    seconds: float

    @property
    def shown(self) -> list[str]:
        """Return what the proof shows, one obligation each."""
        return (self.proof.reason or "").removeprefix("shown: ").split("; ")

    def compile(self) -> Callable[[list[int]], list[int]]:
        """Return the function."""
        namespace: dict[str, Any] = {}
        exec(compile(self.python, f"<{self.name}>", "exec"), namespace)
        function: Callable[[list[int]], list[int]] = namespace[self.name]
        return function


def sorting_algorithms(
    ensures: Specification,
    designs: Iterable[Design] = DESIGNS,
    without: Iterable[str] = (),
) -> Iterator[Algorithm]:
    """Yield a program for each design that meets a specification of sorting integers.

    Parameters
    ----------
    ensures : callable
        ``(xs, result) -> bool``: neighbours in the result are in an order, and the result is a
        permutation of the input.
    designs : iterable of Design
        How to sort.
    without : iterable of str
        Primitives that no program may use, in addition to `WITHOUT`.

    Raises
    ------
    NoProgramError
        If no program of a design is found and proved.
    UnsupportedError
        If the specification is none of sorting.

    Examples
    --------
    >>> from dlcompare.tasks.registry import catalogue
    >>> from dlcompare.synthesis.specifications.designs import PARTITION
    >>> (found,) = sorting_algorithms(catalogue()["sorting"].ensures, [PARTITION])
    >>> found.proof.status, found.compile()([3, 1, 2])
    ('proved', [1, 2, 3])
    """
    maker = _Maker(ensures, frozenset(without) | WITHOUT)
    for design in designs:
        yield maker.algorithm(design)


class _Maker:
    """Searches the programs of designs for one specification."""

    def __init__(self, ensures: Specification, without: frozenset[str]) -> None:
        self.ensures, self.without = ensures, without
        self.relation = relation_of(ensures)
        self.solutions: dict[tuple[int, ...], list[int]] = {}
        rng = np.random.default_rng(0)
        lengths = rng.integers(_LONGEST + 1, size=_LISTS)
        lists = [rng.integers(_VALUES, size=length).tolist() for length in lengths]
        self.lists = list({repr(xs): xs for xs in lists}.values())
        self.rng = rng

    def solved(self, xs: list[int]) -> list[int]:
        """Return a list that meets the specification for `xs`."""
        if tuple(xs) not in self.solutions:
            self.solutions[tuple(xs)] = labelled(_WHOLE, self.ensures, {"xs": xs})
        return self.solutions[tuple(xs)]

    def algorithm(self, design: Design) -> Algorithm:
        started, budget = time.monotonic(), SearchBudget(10**9, 2**30)
        programs = [self._step(step, budget) for step in design.steps]
        whole = _calling(design) if design.steps else self._terms(design, budget)
        source = "\n\n".join(program.python for program in (*programs, whole))
        contracts = {step.name: step.contract for step in design.steps}
        proof = verify(source, whole.signature, self.ensures, seconds=20.0, contracts=contracts)
        if proof.status != "proved" or proof.method != "induction":
            raise NoProgramError(f"{design.name} is not proved: {proof.reason}")
        seconds = time.monotonic() - started
        return Algorithm(design.name, source, proof, contracts, budget.spent, seconds)

    def _step(self, step: DesignStep, budget: SearchBudget) -> Program:
        """Return the cheapest program found for a step that is proved to meet its contract."""
        signature = Signature(step.name, step.parameters, step.result)
        cases = self._cases(step)
        known = {repr([case[name] for name, _ in step.parameters]): case for case in cases}

        def accepts(*values: Value) -> bool:
            *inputs, output = values
            case = {**known[repr(inputs)], "result": output}
            return all(self._true(condition, case) for condition in step.contract.ensures)

        for program in self._found(signature, [step.scheme], cases, budget, accepts):
            (function,) = ast.parse(program.python).body
            assert isinstance(function, ast.FunctionDef)
            contracts = {step.name: step.contract}
            shown = proved_by_contracts([function], contracts, self.relation, {})
            if all(each.proved for each in shown):
                return program
        raise NoProgramError(f"no program for the step {step.name} is found and proved")

    def _terms(self, design: Design, budget: SearchBudget) -> Program:
        """Return the cheapest program found of a scheme whose holes are terms."""
        signature = Signature(design.name, _WHOLE.parameters, _WHOLE.result)
        cases = [{"xs": xs, "result": self.solved(xs)} for xs in self.lists]

        def accepts(*values: Value) -> bool:
            return bool(self.ensures(*values))

        for program in self._found(signature, [design.scheme], cases, budget, accepts):
            return program
        raise NoProgramError(f"no program of the design {design.name} is found")

    def _found(
        self,
        signature: Signature,
        schemes: list[Any],
        cases: list[dict[str, Value]],
        budget: SearchBudget,
        accepts: Callable[..., bool],
    ) -> Iterator[Program]:
        """Yield programs that are right in all cases, cheapest first."""
        names = [name for name, _ in signature.parameters]
        examples = Examples.from_rows(names, cases, [case["result"] for case in cases])
        grammar = grammar_for(signature, without=self.without)
        search = SchemeSearch(SearchProblem(signature, examples, grammar, budget), schemes, accepts)
        for cost in range(1, _MOST_COST):
            for program in search.advance(cost):
                function = program.compile()
                wrong = next(
                    (case for case in cases if not _right(function, names, case, accepts)), None
                )
                if wrong is None:
                    yield program
                else:
                    search.reject((*(wrong[name] for name in names), wrong["result"]))

    def _cases(self, step: DesignStep) -> list[dict[str, Value]]:
        """Return values of the names in a contract for which all its conditions hold."""
        cases: dict[str, dict[str, Value]] = {}
        conditions = (*step.contract.requires, *step.contract.ensures)
        for _ in range(10 * _EXAMPLES):
            case: dict[str, Value] = {}
            for condition in step.contract.requires:
                self._bind(condition, case)
            for name, type_ in step.parameters:
                if name not in case:
                    case[name] = int(self.rng.integers(_VALUES)) if type_ == INT else self._list()
            for condition in step.contract.ensures:
                self._bind(condition, case)
            if all(self._true(condition, case) for condition in conditions):
                cases[repr([case[name] for name, _ in step.parameters])] = case
            if len(cases) == _EXAMPLES:
                break
        return list(cases.values())

    def _list(self) -> list[int]:
        return list(self.lists[int(self.rng.integers(len(self.lists)))])

    def _bind(self, condition: str, case: dict[str, Value]) -> None:
        """Choose values for the new names in a condition, so that it may hold."""
        match ast.parse(condition, mode="eval").body:
            case ast.Call(_, [ast.Name(xs), ast.Name(ys)]) if xs == ys and xs not in case:
                case[xs] = self.solved(self._list())  # what is right for a list is right for itself
            case ast.Call(_, [ast.Name(xs), ast.Name(ys)]) if xs not in case and ys in case:
                case[xs] = case[ys]
            case ast.Call(_, [given, wanted]):
                if isinstance(given, ast.Name):
                    case.setdefault(given.id, self._list())
                solution = self.solved(_value(_code(ast.unparse(given)), case))
                match wanted:
                    case ast.Name(ys):
                        case.setdefault(ys, solution)
                    case ast.BinOp(ast.List([ast.Name(x)]), ast.Add(), ast.Name(ys)) if solution:
                        case.setdefault(x, solution[0])
                        case.setdefault(ys, solution[1:])

    def _true(self, condition: str, case: Mapping[str, Value]) -> bool:
        """Return whether a condition of a contract holds."""
        code = _code(condition)
        known = {**case, "ensures": self.ensures}
        return known.keys() >= set(code.co_names) and bool(_value(code, known))


def _right(
    function: Callable[..., Value],
    names: list[str],
    case: Mapping[str, Value],
    accepts: Callable[..., bool],
) -> bool:
    inputs = [case[name] for name in names]
    try:
        return accepts(*inputs, function(*inputs))
    except Exception:  # whatever Python raises: the program is undefined there
        return False


@cache
def _code(expression: str) -> CodeType:
    return compile(expression, "<contract>", "eval")


def _value(code: CodeType, names: Mapping[str, Any]) -> Any:
    """Return the value of an expression of a contract."""
    return eval(code, {"__builtins__": {}}, dict(names))


def _calling(design: Design) -> Program:
    """Return the program of a design that calls its steps."""
    parameters = tuple(name for name, _ in _WHOLE.parameters)
    scheme = design.scheme
    chosen = fresh_names({design.name, *parameters}, scheme.names)
    names = dict(zip(scheme.names, chosen, strict=True))
    known = {**names, "source": parameters[0]}
    parts = tuple(
        Apply(_primitive(step), tuple(Variable(known[name]) for name in step.arguments))
        for step in design.steps
    )
    source = (Variable(parameters[0]),)
    recursion = Recursion(scheme, tuple(names.items()), source, parts)
    return Program(Signature(design.name, _WHOLE.parameters, _WHOLE.result), recursion, scheme.cost)


def _primitive(step: DesignStep) -> Primitive:
    """Return a step as an operation that a program may call."""
    listed = ", ".join(name for name, _ in step.parameters)
    return Primitive(
        step.name, step.parameters, step.result, 1, f"{step.name}({listed})", lambda *_: 0
    )
