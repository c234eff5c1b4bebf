"""Verification of programs: a proof or a counterexample, for all inputs up to a bound.

The bound limits the length of lists and texts; numbers are unbounded integers, and characters are
printable ASCII. Symbolic execution covers every input shape. On every path the claim (the result
meets the specification, or equals that of another program) must follow; otherwise z3 looks for an
input that violates it, and a run of the program confirms the counterexample. Before a claim counts
as proved, it is also tested in plain Python (`trying`), and results of symbolic execution are
compared with Python on some paths.
"""

import ast
import builtins
import gc
from collections.abc import Callable, Mapping
from types import MappingProxyType

from dlcompare.synthesis.dsl.reading import ReadingError
from dlcompare.synthesis.proofs.bounded import LONGEST, ROUNDS, Attempt
from dlcompare.synthesis.proofs.claim import TRYING, Claim
from dlcompare.synthesis.proofs.proof import Contract, Obligation, Proof
from dlcompare.synthesis.proofs.symbolic.execution import Closure
from dlcompare.synthesis.proofs.symbolic.surroundings import imported
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError, Value
from dlcompare.synthesis.proofs.trying import readable
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.types import INT, Type

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
        If the text contains anything but functions and imports, or binds a name twice.
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
    contracts: Mapping[str, Contract] = MappingProxyType({}),
) -> Proof:
    """Prove or refute a program within a time limit.

    Parameters
    ----------
    source : str
        Source of a Python function.
    signature : Signature
        Name, parameters and result of the function.
    ensures : callable, optional
        ``(inputs..., result) -> bool``; without it, the result must equal the reference's.
    reference : callable, optional
        Defines the right results. Inputs on which it raises, or on which its own result violates
        `ensures`, are outside the domain.
    seconds : float
        Time limit.
    longest : int
        Length of the longest lists.
    by_induction : bool
        Whether to try a proof for every length first (`induction`, `contracts`).
    contracts : mapping of str to Contract
        The contracts of the other functions of a recursive program.

    Returns
    -------
    Proof

    Raises
    ------
    ValueError
        If there is neither a specification nor a reference.

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
        raise ValueError("verify needs a specification or a reference")
    try:
        readable(source)
        program = parsed(source)
    except (ReadingError, UnsupportedError) as error:
        return Proof("unknown", bound={}, reason=str(error))
    claim = Claim(source, signature, ensures, reference)
    attempt = Attempt(program, claim, seconds)
    found, open_ = _by_induction(program, claim, contracts) if by_induction else (None, None)
    if found is None:
        collecting = gc.isenabled()
        gc.disable()  # an execution allocates many objects, none of them in cycles
        try:
            found = attempt.up_to(longest, open_)
        finally:
            if collecting:
                gc.enable()
    if found.status != "proved":
        return found
    return claim.confirmed(found, attempt.witnesses, TRYING * seconds)


def _by_induction(
    program: Closure, claim: Claim, contracts: Mapping[str, Contract]
) -> tuple[Proof | None, str | None]:
    """Prove a claim for every length; without a proof, return what stays open.

    Only a program from a list to a list of the same type can sort.
    """
    types = [type_ for _, type_ in claim.signature.parameters]
    if claim.ensures is None or types != [claim.signature.result] or types[0].name != "list":
        return None, None
    try:
        shown = _obligations(program, claim.ensures, types[0].element, contracts)
    except UnsupportedError as error:
        return None, f"for longer lists nothing is shown, as {error}"
    failed = next((each.name for each in shown if not each.proved), None)
    if failed is not None:
        return None, f"for every length it is open whether {failed}"
    listed = "; ".join(each.name for each in shown)
    return Proof("proved", "induction", {}, reason=f"shown: {listed}"), None


def _obligations(
    program: Closure,
    ensures: Callable[..., object],
    element: Type,
    contracts: Mapping[str, Contract],
) -> list[Obligation]:
    """Return the obligations of a fold, or those of recursive functions by their contracts."""
    from dlcompare.synthesis.proofs.contracts import proved_by_contracts
    from dlcompare.synthesis.proofs.induction import obligations, relation_of

    functions = [each.node for each in program.names.values() if isinstance(each, Closure)]
    recursive = contracts or any(_calls_itself(function) for function in functions)
    if element != INT or not recursive:
        return obligations(program, ensures, element)
    nodes = [function for function in functions if isinstance(function, ast.FunctionDef)]
    (xs,) = nodes[-1].args.args
    whole = Contract((), (f"ensures({xs.arg}, result)",))
    relation = relation_of(ensures)
    known = {**contracts, nodes[-1].name: whole}
    return proved_by_contracts(nodes, known, relation, program.names)


def _calls_itself(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef) and any(
        isinstance(each, ast.Name) and each.id == node.name for each in ast.walk(node)
    )
