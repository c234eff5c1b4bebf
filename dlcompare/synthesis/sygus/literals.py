"""Sorts, constants and names as SMT-LIB writes them, read and printed."""

import re
from collections.abc import Mapping

from dlcompare.synthesis.sygus.sexpr import Atom, Form, SExpr
from dlcompare.synthesis.sygus.terms import BOOL, INT, REGLAN, STRING, Sort, Term, Value, constant
from dlcompare.tasks.errors import InputError

__all__ = ["literal", "print_value", "read_sort"]

_SORTS = {"Int": INT, "Bool": BOOL, "String": STRING, "RegLan": REGLAN}
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]{1,5})\}|\\u([0-9a-fA-F]{4})")


def read_sort(form: SExpr, named: Mapping[str, Sort]) -> Sort:
    """A sort, or a sentence that says which one is not supported."""
    if isinstance(form, Atom):
        sort = named.get(form.text) or _SORTS.get(form.text)
        if sort is not None:
            return sort
        raise InputError(f"line {form.line}: the sort {form.text} is not supported")
    parts = [str(item) for item in form.items]
    if len(parts) == 3 and parts[:2] == ["_", "BitVec"] and parts[2].isdigit() and int(parts[2]):
        return Sort("BitVec", int(parts[2]))
    if len(parts) == 2 and parts[0] == "BitVec" and parts[1].isdigit() and int(parts[1]):
        return Sort("BitVec", int(parts[1]))
    raise InputError(f"line {form.line}: the sort {form} is not supported")


def literal(form: SExpr) -> Term | None:
    """The constant that an expression writes; None if it writes none."""
    if isinstance(form, Form):
        parts = [str(item) for item in form.items]
        if len(parts) == 3 and parts[0] == "_" and re.fullmatch(r"bv\d+", parts[1]):
            width = int(parts[2])
            return constant(int(parts[1][2:]) % 2**width, Sort("BitVec", width))
        if len(parts) == 2 and parts[0] == "-" and parts[1].isdigit():
            return constant(-int(parts[1]), INT)
        return None
    text = form.text
    if text in ("true", "false"):
        return constant(text == "true", BOOL)
    if re.fullmatch(r"-?\d+", text):
        return constant(int(text), INT)
    if re.fullmatch(r"#b[01]+", text):
        return constant(int(text[2:], 2), Sort("BitVec", len(text) - 2))
    if re.fullmatch(r"#x[0-9a-fA-F]+", text):
        return constant(int(text[2:], 16), Sort("BitVec", 4 * (len(text) - 2)))
    if text.startswith('"'):
        plain = text[1:-1].replace('""', '"')
        shown = _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), plain)
        return constant(shown, STRING)
    return None


def print_value(value: Value, sort: Sort) -> str:
    """A constant in SMT-LIB.

    Examples
    --------
    >>> print_value(-3, INT), print_value(5, Sort("BitVec", 6)), print_value('a"b', STRING)
    ('(- 3)', '#b000101', '"a""b"')
    """
    if sort == BOOL:
        return "true" if value else "false"
    if sort == STRING:
        shown = "".join(
            c if " " <= c <= "~" and c != "\\" else f"\\u{{{ord(c):x}}}" for c in str(value)
        )
        return '"{}"'.format(shown.replace('"', '""'))
    number = int(value)
    if sort.width:
        if sort.width % 4 == 0:
            return f"#x{number:0{sort.width // 4}x}"
        return f"#b{number:0{sort.width}b}"
    return str(number) if number >= 0 else f"(- {-number})"
