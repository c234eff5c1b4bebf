"""Equivalence of programs of bit operations: Python's integers as wide enough bit-vectors.

Every value has a lower and an upper bound, and each operation uses the width that its result needs,
so that nothing overflows and a proof holds for Python's own integers. The module covers functions
without loops, over numbers from 0 to 2ⁿ − 1.
"""

import ast
import builtins
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import z3

from dlcompare.synthesis.proofs.symbolic.name_analysis import bound_in
from dlcompare.synthesis.proofs.symbolic.values import UnsupportedError

__all__ = ["BITS", "differing"]

BITS = 32
"""Bits of the inputs that programs are compared on."""

WIDEST = 256
"""The most bits of an intermediate result."""

Z3 = Any
Names = Mapping[str, Any]


class Word(NamedTuple):
    """A number: a bit-vector in two's complement, with its bounds."""

    term: Z3
    low: int
    high: int


def _word(term: Z3, low: int, high: int) -> Word:
    return Word(_resized(term, _width(low, high)), low, high)


def _width(low: int, high: int) -> int:
    width = 1 + max(low.bit_length(), high.bit_length())
    if width > WIDEST:
        raise UnsupportedError(f"a number of more than {WIDEST} bits is not covered")
    return width


def _resized(term: Z3, width: int) -> Z3:
    more = width - term.size()
    return z3.SignExt(more, term) if more >= 0 else z3.Extract(width - 1, 0, term)


def _known(number: int) -> Word:
    return _word(z3.BitVecVal(number, _width(number, number)), number, number)


def _whole(value: Any) -> Word:
    if isinstance(value, Word):
        return value
    if z3.is_bool(value):
        return _word(z3.If(value, z3.BitVecVal(1, 2), z3.BitVecVal(0, 2)), 0, 1)
    raise UnsupportedError("a value other than a number is not covered")


def _truth(value: Any) -> Z3:
    return value.term != 0 if isinstance(value, Word) else value


def _done(
    apply: Callable[[Z3, Z3], Z3], left: Word, right: Word, low: int, high: int, *more: int
) -> Word:
    """Return an operation's result at a width that holds the operands and the bounds."""
    ends = (low, high, left.low, left.high, right.low, right.high, *more)
    width = _width(min(ends), max(ends))
    return _word(apply(_resized(left.term, width), _resized(right.term, width)), low, high)


def _bitwise(operator: ast.operator, left: Word, right: Word) -> Word:
    least = -(1 << max(_width(*left[1:]), _width(*right[1:])) - 1)
    most = -least - 1
    if isinstance(operator, ast.BitAnd):
        highs = [side.high for side in (left, right) if side.low >= 0]
        low, high = (0, min(highs)) if highs else (least, most)
        return _done(lambda x, y: x & y, left, right, low, high)
    low = least if left.low < 0 or right.low < 0 else 0
    if isinstance(operator, ast.BitOr):
        return _done(lambda x, y: x | y, left, right, low, most)
    return _done(lambda x, y: x ^ y, left, right, low, most)


