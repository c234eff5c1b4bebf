"""The text of a function: short lines, broken where the structure of an expression allows it."""

import ast
import copy
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

__all__ = ["WIDTH", "text_of"]

WIDTH = 88
"""The most columns of a line, unless a single name or literal is longer."""

_TEST, _OR, _AND, _NOT, _COMPARED, _ADDED, _MULTIPLIED, _SIGNED, _POWER, _ATOM = range(10)
"""How strongly an operator holds its operands together, the weakest first."""

_STRENGTHS: Mapping[type[ast.AST], tuple[int, str]] = {
    ast.Or: (_OR, "or"),
    ast.And: (_AND, "and"),
    ast.Not: (_NOT, "not "),
    ast.Add: (_ADDED, "+"),
    ast.Sub: (_ADDED, "-"),
    ast.Mult: (_MULTIPLIED, "*"),
    ast.FloorDiv: (_MULTIPLIED, "//"),
    ast.Mod: (_MULTIPLIED, "%"),
    ast.USub: (_SIGNED, "-"),
    ast.Pow: (_POWER, "**"),
    ast.Eq: (_COMPARED, "=="),
    ast.NotEq: (_COMPARED, "!="),
    ast.Lt: (_COMPARED, "<"),
    ast.LtE: (_COMPARED, "<="),
    ast.Gt: (_COMPARED, ">"),
    ast.GtE: (_COMPARED, ">="),
    ast.In: (_COMPARED, "in"),
    ast.NotIn: (_COMPARED, "not in"),
}
"""The strengths and texts of the operators that lines may be broken at."""


def text_of(statement: ast.stmt, indent: int = 0) -> list[str]:
    """Return the lines of a statement, such as a function, which parse to an equal tree.

    Parameters
    ----------
    statement : ast.stmt
        The statement.
    indent : int
        Columns before the first line.

    Examples
    --------
    >>> text_of(ast.parse("x = sum((1 for y in xs))").body[0])
    ['x = sum(1 for y in xs)']
    """
    match statement:
        case ast.FunctionDef(name, ast.arguments(args=parameters), body):
            returns = f" -> {_flat(statement.returns)}" if statement.returns else ""
            header = f"{' ' * indent}def {name}({_flat(statement.args)}){returns}:"
            if len(header) > WIDTH:
                rows = [f"{' ' * (indent + 4)}{_flat(parameter)}," for parameter in parameters]
                first, last = f"{' ' * indent}def {name}(", f"{' ' * indent}){returns}:"
                return [first, *rows, last, *_block(body, indent)]
            return [header, *_block(body, indent)]
        case ast.For(target, source, body, []):
            return _lines(source, f"for {_open(target)} in ", ":", indent) + _block(body, indent)
        case ast.While(test, body, []):
            return _lines(test, "while ", ":", indent) + _block(body, indent)
        case ast.If(test, body, []):
            return _lines(test, "if ", ":", indent) + _block(body, indent)
        case ast.Return(ast.expr() as value):
            return _assigned("return ", value, indent)
        case ast.Assign([target], value):
            return _assigned(f"{_open(target)} = ", value, indent)
        case ast.AugAssign(target, op, value) if type(op) in _STRENGTHS:
            return _lines(value, f"{_flat(target)} {_STRENGTHS[type(op)][1]}= ", "", indent)
        case ast.Expr(value):
            return _lines(value, "", "", indent)
    return [" " * indent + line for line in _flat(statement).splitlines()]


def _block(statements: Iterable[ast.stmt], indent: int) -> list[str]:
    return [line for statement in statements for line in text_of(statement, indent + 4)]


def _assigned(before: str, value: ast.expr, indent: int) -> list[str]:
    """Return the lines of a value; a tuple on one line has no parentheses."""
    line = f"{' ' * indent}{before}{_open(value)}"
    return [line] if len(line) <= WIDTH else _lines(value, before, "", indent)


