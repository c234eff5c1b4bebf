"""Function bodies: the terms over a lambda's parameters and the variables in scope.

The bodies are terms of a separate bank, whose rows pair every row of the outer scope with values
that the parameters may take there. The values include every integer in scope and its neighbours,
and equal ones, so that `<` and `<=` are not observationally equivalent.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from dlcompare.synthesis.bank.bank import TermBank
from dlcompare.synthesis.bank.budget import SearchBudget
from dlcompare.synthesis.bank.language import Language
from dlcompare.synthesis.bank.scope import FunctionPool, Scope, ScopeVariable
from dlcompare.synthesis.compiled.packing import FUNCTIONS_FROM, INT_KIND, WIDE_FROM, fits
from dlcompare.synthesis.dsl.program import Apply, Constant, Expression, Lambda, Variable
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value

__all__ = ["FunctionBodies", "term_expression"]

MOST = 4_000
"""Once a kind has this many bodies, no further level is enumerated."""

_ROWS = 64
_VALUES_A_ROW = 6

_OUTER = 2
"""The extra cost, in bits, of a list or a string of the outer scope inside a function."""


@dataclass
class _Source:
    """The bodies of functions with the same parameter types."""

    parameters: tuple[str, ...]
    kinds: dict[int, int]  # function kind by result kind
    bank: TermBank
    count: int = 0
    reached: int = 0
    uses: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))


class FunctionBodies(FunctionPool):
    """The pool of function bodies of a scope, and how to print them.

    Parameters
    ----------
    language : Language
        Types and operations.
    scope : Scope
        The scope around the function; its variables are free in the body.
    ops : sequence of int
        The operations in use.
    names : (str, str)
        The names of the parameters.
    budget : SearchBudget
        Shared with the rest of the search.
    """

    def __init__(
        self,
        language: Language,
        scope: Scope,
        ops: Sequence[int],
        names: tuple[str, ...],
        budget: SearchBudget,
    ) -> None:
        super().__init__(language, scope)
        budget.banks.add(self)
        self.larger = language.operations[language.named("larger")[0]].number
        self.sources: list[_Source] = []
        self.bodies: list[tuple[_Source, int]] = []
        wanted: dict[tuple[tuple[Type, ...], bool], dict[Type, int]] = {}
        for op in ops:
            for type_ in language.operations[op].parameters:
                if type_.name == "function":
                    *parameters, result = type_.parameters
                    listless = result in (INT, BOOL)
                    wanted.setdefault((tuple(parameters), listless), {})[result] = language.kind(
                        type_
                    )
        nothing = FunctionPool(language, Scope(()))
        for (types, listless), results in wanted.items():
            inner = _inner_scope(scope, types, names)
            if inner is None:
                continue
            usable = list(_body_ops(language, ops, listless))
            self.sources.append(
                _Source(
                    names[: len(types)],
                    {language.kind(result): kind for result, kind in results.items()},
                    TermBank(language, inner, usable, nothing, budget),
                )
            )

    def reach(self, cost: int) -> None:
        """Enumerate all bodies of at most this cost, or all levels until `MOST` bodies."""
        self.more_tables()
        for source in self.sources:
            while source.reached < cost and source.count < MOST:
                source.reached += 1
                for kind, terms, _ in source.bank.level(source.reached):
                    self._take_up(source, kind, terms)

    def _take_up(self, source: _Source, kind: int, terms: np.ndarray) -> None:
        packed, language = source.bank.packed, source.bank.language
        size = len(source.parameters)
        if len(source.uses) < len(packed.ops):
            more = np.zeros(len(packed.ops) - len(source.uses), np.int64)
            source.uses = np.concatenate([source.uses, more])
        kernels = language.kernels
        kernels.uses_parameters(packed, language.kinds, terms, size, source.uses)
        if kind not in source.kinds:
            return
        ops, uses = packed.ops[terms], source.uses[terms]
        chosen = (uses > 0) & (ops >= 0)
        scalars = all(v.type in (INT, BOOL) for v in source.bank.scope.variables[:size])
        if scalars and kind == INT_KIND:  # or without any operation, equal for every element
            chosen |= (uses == 0) & ((ops < 0) | (language.kinds[np.maximum(ops, 0), 0] < 0))
        bodies = terms[chosen]
        if not len(bodies):
            return
        first = len(self.bodies)
        self.bodies += [(source, int(body)) for body in bodies]
        source.count += len(bodies)
        while len(self.packed.sizes) < len(self.bodies):
            self.enlarge()
        tabulated = size == 1 and scalars and kind < WIDE_FROM
        kernels.write_functions(
            packed, language.kinds, language.numbers, bodies, first, size,
            tabulated, self.larger, self.packed,
        )  # fmt: skip
        pool = self.by_cost[source.kinds[kind]]
        numbers = np.arange(first, len(self.bodies), dtype=np.int64)
        pool[source.reached] = np.append(pool.get(source.reached, numbers[:0]), numbers)

    def expression(self, function: int) -> Lambda:
        """Return the function as an expression."""
        source, body = self.bodies[function]
        return Lambda(source.parameters, term_expression(source.bank, body, None))


def term_expression(bank: TermBank, term: int, functions: FunctionBodies | None) -> Expression:
    """Return a term of a bank as an expression."""
    op = int(bank.packed.ops[term])
    if op < 0:
        return bank.scope.variables[-1 - op].expression
    arguments: list[Expression] = []
    for place, kind in enumerate(bank.language.kinds[op]):
        argument = int(bank.packed.args[term, place])
        if kind >= FUNCTIONS_FROM:
            assert functions is not None
            arguments.append(functions.expression(argument))
        elif kind >= 0:
            arguments.append(term_expression(bank, argument, functions))
    return Apply(bank.language.operations[op].primitive, tuple(arguments))


def _body_ops(language: Language, ops: Sequence[int], listless: bool) -> Iterator[int]:
    """Yield the operations for bodies: first-order ones, and lists only where they are needed.

    Functions to scalars with lists as intermediate values would be as large a space as programs.
    """
    for op in ops:
        operation = language.operations[op]
        if any(type_.name == "function" for type_ in operation.parameters):
            continue
        if listless and operation.result not in (INT, BOOL):
            continue
        yield op


def _inner_scope(scope: Scope, types: tuple[Type, ...], names: tuple[str, ...]) -> Scope | None:
    """Return the scope of a body: the parameters, then the variables of the outer scope."""
    rng = np.random.default_rng(0)  # any rule that steps through the rows could miss equal values
    rows: list[tuple[int, tuple[Value, ...]]] = []
    for row in range(scope.rows):
        first = list(_values(scope, row, types[0]))
        if len(types) == 1:
            rows += [(row, (value,)) for value in first]
        elif first:
            pairs = [(a, first[rng.integers(len(first))]) for a in first]
            pairs += [(first[rng.integers(len(first))], a) for a in first[:2]]
            pairs += [(a, a) for a in first[:1]]
            if types[0] == INT:
                pairs += [(a, a + b) for a, b in pairs[:2]]
            rows += [(row, pair) for pair in pairs]
    # Neighbours and sums of large integers may not fit in a packed value.
    rows = [(row, values) for row, values in rows if all(map(fits, values, types))]
    if not rows:
        return None
    if len(rows) > _ROWS:
        chosen = rng.permutation(len(rows))[:_ROWS]
        rows = [rows[i] for i in sorted(chosen)]
    parameters = tuple(
        ScopeVariable(Variable(names[place]), type_, 1, tuple(each[place] for _, each in rows))
        for place, type_ in enumerate(types)
    )
    free = tuple(
        ScopeVariable(
            v.expression,
            v.type,
            v.cost + (0 if v.type in (INT, BOOL) else _OUTER),
            tuple(v.values[row] for row, _ in rows),
        )
        for v in scope.variables
    )
    return Scope((*parameters, *free))


def _values(scope: Scope, row: int, type_: Type) -> Iterator[Value]:
    """Yield values that a parameter of a type may take in a row of the outer scope."""
    found: list[Value] = []
    alone: list[Value] = []
    for variable in scope.variables:
        if isinstance(variable.expression, Constant):
            continue  # with a zero, every division by the parameter would be undefined
        for value, depth in _inside(variable.values[row], variable.type, type_):
            (found if depth else alone).append(value)
    if type_ == INT:
        near = {v for value in alone for v in (value - 1, value, value + 1)}
        yield from sorted(near or ({0, 1} if not found else ()))[:_VALUES_A_ROW]
    elif type_ == BOOL:
        yield from (False, True)
        return
    elif type_ != STR or not found:
        yield from alone[:_VALUES_A_ROW]
    distinct = list({repr(value): value for value in found}.values())
    distinct = sorted(distinct) if type_ in (INT, BOOL, STR) else distinct
    step = -(-len(distinct) // _VALUES_A_ROW) or 1
    yield from distinct[::step]


def _inside(value: Value, type_: Type, wanted: Type, depth: int = 0) -> Iterator[tuple[Value, int]]:
    """Yield the parts of a value that have a type, with their depth; words of a string count."""
    if type_ == wanted:
        yield value, depth
    if type_.name == "list":
        for each in value:
            yield from _inside(each, type_.element, wanted, depth + 1)
    elif type_.name == "tuple":
        for each, part in zip(value, type_.parameters, strict=True):
            yield from _inside(each, part, wanted, depth + 1)
    elif type_ == STR and wanted == STR and not depth:
        for word in value.split():
            yield word, 1
