"""Invariants by property-directed reachability: the engine Spacer of z3.

Komuravelli, Gurfinkel, Chaki, 2014: SMT-based model checking for recursive programs.
"""

import time
from collections.abc import Sequence
from typing import Any

import z3

from dlcompare.synthesis.sygus.horn import Horn
from dlcompare.synthesis.sygus.outcome import Infeasible
from dlcompare.synthesis.sygus.syntax import BOOL, INT, Term, constant
from dlcompare.synthesis.sygus.verification import z3_sort, z3_value

__all__ = ["from_z3", "reachability"]

Z3 = Any


def reachability(horn: Horn, known: Term, deadline: float) -> Term | None:
    """Return a predicate that meets the conditions together with one that is known to be inductive.

    None if Spacer finds none by the deadline.

    Raises
    ------
    Infeasible
        If there is none.
    """
    left = deadline - time.monotonic()
    if left <= 0:
        return None
    predicate = z3.Function("|predicate|", *(z3_sort(p.sort) for p in horn.params), z3.BoolSort())
    solver = z3.SolverFor("HORN")
    solver.set("timeout", max(1, int(left * 1000)))
    for formula, before, after in horn.conditions:
        premises = [horn.z3(formula)]
        if before is not None:
            premises.append(predicate(*map(horn.z3, before)))
            premises.append(horn.z3(horn.at(known, before)))
        follows = z3.BoolVal(False) if after is None else predicate(*map(horn.z3, after))
        solver.add(z3.ForAll(list(horn.names.values()), z3.Implies(z3.And(*premises), follows)))
    try:
        answer = solver.check()
    except z3.Z3Exception:  # a theory that it does not take
        return None
    if answer == z3.unsat:
        raise Infeasible("a run from an initial state leads to one that is excluded")
    if answer != z3.sat:
        return None
    meaning = solver.model()[predicate]
    if meaning is None:
        return constant(True, BOOL)
    return from_z3(meaning.else_value(), horn.params)


_OPERATORS = {
    z3.Z3_OP_AND: "and",
    z3.Z3_OP_OR: "or",
    z3.Z3_OP_NOT: "not",
    z3.Z3_OP_IMPLIES: "=>",
    z3.Z3_OP_ITE: "ite",
    z3.Z3_OP_EQ: "=",
    z3.Z3_OP_DISTINCT: "distinct",
    z3.Z3_OP_LE: "<=",
    z3.Z3_OP_LT: "<",
    z3.Z3_OP_GE: ">=",
    z3.Z3_OP_GT: ">",
    z3.Z3_OP_ADD: "+",
    z3.Z3_OP_SUB: "-",
    z3.Z3_OP_UMINUS: "-",
    z3.Z3_OP_MUL: "*",
    z3.Z3_OP_IDIV: "div",
    z3.Z3_OP_MOD: "mod",
}
_LOGIC = {"and", "or", "not", "=>", "=", "distinct", "<=", "<", ">=", ">"}


def from_z3(formula: Z3, params: Sequence[Term]) -> Term | None:
    """Return z3's formula, whose bound variables are numbered, over parameters.

    None if it has quantifiers, functions or operators of other theories.
    """
    if z3.is_var(formula):
        param: Term = params[z3.get_var_index(formula)]
        return param
    if z3.is_int_value(formula):
        return constant(z3_value(formula, INT), INT)
    if z3.is_true(formula) or z3.is_false(formula):
        return constant(z3.is_true(formula), BOOL)
    op = _OPERATORS.get(formula.decl().kind()) if z3.is_app(formula) else None
    if op is None:
        return None
    args = [from_z3(arg, params) for arg in formula.children()]
    known = tuple(arg for arg in args if arg is not None)
    if len(known) < len(args):
        return None
    return Term(op, BOOL if op in _LOGIC else known[-1].sort, known)
