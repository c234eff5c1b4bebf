"""Sorts, terms, grammars and problems of SyGuS."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

__all__ = [
    "BOOL",
    "INT",
    "REGLAN",
    "STRING",
    "Definition",
    "Grammar",
    "Problem",
    "Sort",
    "SynthFun",
    "Term",
    "Value",
    "constant",
    "expand",
    "substitute",
    "variable",
]

Value = bool | int | str
"""A bit-vector's value is an unsigned int."""


class Sort(NamedTuple):
    """``Int``, ``Bool``, ``String``, ``RegLan``, or ``BitVec`` with its width."""

    name: str
    width: int = 0

    def __str__(self) -> str:
        return f"(_ BitVec {self.width})" if self.width else self.name


INT, BOOL, STRING = Sort("Int"), Sort("Bool"), Sort("String")
REGLAN = Sort("RegLan")


@dataclass(frozen=True, slots=True)
class Term:
    """A constant, a variable, a non-terminal (in grammars only), or an operator on terms.

    Attributes
    ----------
    op : str
        ``"const"``, ``"var"``, ``"nonterminal"``, an operator of the theories, or the name of a
        function of the problem.
    sort : Sort
        Of the result.
    args : tuple of Term
        Operands.
    value : bool, int or str
        The constant; the name of a variable or non-terminal.
    indices : tuple of int
        Of an indexed operator, as in ``(_ extract 7 0)``.
    """

    op: str
    sort: Sort
    args: tuple["Term", ...] = ()
    value: Value = ""
    indices: tuple[int, ...] = ()
    _hash: int = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        # Terms are looked up all the time: computed once, a hash costs as much as the operands.
        fields = (self.op, self.sort, self.args, self.value, self.indices)
        object.__setattr__(self, "_hash", hash(fields))

    def __hash__(self) -> int:
        return self._hash

    def subterms(self) -> Iterator["Term"]:
        """This term and all within it."""
        stack = [self]
        while stack:
            term = stack.pop()
            yield term
            stack.extend(term.args)

    @property
    def size(self) -> int:
        """Nodes."""
        return sum(1 for _ in self.subterms())

    def with_args(self, args: tuple["Term", ...]) -> "Term":
        """The same operator on other operands."""
        return Term(self.op, self.sort, args, self.value, self.indices)


def constant(value: Value, sort: Sort) -> Term:
    return Term("const", sort, value=value)


def variable(name: str, sort: Sort) -> Term:
    return Term("var", sort, value=name)


def substitute(term: Term, replace: Callable[[Term], Term | None]) -> Term:
    """Rewrite from the leaves up; None leaves a term as it is. Equal parts are rewritten once."""
    done: dict[Term, Term] = {}

    def rewritten(part: Term) -> Term:
        known = done.get(part)
        if known is None:
            known = part
            if part.args:
                args = tuple(rewritten(arg) for arg in part.args)
                if any(new is not old for new, old in zip(args, part.args, strict=True)):
                    known = part.with_args(args)
            done[part] = known = replace(known) or known
        return known

    return rewritten(term)


@dataclass(frozen=True)
class Definition:
    """A function with a body."""

    name: str
    params: tuple[tuple[str, Sort], ...]
    sort: Sort
    body: Term

    def applied(self, args: tuple[Term, ...]) -> Term:
        """The body on these operands."""
        given = {name: arg for (name, _), arg in zip(self.params, args, strict=True)}
        return _replace_variables(self.body, given)


def _replace_variables(term: Term, given: Mapping[str, Term]) -> Term:
    # Not `substitute`: an operand must not be rewritten again if it names a parameter itself.
    if term.op == "var":
        return given.get(str(term.value), term)
    return term.with_args(tuple(_replace_variables(arg, given) for arg in term.args))


def expand(term: Term, definitions: Mapping[str, Definition]) -> Term:
    """The term with every call of a defined function replaced by its body."""

    def call(part: Term) -> Term | None:
        definition = definitions.get(part.op)
        if definition is None:
            return None
        return expand(definition.applied(part.args), definitions)

    return substitute(term, call)


@dataclass(frozen=True)
class Grammar:
    """Which terms an answer may be.

    Attributes
    ----------
    start : str
        The first non-terminal.
    sorts : mapping
        Of each non-terminal.
    rules : mapping
        For each non-terminal the terms, with non-terminals in them, that it may become.
    any_constant : frozenset of str
        Non-terminals that may also become any constant of their sort.
    """

    start: str
    sorts: Mapping[str, Sort]
    rules: Mapping[str, tuple[Term, ...]]
    any_constant: frozenset[str] = frozenset()


@dataclass(frozen=True)
class SynthFun:
    """A function to be found; without a grammar any term of its logic will do."""

    name: str
    params: tuple[tuple[str, Sort], ...]
    sort: Sort
    grammar: Grammar | None


@dataclass(frozen=True)
class Problem:
    """What a SyGuS file asks.

    Attributes
    ----------
    logic : str
        As declared.
    functions : tuple of SynthFun
        To be found.
    variables : tuple of (str, Sort)
        Universally quantified.
    constraints : tuple of Term
        What must hold for all their values; calls of defined functions are already replaced.
    definitions : mapping
        The functions that the file defines: a grammar may call them.
    """

    logic: str
    functions: tuple[SynthFun, ...]
    variables: tuple[tuple[str, Sort], ...]
    constraints: tuple[Term, ...]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
