"""Answers as ``(define-fun …)`` and as Python functions; problems as SyGuS-IF."""

import builtins
import inspect
import keyword
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dlcompare.synthesis.sygus.literals import print_symbol, print_value
from dlcompare.synthesis.sygus.operators import python_source
from dlcompare.synthesis.sygus.semantics import FUNCTIONS
from dlcompare.synthesis.sygus.syntax import (
    CONSTANT,
    NONTERMINAL,
    VARIABLE,
    Definition,
    Sort,
    SygusGrammar,
    SygusProblem,
    SynthFun,
    Term,
    Value,
    expand,
    fold,
    variable,
)

__all__ = [
    "PythonSource",
    "compiled",
    "print_define_fun",
    "print_problem",
    "print_python",
    "print_term",
    "python_expression",
]

_PYTHON_TYPES = {"Int": "int", "Bool": "bool", "String": "str", "BitVec": "int", "RegLan": "tuple"}


def _written(term: Term, operands: Sequence[str]) -> str:
    if term.op == CONSTANT:
        return print_value(term.value, term.sort)
    if term.op in (VARIABLE, NONTERMINAL):
        return print_symbol(str(term.value))
    head = print_symbol(term.op)
    if term.indices:
        head = f"(_ {head} {' '.join(map(str, term.indices))})"
    return f"({' '.join([head, *operands])})" if operands else head


def print_term(term: Term) -> str:
    """Return a term as an s-expression."""
    return fold(term, _written)


def _params(params: tuple[tuple[str, Sort], ...]) -> str:
    return f"({' '.join(f'({print_symbol(name)} {sort})' for name, sort in params)})"


def print_define_fun(definition: Definition) -> str:
    """Return a definition as SMT-LIB writes it.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.syntax import INT, constant
    >>> print_define_fun(Definition("two", (("x", INT),), INT, constant(2, INT)))
    '(define-fun two ((x Int)) Int 2)'
    """
    definition = _without_capture(definition)
    head = f"{print_symbol(definition.name)} {_params(definition.params)} {definition.sort}"
    return f"(define-fun {head} {print_term(definition.body)})"


def _without_capture(definition: Definition) -> Definition:
    """Return the definition with parameters renamed that share a name with an operator in it."""
    called = {part.op for part in definition.body.subterms()}
    taken = called | {name for name, _ in definition.params} | {definition.name}
    names: dict[str, str] = {}
    for name, _ in definition.params:
        names[name] = name
        if name in called:
            while names[name] in taken:
                names[name] += "!"
            taken.add(names[name])
    params = tuple((names[name], sort) for name, sort in definition.params)
    body = definition.applied(tuple(variable(name, sort) for name, sort in params))
    return Definition(definition.name, params, definition.sort, body)


def _print_grammar(grammar: SygusGrammar) -> str:
    names = " ".join(f"({print_symbol(n)} {s})" for n, s in grammar.sorts.items())
    groups = []
    for name, sort in grammar.sorts.items():
        rules = [print_term(rule) for rule in grammar.rules[name]]
        rules += [f"(Constant {sort})"] if name in grammar.any_constant else []
        groups.append(f"({print_symbol(name)} {sort} ({' '.join(rules)}))")
    return f"\n  ({names})\n  ({' '.join(groups)})"


def _print_synth_fun(function: SynthFun) -> str:
    grammar = _print_grammar(function.grammar) if function.grammar else ""
    head = f"{print_symbol(function.name)} {_params(function.params)} {function.sort}"
    return f"(synth-fun {head}{grammar})"


def print_problem(problem: SygusProblem) -> str:
    """Return a problem as SyGuS-IF; reading it again gives the same problem."""
    lines = [f"(set-logic {problem.logic})"]
    lines += [print_define_fun(definition) for definition in problem.definitions.values()]
    lines += [_print_synth_fun(function) for function in problem.functions]
    lines += [f"(declare-var {print_symbol(name)} {sort})" for name, sort in problem.variables]
    lines += [f"(constraint {print_term(term)})" for term in problem.constraints]
    return "\n".join([*lines, "(check-synth)"]) + "\n"


