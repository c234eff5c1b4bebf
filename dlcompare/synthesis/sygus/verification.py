"""Terms as z3 terms, and proofs and refutations of answers."""

import re
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from typing import Any

import z3

from dlcompare.synthesis.sygus.operators import apply_z3
from dlcompare.synthesis.sygus.semantics import from_int, to_int
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    REGLAN,
    VARIABLE,
    Definition,
    Sort,
    SygusProblem,
    Term,
    Value,
    fold,
)

__all__ = [
    "Point",
    "UndecidedError",
    "extremes",
    "find_counterexample",
    "find_model",
    "refutes",
    "to_z3",
    "z3_functions",
    "z3_sort",
    "z3_value",
    "z3_variable",
]

Z3 = Any
Point = dict[str, Value]
"""A value for each universally quantified variable."""


class UndecidedError(Exception):
    """z3 did not decide; the message is its reason."""


def z3_sort(sort: Sort) -> Z3:
    """Return the z3 sort of a SyGuS sort."""
    if sort.width:
        return z3.BitVecSort(sort.width)
    if sort == REGLAN:
        return z3.ReSort(z3.StringSort())
    return {"Int": z3.IntSort, "Bool": z3.BoolSort, "String": z3.StringSort}[sort.name]()


def z3_variable(name: str, sort: Sort) -> Z3:
    """Return the z3 variable with a name and a SyGuS sort."""
    return z3.Const(name, z3_sort(sort))


def _decimal(number: int) -> str:
    return from_int(number) if number >= 0 else f"-{from_int(-number)}"


def _constant(value: Value, sort: Sort) -> Z3:
    if sort.width:
        return z3.BitVecVal(from_int(int(value)), sort.width)
    if sort == BOOL:
        return z3.BoolVal(bool(value))
    if sort == INT:
        return z3.IntVal(_decimal(int(value)))
    return z3.StringVal("".join(c if " " <= c <= "~" else f"\\u{{{ord(c):x}}}" for c in str(value)))


def to_z3(term: Term, names: Mapping[str, Z3], functions: Mapping[str, Callable[..., Z3]]) -> Z3:
    """Return a term in z3; `functions` says what the functions of the problem are."""

    def converted(part: Term, args: list[Z3]) -> Z3:
        if part.op == CONSTANT:
            return _constant(part.value, part.sort)
        if part.op == VARIABLE:
            return names[str(part.value)]
        if part.op in functions:
            return functions[part.op](*args)
        return apply_z3(part.op, part.indices, args)

    return fold(term, converted)


def extremes(numbers: Sequence[Z3]) -> list[Z3]:
    """Return names for the greatest and the least of some integers.

    They always exist, so naming them is sound; if each of n numbers must be below another one, they
    save z3 a number of cases exponential in n.
    """
    if len(numbers) < 4:
        return []
    greatest, least = z3.FreshInt("greatest"), z3.FreshInt("least")
    return [
        *(z3.And(least <= number, number <= greatest) for number in numbers),
        z3.Or(*(number == greatest for number in numbers)),
        z3.Or(*(number == least for number in numbers)),
    ]


def _linear_solver(known: Sequence[Z3]) -> Z3:
    """Return a solver that makes use of what `extremes` says.

    The combined one ignores it, and of z3's two for arithmetic the older one decides in a second
    about chains of conditionals that the newer one does not finish.
    """
    solver = z3.SimpleSolver()
    solver.set("arith.solver", 2)
    solver.add(*known)
    return solver


def find_model(formula: Z3, known: Sequence[Z3], deadline: float) -> Z3 | None:
    """Return a model of a formula; None if there is none.

    `known` is what `extremes` says of its integers. Raises `UndecidedError` at the deadline.
    """
    solvers = [(z3.Solver(), 1.0)]
    if known:
        solvers.insert(0, (_linear_solver(known), 0.5))
    reason = "out of time"
    for solver, share in solvers:
        remaining = deadline - time.monotonic()
        if remaining <= 0:
            break
        solver.set("timeout", max(1, int(remaining * share * 1000)))
        solver.add(formula)
        answer = solver.check()
        if answer != z3.unknown:
            return solver.model() if answer == z3.sat else None
        reason = solver.reason_unknown()
    raise UndecidedError(reason)


