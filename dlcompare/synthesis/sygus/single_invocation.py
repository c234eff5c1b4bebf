"""Linear integer problems that apply each function to the variables themselves: solved exactly.

Such a problem is ∀x ∃y S(x, y), and functions are read off a refutation of ∃x ∀y ¬S (Reynolds,
Deters, Kuncak, Tinelli, Barrett, 2015: counterexample-guided quantifier instantiation). For each
input x that no term found so far serves, a result is found, the literals that make S true there are
collected, and their bounds on y give a term. When no input is left, the answer is the first term
that meets S, written as a chain of conditionals. An input without a result proves infeasibility.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import z3

from dlcompare.synthesis.sygus.linear import LinearTerm, Literal, Model, NotLinearError, implicant
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.simplify import simplified
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    INT,
    VARIABLE,
    Definition,
    Sort,
    SygusProblem,
    Term,
    Value,
    constant,
    substitute,
    variable,
)
from dlcompare.synthesis.sygus.verification import (
    extremes,
    find_model,
    to_z3,
    z3_value,
    z3_variable,
)

__all__ = ["Branches", "single_invocation", "solve_single_invocation"]


def _operands(problem: SygusProblem) -> dict[str, tuple[Term, ...]] | None:
    """Return the variables that each function is applied to; None if they vary."""
    found: dict[str, tuple[Term, ...]] = {}
    names = {f.name for f in problem.functions}
    for constraint in problem.constraints:
        for part in constraint.subterms():
            if part.op in names and found.setdefault(part.op, part.args) != part.args:
                return None
    declared = {variable(name, sort) for name, sort in problem.variables}
    used = {part for term in problem.constraints for part in term.subterms() if part.op == VARIABLE}
    for function in problem.functions:
        args = found.setdefault(function.name, ())
        if len(set(args)) != len(args) or not set(args) <= declared or not used <= set(args):
            return None
    return found


def single_invocation(problem: SygusProblem) -> SygusProblem | None:
    """Return the equivalent problem with every function applied to its own variables.

    ``C[f(t)]`` is the same as ``p = t => C[f(p)]`` for all p, and where an operand is a variable,
    it is p. None if this is not possible: an operand differs within a constraint, a variable is
    left over, or there are sorts other than integers and Booleans.
    """
    sorts = {part.sort for term in problem.constraints for part in term.subterms()}
    if not sorts <= {INT, BOOL}:
        return None
    problem = _determined(problem)
    if _operands(problem) is not None:
        return problem
    params = problem.functions[0].params
    if any([s for _, s in f.params] != [s for _, s in params] for f in problem.functions):
        return None
    places = tuple(variable(f"|operand {i}", sort) for i, (_, sort) in enumerate(params))
    constraints = [
        _at(term, places, {f.name for f in problem.functions}) for term in problem.constraints
    ]
    if any(term is None for term in constraints):
        return None
    variables = tuple((str(p.value), p.sort) for p in places)
    return replace(
        problem, variables=variables, constraints=tuple(c for c in constraints if c is not None)
    )


def _determined(problem: SygusProblem) -> SygusProblem:
    """Return the problem without variables that a premise defines, as in ``v = t => C[v]``."""
    names = {f.name for f in problem.functions}
    operands = {
        arg
        for term in problem.constraints
        for part in term.subterms()
        if part.op in names
        for arg in part.args
    }

    def determined(constraint: Term) -> Term:
        equation = _equation(constraint, operands)
        if equation is None:
            return constraint
        return determined(simplified(substitute(constraint, dict([equation]).get)))

    return replace(problem, constraints=tuple(map(determined, problem.constraints)))


def _equation(constraint: Term, operands: set[Term]) -> tuple[Term, Term] | None:
    """Return a variable that no function is applied to, with its definition in a premise."""
    premises = list(constraint.args[:-1]) if constraint.op == "=>" else []
    while premises:
        premise = premises.pop()
        if premise.op == "and":
            premises += premise.args
        elif premise.op == "=" and len(premise.args) == 2:
            for one, other in (premise.args, premise.args[::-1]):
                if one.op == VARIABLE and one not in operands and one not in set(other.subterms()):
                    return one, other
    return None


def _at(constraint: Term, places: tuple[Term, ...], names: set[str]) -> Term | None:
    """Return a constraint in which the functions are applied to `places`."""
    calls = {part.args for part in constraint.subterms() if part.op in names}
    if len(calls) != 1:
        return None
    (args,) = calls
    given: dict[Term, Term] = {}
    premises = []
    for place, arg in zip(places, args, strict=True):
        if arg.op == VARIABLE and arg not in given:
            given[arg] = place
        else:
            premises.append((place, arg))
    used = {part for part in constraint.subterms() if part.op == VARIABLE}
    if not used <= set(given):
        return None
    given |= {place: place for place in places}
    called = substitute(constraint, lambda t: t.with_args(places) if t.op in names else None)
    parts = [Term("=", BOOL, (place, _renamed(arg, given))) for place, arg in premises]
    claim = _renamed(called, given)
    return Term("=>", BOOL, (*parts, claim)) if parts else claim


def _bound(output: Term, literals: Sequence[Literal], model: Model) -> tuple[LinearTerm, int]:
    """Return a dividend and divisor for the output that keep the literals true in the model."""
    lower: list[tuple[int, LinearTerm, int]] = []
    upper: list[tuple[int, LinearTerm, int]] = []
    for literal in literals:
        c = literal.expression.coefficients.get(output, 0)
        if c == 0:
            continue
        rest = literal.expression.without(output).times(-1 if c > 0 else 1)
        if literal.equal:
            return rest, abs(c)
        if c < 0:
            up = rest.plus(LinearTerm({}, abs(c) - 1))
            lower.append((up.value(model) // abs(c), up, abs(c)))
        else:
            upper.append((rest.value(model) // c, rest, c))
    choices = []
    if lower:
        choices.append(max(lower, key=lambda bound: bound[0]))
    if upper:
        choices.append(min(upper, key=lambda bound: bound[0]))
    if not choices:
        return LinearTerm({}, 0), 1
    # A smaller term generalizes better, and one side is as good as the other.
    _, rest, divisor = min(choices, key=lambda b: (b[2], len(b[1].coefficients), b[1].offset != 0))
    return rest, divisor


class _SingleInvocationSearch:
    def __init__(
        self, problem: SygusProblem, operands: dict[str, tuple[Term, ...]], deadline: float
    ):
        self.problem, self.operands, self.deadline = problem, operands, deadline
        self.outputs = [variable(f"|{f.name} result", f.sort) for f in problem.functions]
        results = {f.name: out for f, out in zip(problem.functions, self.outputs, strict=True)}
        whole = Term("and", BOOL, (constant(True, BOOL), *problem.constraints))
        self.formula = substitute(whole, lambda term: results.get(term.op))
        self.names: dict[str, Any] = {n: z3_variable(n, s) for n, s in problem.variables}
        self.names |= {
            str(out.value): z3_variable(str(out.value), out.sort) for out in self.outputs
        }

    def with_outputs(self, terms: Sequence[Term]) -> Term:
        given = dict(zip(self.outputs, terms, strict=True))
        return substitute(self.formula, given.get)

    def values(self, model: Any, names: Sequence[tuple[str, Any]]) -> dict[str, Value]:
        return {n: z3_value(model.eval(self.names[n], model_completion=True), s) for n, s in names}

    def terms_at(self, given: dict[str, Value]) -> list[Term]:
        """Return terms for the outputs that are right at one input."""
        here = [
            self.names[name] == to_z3(constant(given[name], sort), {}, {})
            for name, sort in self.problem.variables
        ]
        wanted = to_z3(self.formula, self.names, {})
        found = find_model(z3.And(wanted, *here), (), self.deadline)
        if found is None:
            shown = ", ".join(f"{name} = {value}" for name, value in given.items())
            raise Infeasible(f"no result meets the constraints at {shown or 'all'}")
        model = given | self.values(found, [(str(o.value), o.sort) for o in self.outputs])
        names = frozenset(str(o.value) for o in self.outputs)
        literals = implicant(self.formula, model, names)
        chosen: dict[Term, Term | LinearTerm] = {}
        numbers = [o for o in self.outputs if o.sort == INT]
        left = list(numbers)
        order: list[Term] = []
        while left:
            # First one without a division, since its term can be substituted into the others.
            output = min(left, key=lambda o: _bound(o, literals, model)[1])
            left.remove(output)
            order.append(output)
            bound, divisor = _bound(output, literals, model)
            if divisor == 1:
                chosen[output] = bound
                literals = [_put(literal, output, bound) for literal in literals]
            elif left:
                raise NotLinearError("div")
            else:
                chosen[output] = Term("div", INT, (bound.term(), constant(divisor, INT)))
        for output in reversed(order):
            term = _known(chosen[output])
            chosen[output] = substitute(term, lambda t: _term(chosen.get(t)))
        return [
            constant(model[str(o.value)], BOOL) if o.sort == BOOL else _known(chosen[o])
            for o in self.outputs
        ]

    def run(self) -> list[tuple[Term, ...]]:
        """Return tuples of terms of which one meets the constraints at every input."""
        known = extremes([self.names[n] for n, sort in self.problem.variables if sort == INT])
        found: list[tuple[Term, ...]] = []
        unserved = z3.BoolVal(True)
        while True:
            model = find_model(unserved, known, self.deadline)
            if model is None:
                return found
            terms = tuple(self.terms_at(self.values(model, self.problem.variables)))
            if terms in found:
                raise NotLinearError("no progress")
            found.append(terms)
            served = to_z3(simplified(self.with_outputs(terms)), self.names, {})
            unserved = z3.And(unserved, z3.Not(served))


def _term(bound: Term | LinearTerm | None) -> Term | None:
    return bound.term() if isinstance(bound, LinearTerm) else bound


def _known(bound: Term | LinearTerm) -> Term:
    return bound.term() if isinstance(bound, LinearTerm) else bound


def _put(literal: Literal, output: Term, bound: LinearTerm) -> Literal:
    c = literal.expression.coefficients.get(output, 0)
    return Literal(literal.expression.without(output).plus(bound, c), literal.equal)


class Choice(NamedTuple):
    """Results, one for each function, and the condition under which they are right."""

    terms: tuple[Term, ...]
    condition: Term


class Branches:
    """Results of which at least one is right at every input.

    A *tree* selects one of them: a conditional, or a leaf made by `leaf`.
    """

    def __init__(
        self,
        problem: SygusProblem,
        operands: dict[str, tuple[Term, ...]],
        choices: Sequence[Choice],
    ) -> None:
        self.problem, self.operands, self.choices = problem, operands, tuple(choices)

    @staticmethod
    def leaf(number: int) -> Term:
        """Return the leaf that selects a choice by its number."""
        return Term("|choice|", INT, value=number)

    def in_turn(self) -> Term:
        """Return the tree that takes the first choice that is right."""
        tree = self.leaf(len(self.choices) - 1)
        for number in reversed(range(len(self.choices) - 1)):
            tree = Term("ite", INT, (self.choices[number].condition, self.leaf(number), tree))
        return tree

    def definitions(self, tree: Term) -> tuple[Definition, ...]:
        """Return the functions that a tree makes of the choices."""
        answers = []
        for place, function in enumerate(self.problem.functions):

            def body(part: Term, place: int = place, sort: Sort = function.sort) -> Term:
                if part.op == "|choice|":
                    return self.choices[int(part.value)].terms[place]
                condition, yes, no = part.args
                return Term("ite", sort, (condition, body(yes, place, sort), body(no, place, sort)))

            args = self.operands[function.name]
            params = [variable(name, sort) for name, sort in function.params]
            renamed = _renamed(simplified(body(tree)), dict(zip(args, params, strict=True)))
            answers.append(Definition(function.name, function.params, function.sort, renamed))
        return tuple(answers)


def solve_single_invocation(problem: SygusProblem, deadline: float) -> Branches:
    """Return choices for the functions of a problem from `single_invocation`.

    Raises
    ------
    Infeasible
        If some input has no result that meets the constraints.
    NotLinearError
        If a constraint is not linear in the functions' results.
    UndecidedError
        If z3 does not decide in time.
    """
    operands = _operands(problem)
    assert operands is not None, "the caller asked `single_invocation`"
    search = _SingleInvocationSearch(problem, operands, deadline)
    found = search.run() or [
        tuple(constant(0 if o.sort == INT else False, o.sort) for o in search.outputs)
    ]
    choices = [Choice(terms, simplified(search.with_outputs(terms))) for terms in found]
    return Branches(problem, operands, choices)


def _renamed(term: Term, given: dict[Term, Term]) -> Term:
    return substitute(term, lambda part: given[part] if part.op == VARIABLE else None)