DEEPEST, LARGEST = 30, 500
"""Depth of a Python expression at most, since Python takes 200 parentheses and no more; and nodes
of a term above which what occurs twice in it is computed once."""


class PythonSource:
    """A term as Python: assignments of parts that are deep or shared, and an expression.

    Parameters
    ----------
    term : Term
    names : mapping of str to str
        Python names of its variables.
    calls : mapping of str to str
        Of the functions that are unknown.
    """

    def __init__(
        self, term: Term, names: Mapping[str, str], calls: Mapping[str, str] | None = None
    ) -> None:
        self.names, self.calls = names, calls or {}
        self.uses: Counter[Term] = Counter()
        if term.size > LARGEST:
            for part in term.subterms():
                self.uses.update(part.args)
        self.taken = {*names.values(), *self.calls.values()}
        self.parts: list[tuple[str, str]] = []
        self.expression, _ = fold(term, self._combined)

    def _combined(self, term: Term, given: list[tuple[str, int]]) -> tuple[str, int]:
        depth = 1 + max((deep for _, deep in given), default=0)
        source = self._source(term, [each for each, _ in given])
        if term.args and (depth > DEEPEST or self.uses[term] > 1):
            name = f"t{len(self.parts)}"
            while name in self.taken:
                name += "_"
            self.parts.append((name, source))
            return name, 1
        return source, depth

    def _source(self, term: Term, args: Sequence[str]) -> str:
        if term.op == CONSTANT:
            return _python_value(term.value)
        if term.op in (VARIABLE, NONTERMINAL):
            return self.names[str(term.value)]
        if term.op in self.calls:
            return f"{self.calls[term.op]}({', '.join(args)})"
        return python_source(term.op, term.indices, args, [arg.sort for arg in term.args])


def _python_value(value: Value) -> str:
    # Python reads decimal numbers of so many digits only.
    large = isinstance(value, int) and value.bit_length() > 13_000
    source = hex(value) if isinstance(value, int) and large else repr(value)
    return f"({source})" if source[0] == "-" else source


def python_expression(
    term: Term, names: Mapping[str, str], calls: Mapping[str, str] | None = None
) -> str:
    """Return a term as one Python expression; see `PythonSource`."""
    source = PythonSource(term, names, calls)
    if not source.parts:
        return source.expression
    parts = ", ".join(f"{name} := {part}" for name, part in source.parts)
    return f"[{parts}, {source.expression}][-1]"


def compiled(source: str) -> Callable[..., Any]:
    """Return the function that a lambda expression over `FUNCTIONS` stands for.

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


def print_python(answers: Sequence[Definition], definitions: Mapping[str, Definition]) -> str:
    """Return definitions as a standalone Python module; bit-vectors are unsigned numbers."""
    taken = {*dir(builtins), "Any"}
    functions = [
        _python_function(answer, _identifier(answer.name, taken), definitions) for answer in answers
    ]
    code = "\n".join(functions)
    used = [f for key, f in FUNCTIONS.items() if re.search(rf"\b{key}\(", code)]
    sources = [inspect.getsource(function) for function in used]
    imports = ["from typing import Any\n"] if any("Any" in source for source in sources) else []
    return "\n\n".join([*imports, *sources, *functions])


def _python_function(answer: Definition, name: str, definitions: Mapping[str, Definition]) -> str:
    taken = {*dir(builtins), name}
    names = {param: _identifier(param, taken) for param, _ in answer.params}
    source = PythonSource(expand(answer.body, definitions), names)
    params = ", ".join(f"{names[p]}: {_PYTHON_TYPES[sort.name]}" for p, sort in answer.params)
    lines = [f"def {name}({params}) -> {_PYTHON_TYPES[answer.sort.name]}:"]
    lines += [f"    {part} = {value}" for part, value in source.parts]
    return "\n".join([*lines, f"    return {source.expression}\n"])