def z3_functions(definitions: Iterable[Definition]) -> dict[str, Callable[..., Z3]]:
    """Return definitions, which may call one another, as functions on z3 terms."""
    functions: dict[str, Callable[..., Z3]] = {}

    def function(definition: Definition) -> Callable[..., Z3]:
        names = [name for name, _ in definition.params]
        return lambda *args: to_z3(definition.body, dict(zip(names, args, strict=True)), functions)

    functions |= {definition.name: function(definition) for definition in definitions}
    return functions


def z3_value(found: Z3, sort: Sort) -> Value:
    """Return the value that a z3 constant stands for."""
    if sort == BOOL:
        return bool(z3.is_true(found))
    if sort.name == "String":
        return re.sub(
            r"\\u\{([0-9a-fA-F]+)\}", lambda match: chr(int(match[1], 16)), found.as_string()
        )
    # Python converts some 4,300 digits at a time, no more: not `as_long`.
    digits = found.as_string()
    return -to_int(digits[1:]) if digits.startswith("-") else to_int(digits)


def find_counterexample(
    problem: SygusProblem, answers: Sequence[Definition], deadline: float
) -> Point | None:
    """Return values of the variables that violate a constraint; None proves there are none.

    Raises
    ------
    UndecidedError
        If z3 does not decide it before the deadline (of `time.monotonic`).
    """
    functions = z3_functions((*problem.definitions.values(), *answers))
    names = {name: z3_variable(name, sort) for name, sort in problem.variables}
    known = extremes([names[name] for name, sort in problem.variables if sort == INT])
    if known:
        now = time.monotonic()
        with suppress(UndecidedError):
            formula = _any_broken(problem, answers, names, functions)
            model = find_model(formula, known, now + (deadline - now) / 2)
            return None if model is None else _point(problem, model, names)
    for constraint in problem.constraints:
        claim = z3.simplify(to_z3(constraint, names, functions))
        if z3.is_true(claim):
            continue
        model = find_model(z3.Not(claim), known, deadline)
        if model is not None:
            return _point(problem, model, names)
    return None


def _any_broken(
    problem: SygusProblem,
    answers: Sequence[Definition],
    names: Mapping[str, Z3],
    functions: Mapping[str, Callable[..., Z3]],
) -> Z3:
    """Return the formula that some constraint fails, with a name for each call's result.

    z3 thus meets a long chain of conditionals only once, however many constraints apply it, and
    learns across constraints, which is up to twenty times as fast as one constraint at a time.
    """
    given: dict[tuple[str, tuple[int, ...]], tuple[Z3, Sequence[Z3]]] = {}
    meanings: list[Z3] = []

    def named(answer: Definition) -> Callable[..., Z3]:
        def call(*args: Z3) -> Z3:
            key = answer.name, tuple(arg.get_id() for arg in args)
            if key not in given:
                result = z3.FreshConst(z3_sort(answer.sort), "result")
                # The operands are kept with it: z3 uses the number of one that is gone again.
                given[key] = result, args
                meanings.append(result == functions[answer.name](*args))
            return given[key][0]

        return call

    calls = {**functions, **{answer.name: named(answer) for answer in answers}}
    broken = [z3.Not(to_z3(constraint, names, calls)) for constraint in problem.constraints]
    return z3.And(z3.Or(*broken), *meanings)


def _point(problem: SygusProblem, model: Z3, names: Mapping[str, Z3]) -> Point:
    return {
        name: z3_value(model.eval(names[name], model_completion=True), sort)
        for name, sort in problem.variables
    }


def refutes(problem: SygusProblem, points: Sequence[Point], seconds: float = 1.0) -> bool:
    """Return whether no functions at all, of any form, meet the constraints at these points."""
    functions: dict[str, Callable[..., Z3]] = {}
    for f in problem.functions:
        # z3 takes a function without parameters for a constant, which is called all the same.
        sorts = [z3_sort(sort) for _, sort in f.params]
        functions[f.name] = z3.Function(f.name, *sorts, z3_sort(f.sort))
    solver = z3.Solver()
    solver.set("timeout", int(seconds * 1000))
    for point in points:
        names = {name: _constant(point[name], sort) for name, sort in problem.variables}
        solver.add(*(to_z3(constraint, names, functions) for constraint in problem.constraints))
    return bool(solver.check() == z3.unsat)