class _Function:
    """One execution of a function, which collects the conditions under which it raises."""

    def __init__(self, names: Names) -> None:
        self.names = names
        self.raised: list[Z3] = []

    def body(self, statements: Sequence[ast.stmt], local: dict[str, Any], when: Z3) -> Any:
        """Return the value that statements return; an error names construct and line."""
        if not statements:
            raise UnsupportedError("a function that returns nothing is not covered")
        try:
            return self._body(statements, local, when)
        except UnsupportedError as error:
            raise error.at(
                statements[0].lineno, ast.unparse(statements[0]).splitlines()[0]
            ) from None

    def _body(self, statements: Sequence[ast.stmt], local: dict[str, Any], when: Z3) -> Any:
        for number, statement in enumerate(statements):
            rest = statements[number + 1 :]
            match statement:
                case ast.Return(value) if value is not None:
                    return self.value(value, local, when)
                case ast.Assign([ast.Name(name)], value):
                    local = {**local, name: self.value(value, local, when)}
                case ast.AugAssign(ast.Name(name), operator, value):
                    right = _whole(self.value(value, local, when))
                    before = _whole(self.value(ast.Name(name), local, when))
                    changed = self.operated(operator, before, right, when)
                    local = {**local, name: changed}
                case ast.If(test, then, other):
                    holds = _truth(self.value(test, local, when))
                    yes = self.body([*then, *rest], local, z3.And(when, holds))
                    no = self.body([*other, *rest], local, z3.And(when, z3.Not(holds)))
                    return _chosen(holds, yes, no)
                case ast.Expr(ast.Constant()):
                    pass  # a docstring
                case _:
                    raise UnsupportedError(f"{type(statement).__name__} is not covered on words")
        raise UnsupportedError("a function that returns nothing is not covered")

    def value(self, node: ast.expr, local: Names, when: Z3) -> Any:
        try:
            return self._value(node, local, when)
        except UnsupportedError as error:
            raise error.at(getattr(node, "lineno", 0), ast.unparse(node)) from None

    def _value(self, node: ast.expr, local: Names, when: Z3) -> Any:
        match node:
            case ast.Constant(bool(known)):
                return z3.BoolVal(known)
            case ast.Constant(int(known)):
                return _known(known)
            case ast.Name(name) if name in local:
                return local[name]
            case ast.Name(name) if isinstance(self.names.get(name), int):
                return _known(int(self.names[name]))
            case ast.BinOp(left, operator, right):
                first = _whole(self.value(left, local, when))
                return self.operated(operator, first, _whole(self.value(right, local, when)), when)
            case ast.UnaryOp(ast.Not(), inner):
                return z3.Not(_truth(self.value(inner, local, when)))
            case ast.UnaryOp(sign, inner):
                return _signed(sign, _whole(self.value(inner, local, when)))
            case ast.Compare():
                return self.compared(node, local, when)
            case ast.BoolOp(operator, parts):
                return self.combined(isinstance(operator, ast.And), parts, local, when)
            case ast.IfExp(test, then, other):
                holds = _truth(self.value(test, local, when))
                yes = self.value(then, local, z3.And(when, holds))
                return _chosen(holds, yes, self.value(other, local, z3.And(when, z3.Not(holds))))
            case ast.Call(ast.Name(name), arguments, []) if self.builtin(name, local):
                return _called(name, [self.value(each, local, when) for each in arguments])
            case _:
                raise UnsupportedError(f"{type(node).__name__} is not covered on words")

    def builtin(self, name: str, local: Names) -> bool:
        """Return whether a name refers to Python's builtin of that name."""
        known = getattr(builtins, name, None)
        return name not in local and self.names.get(name, known) is known is not None

    def compared(self, node: ast.Compare, local: Names, when: Z3) -> Z3:
        left, holds = _whole(self.value(node.left, local, when)), z3.BoolVal(True)
        for comparison, other in zip(node.ops, node.comparators, strict=True):
            right = _whole(self.value(other, local, z3.And(when, holds)))
            holds, left = z3.And(holds, _compared(comparison, left, right)), right
        return holds

    def combined(self, both: bool, parts: list[ast.expr], local: Names, when: Z3) -> Any:
        first = self.value(parts[0], local, when)
        if not parts[1:]:
            return first
        goes_on = _truth(first) if both else z3.Not(_truth(first))
        rest = self.combined(both, parts[1:], local, z3.And(when, goes_on))
        return _chosen(goes_on, rest, first)

    def operated(self, operator: ast.operator, left: Word, right: Word, when: Z3) -> Word:
        match operator:
            case ast.Add():
                low, high = left.low + right.low, left.high + right.high
                return _done(lambda x, y: x + y, left, right, low, high)
            case ast.Sub():
                low, high = left.low - right.high, left.high - right.low
                return _done(lambda x, y: x - y, left, right, low, high)
            case ast.Mult():
                ends = [x * y for x in left[1:] for y in right[1:]]
                return _done(lambda x, y: x * y, left, right, min(ends), max(ends))
            case ast.BitAnd() | ast.BitOr() | ast.BitXor():
                return _bitwise(operator, left, right)
            case ast.RShift():
                self.refuse(when, right.term < 0, right)
                low, high = min(left.low, 0), max(left.high, -1)
                return _done(lambda x, y: x >> y, left, right, low, high)
            case ast.LShift():
                self.refuse(when, right.term < 0, right)
                if right.high > WIDEST:
                    raise UnsupportedError("a shift to the left by any number is not covered")
                places = max(right.high, 0)
                low, high = min(left.low, 0) << places, max(left.high, 0) << places
                return _done(lambda x, y: x << y, left, right, low, high)
            case ast.FloorDiv() | ast.Mod() if left.low >= 0 and right.low >= 0:
                self.refuse(when, right.term == 0, right)
                if isinstance(operator, ast.FloorDiv):
                    return _done(z3.UDiv, left, right, 0, left.high)
                return _done(z3.URem, left, right, 0, left.high)
            case _:
                name = type(operator).__name__
                raise UnsupportedError(f"{name} of these numbers is not covered on words")

    def refuse(self, when: Z3, condition: Z3, operand: Word) -> None:
        """Note that the function raises under a condition on an operand."""
        if operand.low <= 0:
            self.raised.append(z3.And(when, condition))


def _chosen(holds: Z3, yes: Any, no: Any) -> Any:
    if z3.is_bool(yes) and z3.is_bool(no):
        return z3.If(holds, yes, no)
    first, second = _whole(yes), _whole(no)
    low, high = min(first.low, second.low), max(first.high, second.high)
    return _done(lambda x, y: z3.If(holds, x, y), first, second, low, high)


