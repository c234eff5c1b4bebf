"""Reading and printing of sorts, constants and names of SMT-LIB."""

import re
from collections.abc import Mapping

from dlcompare.synthesis.sygus.semantics import from_int, to_int
from dlcompare.synthesis.sygus.sexpr import Form, SExpr, Token, shown
from dlcompare.synthesis.sygus.syntax import BOOL, INT, REGLAN, STRING, Sort, Term, Value, constant
from dlcompare.tasks.errors import InputError

__all__ = ["WIDEST", "bits", "literal", "print_symbol", "print_value", "read_sort", "symbol"]

WIDEST = 65_536
"""The most bits of a bit-vector."""

_SORTS = {"Int": INT, "Bool": BOOL, "String": STRING, "RegLan": REGLAN}
_ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]{1,5})\}|\\u([0-9a-fA-F]{4})")
_LAST_CHARACTER = 0x2FFFF
_NUMERAL = re.compile(r"[0-9]+")
_NO_SYMBOL = re.compile(r"-?[0-9].*|[\"#:].*|true|false", re.DOTALL)
_SIMPLE = re.compile(r"[a-zA-Z~!@$%^&*_+=<>.?/-][0-9a-zA-Z~!@$%^&*_+=<>.?/-]*")
_WORDS = {
    *("let", "forall", "exists", "_", "!", "as", "par", "match", "Constant", "Variable"),
    *("InputVariable", "LocalVariable", "BINARY", "DECIMAL", "HEXADECIMAL", "NUMERAL", "STRING"),
    *("assume", "chc-constraint", "check-synth", "constraint", "declare-datatype"),
    *("declare-datatypes", "declare-sort", "declare-var", "declare-weight", "define-fun"),
    *("define-fun-rec", "define-sort", "inv-constraint", "optimize-synth", "oracle-assume"),
    *("oracle-constraint", "set-feature", "set-info", "set-logic", "set-option", "synth-fun"),
}
"""Reserved words, which are quoted if used as names."""


def symbol(form: SExpr, what: str) -> str:
    """Return the name that an expression is, where one is needed."""
    if not isinstance(form, Token):
        raise InputError(f"line {form.line}: {shown(form)} must be {what}")
    reserved = form.is_word("let", "forall", "exists", "_", "!", "as", "par", "match")
    if reserved or (not form.quoted and _NO_SYMBOL.fullmatch(form.text)) or "\\" in form.text:
        raise InputError(f"line {form.line}: {shown(form)} must be {what}, and is no symbol")
    return form.text


def print_symbol(name: str) -> str:
    """Return a name, between bars unless it is a simple symbol.

    Examples
    --------
    >>> print_symbol("x!"), print_symbol("f'"), print_symbol("let")
    ('x!', "|f'|", '|let|')
    """
    plain = _SIMPLE.fullmatch(name) and not _NO_SYMBOL.fullmatch(name) and name not in _WORDS
    return name if plain else f"|{name}|"


def bits(form: SExpr) -> Sort:
    """Return the sort of bit-vectors of the width that a numeral gives."""
    if isinstance(form, Token) and not form.quoted and _NUMERAL.fullmatch(form.text):
        width = to_int(form.text)
        if 0 < width <= WIDEST:
            return Sort("BitVec", width)
    raise InputError(f"line {form.line}: {shown(form)} must be a width from 1 to {WIDEST} bits")


def read_sort(form: SExpr, named: Mapping[str, Sort]) -> Sort:
    """Return a sort; raise `InputError` if it is not supported."""
    if isinstance(form, Token):
        sort = named.get(form.text) or _SORTS.get(form.text)
        if sort is not None:
            return sort
        raise InputError(f"line {form.line}: the sort {shown(form)} is not supported")
    words = [item.text for item in form.items if isinstance(item, Token) and not item.quoted]
    if len(form.items) == len(words) and words[:-1] in (["_", "BitVec"], ["BitVec"]):
        return bits(form.items[-1])
    raise InputError(f"line {form.line}: the sort {shown(form)} is not supported")


def literal(form: SExpr) -> Term | None:
    """Return the constant that an expression denotes; None if it denotes none."""
    if isinstance(form, Form):
        return _compound(form)
    text = form.text
    if form.quoted:
        return None
    if text in ("true", "false"):
        return constant(text == "true", BOOL)
    if re.fullmatch(r"-?[0-9]+", text):
        number = to_int(text.removeprefix("-"))
        return constant(-number if text[0] == "-" else number, INT)
    if re.fullmatch(r"#b[01]+|#x[0-9a-fA-F]+", text):
        base, each = (2, 1) if text[1] == "b" else (16, 4)
        width = Token(str(each * (len(text) - 2)), form.line)
        return constant(int(text[2:], base), bits(width))
    if text.startswith('"'):
        return constant(_ESCAPE.sub(_unescaped, text[1:-1].replace('""', '"')), STRING)
    return None


def _compound(form: Form) -> Term | None:
    words = [item.text for item in form.items if isinstance(item, Token) and not item.quoted]
    if len(words) != len(form.items):
        return None
    if len(words) == 3 and words[0] == "_" and re.fullmatch(r"bv[0-9]+", words[1]):
        sort = bits(form.items[2])
        return constant(to_int(words[1][2:]) % 2**sort.width, sort)
    if len(words) == 2 and words[0] == "-" and _NUMERAL.fullmatch(words[1]):
        return constant(-to_int(words[1]), INT)
    return None


def _unescaped(match: re.Match[str]) -> str:
    code = int(match[1] or match[2], 16)
    return chr(code) if code <= _LAST_CHARACTER else match[0]


def print_value(value: Value, sort: Sort) -> str:
    """Return a constant in SMT-LIB.

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
    return from_int(number) if number >= 0 else f"(- {from_int(-number)})"
