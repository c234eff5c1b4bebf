"""Programs proved right, or refuted by a counterexample, for all inputs up to a bound.

The bound is on the length of lists and texts; numbers are any integers, characters those that ASCII
prints. Every shape of input is executed
symbolically, and on every path the claim (the specification holds of the result, or another program
gives the same) is seen to follow, or z3 is asked for an input where it does not. What z3 finds is
checked by running the program on it. Before anything is called proved, the claim is also tried in
plain Python (`trying`), and what symbolic execution read on some paths is compared with Python.
"""

import ast
import builtins
import gc
from collections.abc import Callable

from dlcompare.synthesis.dsl.reading import ReadingError
from dlcompare.synthesis.proofs.bounded import LONGEST, ROUNDS, Attempt
from dlcompare.synthesis.proofs.claim import TRYING, Claim
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.symbolic.execution import Closure
from dlcompare.synthesis.proofs.symbolic.surroundings import imported
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError, Value
from dlcompare.synthesis.proofs.trying import readable
from dlcompare.tasks.problem import Signature

__all__ = [
    "LONGEST",
    "ROUNDS",
    "Proof",
    "parsed",
    "verify",
]


def parsed(source: str) -> Closure:
    """Return the last function that a Python text defines, for symbolic execution.

    Raises
    ------
    UnsupportedError
        If the text holds more than functions and imports, or binds a name twice.
    """
    functions: list[ast.FunctionDef] = []
    names: dict[str, Value] = {}
    for node in ast.parse(source).body:
        match node:
            case ast.FunctionDef(name, decorator_list=[]):
                functions.append(node)
                bound: dict[str, Value] = {name: None}
            case ast.Import() | ast.ImportFrom():
                bound = imported(node)
            case ast.Expr(ast.Constant(str())):
                continue
            case _:
                line = f"line {node.lineno}: `{ast.unparse(node)[:40]}`"
                raise UnsupportedError(f"{line} beside the functions is not covered")
        if names.keys() & bound:
            raise UnsupportedError(f"line {node.lineno}: a name that is bound twice is not covered")
        names |= bound
    if not functions:
        raise UnsupportedError("the text defines no function")
    names = {**vars(builtins), **names}
    for node in functions:
        names[node.name] = Closure(node, names)
    return Closure(functions[-1], names)


def verify(
    source: str,
    signature: Signature,
    ensures: Callable[..., object] | None = None,
    reference: Callable[..., Value] | None = None,
    seconds: float = 10.0,
    longest: int = LONGEST,
    by_induction: bool = True,
) -> Proof:
    """Prove a program right, as far as the time reaches.

    Parameters
    ----------
    source : str
        A Python function; its result is judged.
    signature : Signature
        Of the function.
    ensures : callable, optional
        ``(inputs..., result) -> bool``; without it the result must be that of the reference.
    reference : callable, optional
        The definition of correct. Inputs that it raises on, or that `ensures` does not hold of its
        own answer for, are outside the domain.
    seconds : float
        To stop after.
    longest : int
        The longest lists to look at.
    by_induction : bool
        Whether a proof for every length is tried first (`induction`).

    Examples
    --------
    >>> from dlcompare.tasks.types import INT
    >>> signature = Signature("f", (("x", INT),), INT)
    >>> verify("def f(x): return x if x > 0 else -x", signature, reference=abs).status
    'proved'
    >>> verify("def f(x): return x", signature, reference=abs).counterexample
    {'inputs': {'x': -1}, 'output': -1}
    """
    if ensures is None and reference is None:
        raise ValueError("either a specification or a reference is needed to judge by")
    try:
        readable(source)
        program = parsed(source)
    except (ReadingError, UnsupportedError) as error:
        return Proof("unknown", bound={}, reason=str(error))
    claim = Claim(source, signature, ensures, reference)
    attempt = Attempt(program, claim, seconds)
    found, open_ = _by_induction(program, claim) if by_induction else (None, None)
    if found is None:
        collecting = gc.isenabled()
        gc.disable()  # nothing of an execution is cyclic, and there is much of it
        try:
            found = attempt.up_to(longest, open_)
        finally:
            if collecting:
                gc.enable()
    if found.status != "proved":
        return found
    return claim.confirmed(found, attempt.witnesses, TRYING * seconds)


def _by_induction(program: Closure, claim: Claim) -> tuple[Proof | None, str | None]:
    """Prove a claim for every length; without a proof, say what stays open for longer lists.

    Only a program that makes a list into a list of the same type can sort.
    """
    from dlcompare.synthesis.proofs.induction import obligations

    types = [type_ for _, type_ in claim.signature.parameters]
    if claim.ensures is None or types != [claim.signature.result] or types[0].name != "list":
        return None, None
    try:
        shown = obligations(program, claim.ensures, types[0].element)
    except UnsupportedError as error:
        return None, f"for longer lists nothing is shown, as {error}"
    failed = next((each.name for each in shown if not each.proved), None)
    if failed is not None:
        return None, f"for every length it is open whether {failed}"
    listed = "; ".join(each.name for each in shown)
    return Proof("proved", "induction", {}, reason=f"shown: {listed}"), None
