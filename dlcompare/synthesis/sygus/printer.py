"""Answers as ``(define-fun …)`` and as Python functions; problems as SyGuS-IF."""

import inspect
import keyword
import re
from collections.abc import Callable, Mapping
from typing import Any

from dlcompare.synthesis.sygus.literals import print_value
from dlcompare.synthesis.sygus.operators import python_source
from dlcompare.synthesis.sygus.semantics import FUNCTIONS
from dlcompare.synthesis.sygus.terms import (
    Definition,
    Grammar,
    Problem,
    Sort,
    SynthFun,
    Term,
    expand,
)

__all__ = [
    "compiled",
    "print_define_fun",
    "print_problem",
    "print_python",
    "print_term",
    "python_expression",
]

_PYTHON_TYPES = {"Int": "int", "Bool": "bool", "String": "str", "BitVec": "int", "RegLan": "tuple"}


def _symbol(name: str) -> str:
    return name if re.fullmatch(r"[^\s()\";|#:\d][^\s()\";|]*", name) else f"|{name}|"


def print_term(term: Term) -> str:
    """A term as an s-expression."""
    if term.op == "const":
        return print_value(term.value, term.sort)
    if term.op in ("var", "nonterminal"):
        return _symbol(str(term.value))
    head = _symbol(term.op)
    if term.indices:
        head = f"(_ {head} {' '.join(map(str, term.indices))})"
    return f"({' '.join([head, *map(print_term, term.args)])})" if term.args else head


def _params(params: tuple[tuple[str, Sort], ...]) -> str:
    return f"({' '.join(f'({_symbol(name)} {sort})' for name, sort in params)})"


def print_define_fun(definition: Definition) -> str:
    """A definition as SMT-LIB writes it.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.terms import INT, constant
    >>> print_define_fun(Definition("two", (("x", INT),), INT, constant(2, INT)))
    '(define-fun two ((x Int)) Int 2)'
    """
    head = f"{_symbol(definition.name)} {_params(definition.params)} {definition.sort}"
    return f"(define-fun {head} {print_term(definition.body)})"


def _print_grammar(grammar: Grammar) -> str:
    names = " ".join(f"({_symbol(n)} {s})" for n, s in grammar.sorts.items())
    groups = []
    for name, sort in grammar.sorts.items():
        rules = [print_term(rule) for rule in grammar.rules[name]]
        rules += [f"(Constant {sort})"] if name in grammar.any_constant else []
        groups.append(f"({_symbol(name)} {sort} ({' '.join(rules)}))")
    return f"\n  ({names})\n  ({' '.join(groups)})"


def _print_synth_fun(function: SynthFun) -> str:
    grammar = _print_grammar(function.grammar) if function.grammar else ""
    head = f"{_symbol(function.name)} {_params(function.params)} {function.sort}"
    return f"(synth-fun {head}{grammar})"


def print_problem(problem: Problem) -> str:
    """A problem as SyGuS-IF; reading it again gives the same problem."""
    lines = [f"(set-logic {problem.logic})"]
    lines += [print_define_fun(definition) for definition in problem.definitions.values()]
    lines += [_print_synth_fun(function) for function in problem.functions]
    lines += [f"(declare-var {_symbol(name)} {sort})" for name, sort in problem.variables]
    lines += [f"(constraint {print_term(term)})" for term in problem.constraints]
    return "\n".join([*lines, "(check-synth)"]) + "\n"


def python_expression(term: Term, names: Mapping[str, str]) -> str:
    """Python source of a term; `names` gives that of the variables and unknown functions."""
    if term.op == "const":
        return repr(term.value) if repr(term.value)[0] != "-" else f"({term.value!r})"
    if term.op in ("var", "nonterminal"):
        return names[str(term.value)]
    args = [python_expression(arg, names) for arg in term.args]
    if term.op in names:
        return f"{names[term.op]}({', '.join(args)})"
    return python_source(term.op, term.indices, args, [arg.sort for arg in term.args])


def compiled(source: str) -> Callable[..., Any]:
    """The function that a lambda expression over `FUNCTIONS` stands for.

    The source is always one that `python_expression` made: names are ours, constants are literals.
    """
    function: Callable[..., Any] = eval(source, dict(FUNCTIONS))
    return function


def _identifier(name: str, taken: set[str]) -> str:
    plain = re.sub(r"\W", "_", name, flags=re.ASCII)
    if not plain or plain[0].isdigit() or keyword.iskeyword(plain):
        plain = f"_{plain}"
    while plain in taken or plain in FUNCTIONS:
        plain += "_"
    taken.add(plain)
    return plain


def print_python(definition: Definition, definitions: Mapping[str, Definition]) -> str:
    """A definition as a Python function that stands alone; bit-vectors are unsigned numbers."""
    taken = {"abs", "len", "int"}
    name = _identifier(definition.name, taken)
    names = {param: _identifier(param, taken) for param, _ in definition.params}
    body = python_expression(expand(definition.body, definitions), names)
    used = [f for key, f in FUNCTIONS.items() if re.search(rf"\b{key}\(", body)]
    params = ", ".join(f"{names[p]}: {_PYTHON_TYPES[sort.name]}" for p, sort in definition.params)
    result = _PYTHON_TYPES[definition.sort.name]
    head = f"def {name}({params}) -> {result}:\n    return {body}\n"
    sources = [inspect.getsource(function) for function in used]
    imports = ["from typing import Any\n"] if any("Any" in source for source in sources) else []
    return "\n\n".join([*imports, *sources, head])