class _Bare(ast.NodeTransformer):
    """Writes a generator without parentheses of its own where it is the only argument."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        if _has_sole_generator(node):
            node.args = [ast.Name(ast.unparse(node.args[0])[1:-1], ast.Load())]
        return node


def _has_sole_generator(node: ast.AST) -> bool:
    match node:
        case ast.Call(_, [ast.GeneratorExp()], []):
            return True
    return False


def _flat(node: ast.AST) -> str:
    """Return the text of an expression on one line, or of a statement on several."""
    if any(map(_has_sole_generator, ast.walk(node))):
        node = _Bare().visit(copy.deepcopy(node))
    return ast.unparse(node)


def _open(node: ast.expr) -> str:
    """Return the text of an expression on one line; a tuple has no parentheses."""
    if isinstance(node, ast.Tuple) and len(node.elts) > 1:
        return ", ".join(map(_flat, node.elts))
    return _flat(node)


def _strength(node: ast.AST) -> int:
    match node:
        case ast.Compare():
            return _COMPARED
        case ast.BoolOp(op) | ast.UnaryOp(op) | ast.BinOp(op=op):
            return _STRENGTHS.get(type(op), (_TEST, ""))[0]
        case ast.Lambda() | ast.IfExp():
            return _TEST
    return _ATOM


@dataclass(frozen=True)
class _Row:
    """An expression on lines of its own, between two texts; see `_lines`."""

    before: str
    node: ast.expr
    after: str = ""
    least: int = _TEST


def _lines(node: ast.expr, before: str, after: str, indent: int, least: int = _TEST) -> list[str]:
    """Return the lines of an expression between two texts.

    Parameters
    ----------
    node : ast.expr
        The expression.
    before, after : str
        The text before it on its first line, and after it on its last.
    indent : int
        Columns before the first line and the last.
    least : int
        The strength with which the expression must hold together, or else stand in parentheses.
    """
    margin, wrapped = " " * indent, _strength(node) < least
    line = f"{margin}{before}{f'({_flat(node)})' if wrapped else _flat(node)}{after}"
    if len(line) <= WIDTH:
        return [line]
    if rows := _operands(node, WIDTH - indent - 4):
        return _between([f"{margin}{before}("], rows, f"){after}", indent)
    if wrapped:
        return _lines(node, f"{before}(", f"){after}", indent)
    match node:
        case ast.Lambda(arguments, body):
            return _lines(body, f"{before}lambda {_flat(arguments)}: ", after, indent)
        case ast.UnaryOp(op, operand) if type(op) in _STRENGTHS:
            strength, sign = _STRENGTHS[type(op)]
            return _lines(operand, before + sign, after, indent, strength)
        case ast.Attribute(value, name) if not isinstance(value, ast.Constant):
            return _lines(value, before, f".{name}{after}", indent, _ATOM)
    inside = _inside(node, WIDTH - indent - 4)
    if inside is None:
        return [line]
    callee, opening, closing, rows = inside
    if callee is None:
        head = [f"{margin}{before}{opening}"]
    else:
        head = _lines(callee, before, opening, indent, _ATOM)
        if len(head) > 1 or not rows:  # the brackets may fit on the last of its lines
            short = _flat(node)[len(_flat(callee)) + 2 * (_strength(callee) < _ATOM) :]
            lines = _lines(callee, before, f"{short}{after}", indent, _ATOM)
            if not rows or len(lines[-1]) <= WIDTH:
                return lines
    return _between(head, rows, f"{closing}{after}", indent)


def _between(head: list[str], rows: Iterable[_Row], last: str, indent: int) -> list[str]:
    """Return lines with the rows, further to the right, between the first ones and the last."""
    inner = [_lines(row.node, row.before, row.after, indent + 4, row.least) for row in rows]
    return [*head, *chain.from_iterable(inner), " " * indent + last]


def _operands(node: ast.expr, width: int) -> list[_Row]:
    """Return the branches of a choice, or the operands of an operator; none for another."""
    match node:
        case ast.IfExp():
            return _branches(node, width)
        case ast.BinOp(left, op, right) if type(op) in _STRENGTHS:
            strength, sign = _STRENGTHS[type(op)]
            if isinstance(op, ast.Pow):
                return [_Row("", left, "", _ATOM), _Row(f"{sign} ", right, "", _SIGNED)]
            same = isinstance(left, ast.BinOp) and _strength(left) == strength
            first = _operands(left, width) if same else [_Row("", left, "", strength)]
            return [*first, _Row(f"{sign} ", right, "", strength + 1)]
        case ast.BoolOp(op, [first_value, *others]):
            strength, sign = _STRENGTHS[type(op)]
            rest = [_Row(f"{sign} ", other, "", strength + 1) for other in others]
            return [_Row("", first_value, "", strength + 1), *rest]
        case ast.Compare(left, operators, others):
            signs = [_STRENGTHS.get(type(op), (0, ""))[1] for op in operators]
            if all(signs):
                rest = [
                    _Row(f"{sign} ", other, "", _ADDED)
                    for sign, other in zip(signs, others, strict=True)
                ]
                return [_Row("", left, "", _ADDED), *rest]
    return []


def _branches(node: ast.expr, width: int, before: str = "") -> list[_Row]:
    """Return a branch with its condition per row, or two rows if they are long."""
    if not isinstance(node, ast.IfExp):
        return [_Row(before, node)]
    condition = f" if {_flat(node.test)}"
    rest = _branches(node.orelse, width, "else ")
    if _strength(node.test) > _TEST and len(f"{before}{_flat(node.body)}{condition}") <= width:
        return [_Row(before, node.body, condition, _OR), *rest]
    return [_Row(before, node.body, "", _OR), _Row("if ", node.test, "", _OR), *rest]


def _inside(node: ast.expr, width: int) -> tuple[ast.expr | None, str, str, list[_Row]] | None:
    """Return what stands before the brackets of an expression, these, and the rows inside."""
    match node:
        case ast.ListComp():
            return None, "[", "]", _clauses(node)
        case ast.GeneratorExp():
            return None, "(", ")", _clauses(node)
        case ast.List([_, *_] as items):
            return None, "[", "]", [_Row("", item, ",") for item in items]
        case ast.Tuple([_, *_] as items):
            return None, "(", ")", [_Row("", item, ",") for item in items]
        case ast.Call(function, [ast.GeneratorExp() as generator], []):
            return function, "(", ")", _clauses(generator)
        case ast.Call(function, [argument], []):
            return function, "(", ")", _operands(argument, width) or [_Row("", argument)]
        case ast.Call(function, arguments, keywords):
            rows = [_Row("", argument, ",") for argument in arguments]
            named = [_Row(f"{each.arg}=", each.value, ",") for each in keywords if each.arg]
            return function, "(", ")", rows + named
        case ast.Subscript(value, ast.Slice(lower, upper, step)):
            rows = [_Row("", lower, ":")] if lower else []
            rows += [_Row("" if rows else ":", upper)] if upper else []
            rows += [_Row(":" if rows else "::", step)] if step else []
            return value, "[", "]", rows
        case ast.Subscript(value, index) if not isinstance(index, ast.Tuple):
            return value, "[", "]", _operands(index, width) or [_Row("", index)]
    return None


def _clauses(node: ast.ListComp | ast.GeneratorExp) -> list[_Row]:
    """Return the element of a comprehension, its loops and its conditions, one a row."""
    rows = [_Row("", node.elt)]
    for loop in node.generators:
        rows.append(_Row(f"for {_open(loop.target)} in ", loop.iter, "", _OR))
        rows += [_Row("if ", condition, "", _OR) for condition in loop.ifs]
    return rows
