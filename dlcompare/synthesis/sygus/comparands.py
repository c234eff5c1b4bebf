"""Terms that the constraints compare a function's result with.

Even if a function is applied to several lists of operands at once, as in ``(= (f x y) (f y x))``,
its result is often one of these terms, so that only the choice remains to be found.
"""

from collections.abc import Iterator

from dlcompare.synthesis.sygus.syntax import (
    VARIABLE,
    SygusProblem,
    SynthFun,
    Term,
    substitute,
    variable,
)

__all__ = ["comparands"]

_COMPARISONS = {"=", "<", "<=", ">", ">="}


def comparands(problem: SygusProblem, function: SynthFun) -> list[Term]:
    """Return the terms that results are compared with, over the parameters of the function.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.reader import read
    >>> problem = read('''(set-logic LIA) (synth-fun f ((x Int) (y Int)) Int)
    ... (declare-var a Int) (declare-var b Int) (constraint (= (f a b) (f b a)))
    ... (constraint (>= (f a b) (+ a a))) (check-synth)''')
    >>> [[arg.value for arg in term.args] for term in comparands(problem, problem.functions[0])]
    [['x', 'x']]
    """
    params = [variable(name, sort) for name, sort in function.params]
    names = {f.name for f in problem.functions}
    found: dict[Term, None] = {}
    for constraint in problem.constraints:
        for call, other in _compared(constraint):
            inside = list(other.subterms())
            if call.op != function.name or any(part.op in names for part in inside):
                continue
            given = dict(zip(call.args, params, strict=True))
            variables = {part for part in inside if part.op == VARIABLE}
            if len(given) == len(params) and variables <= given.keys():
                found[substitute(other, given.get)] = None
    return list(found)


def _compared(constraint: Term) -> Iterator[tuple[Term, Term]]:
    for part in constraint.subterms():
        if part.op in _COMPARISONS and len(part.args) == 2:
            yield part.args
            yield part.args[::-1]