def _signed(sign: ast.unaryop, inner: Word) -> Word:
    zero = _known(0)
    if isinstance(sign, ast.USub):
        return _done(lambda x, y: y - x, inner, zero, -inner.high, -inner.low)
    if isinstance(sign, ast.Invert):
        return _done(lambda x, _: ~x, inner, zero, -inner.high - 1, -inner.low - 1)
    return inner


def _compared(operator: ast.cmpop, left: Word, right: Word) -> Z3:
    width = max(left.term.size(), right.term.size())
    x, y = _resized(left.term, width), _resized(right.term, width)
    match operator:
        case ast.Eq():
            return x == y
        case ast.NotEq():
            return x != y
        case ast.Lt():
            return x < y
        case ast.LtE():
            return x <= y
        case ast.Gt():
            return x > y
        case ast.GtE():
            return x >= y
        case _:
            raise UnsupportedError(f"{type(operator).__name__} is not covered on words")


def _called(name: str, values: list[Any]) -> Any:
    if name == "bool" and len(values) == 1:
        return _truth(values[0])
    if name == "int" and len(values) == 1:
        return _whole(values[0])
    if name == "abs" and len(values) == 1:
        (word,) = map(_whole, values)
        return _chosen(word.term < 0, _signed(ast.USub(), word), word)
    if name in ("min", "max") and len(values) > 1:
        best = _whole(values[0])
        for each in map(_whole, values[1:]):
            smaller = _compared(ast.LtE(), best, each)
            first, second = (best, each) if name == "min" else (each, best)
            chosen = _chosen(smaller, first, second)
            pick = min if name == "min" else max
            bounds = pick(best.low, each.low), pick(best.high, each.high)
            best = _word(chosen.term, *bounds)
        return best
    raise UnsupportedError(f"calls of {name} are not covered on words")


def _plain(node: ast.FunctionDef, count: int) -> None:
    """Raise `UnsupportedError` unless parameters are plain names without defaults."""
    arguments = node.args
    others = (arguments.posonlyargs, arguments.kwonlyargs, arguments.vararg, arguments.kwarg)
    if any(others) or arguments.defaults or len(arguments.args) != count:
        reason = "parameters of this kind are not covered on words"
        raise UnsupportedError(reason).at(node.lineno, f"def {node.name}")


def differing(
    program: ast.FunctionDef,
    reference: ast.FunctionDef,
    names: tuple[Names, Names],
    seconds: float,
    bits: int = BITS,
) -> dict[str, int] | None:
    """Return numbers on which a program and the reference differ.

    Parameters
    ----------
    program, reference : ast.FunctionDef
    names : tuple of mapping
        For each function, the values of the names that it does not define.
    seconds : float
        Time limit of z3.
    bits : int

    Returns
    -------
    dict of str to int or None
        The numbers by name; None proves that there are none. Numbers on which the reference raises
        are left out.

    Raises
    ------
    UnsupportedError
        If one of the functions is not covered.
    TimeoutError
        If z3 does not decide the question in time.

    Examples
    --------
    >>> def function(text: str) -> ast.FunctionDef:
    ...     return ast.parse(text).body[0]
    >>> known = function("def f(x): return x & (x - 1)")
    >>> differing(function("def f(x): return x & ~(x & -x)"), known, ({}, {}), 10)
    >>> differing(function("def f(x): return x & (x - 2)"), known, ({}, {}), 10, bits=1)
    {'x': 1}
    """
    for node in (program, reference):
        _plain(node, len(reference.args.args))
    if program.decorator_list:
        raise UnsupportedError("decorators are not covered on words")
    params = [each.arg for each in reference.args.args]
    terms = {name: z3.BitVec(name, bits + 1) for name in params}
    inputs = [Word(term, 0, (1 << bits) - 1) for term in terms.values()]
    results, raised = [], []
    for node, known in zip((program, reference), names, strict=True):
        # A name that a function binds is local throughout, even before it is bound.
        run = _Function({name: each for name, each in known.items() if name not in bound_in(node)})
        local = dict(zip((each.arg for each in node.args.args), inputs, strict=True))
        results.append(run.body(node.body, local, z3.BoolVal(True)))
        raised.append(z3.Or(*run.raised))
    solver = z3.Solver()
    solver.set("timeout", max(1, int(1000 * seconds)))
    solver.add(*(term >= 0 for term in terms.values()), z3.Not(raised[1]))
    same = _compared(ast.Eq(), *map(_whole, results))
    solver.add(z3.Or(raised[0], z3.Not(same)))
    answer = solver.check()
    if answer == z3.unknown:
        raise TimeoutError(solver.reason_unknown())
    if answer == z3.unsat:
        return None
    model = solver.model()
    return {
        name: model.eval(term, model_completion=True).as_signed_long()
        for name, term in terms.items()
    }
