"""Sorts, terms, grammars and problems of SyGuS."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, TypeVar
from weakref import WeakValueDictionary

from dlcompare.synthesis.sygus.sexpr import SExpr

__all__ = [
    "BOOL",
    "CONSTANT",
    "HOLE",
    "INT",
    "NONTERMINAL",
    "REGLAN",
    "STRING",
    "VARIABLE",
    "Definition",
    "Sort",
    "SygusGrammar",
    "SygusProblem",
    "SynthFun",
    "Term",
    "Value",
    "constant",
    "expand",
    "fold",
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


CONSTANT, VARIABLE, NONTERMINAL, HOLE = "|constant|", "|variable|", "|nonterminal|", "|hole|"
"""Pseudo-operators. No symbol of SMT-LIB contains a bar, so these names never clash with a file's;
the same holds for every generated name."""

_KNOWN: "WeakValueDictionary[tuple[object, ...], Term]" = WeakValueDictionary()


class Term:
    """A constant, a variable, a non-terminal (in grammars only), or an operator on terms.

    Equal terms are one object (hash-consing), so that comparing takes no time and a term whose
    parts are shared is as small as the parts that differ, however large the tree.

    Attributes
    ----------
    op : str
        `CONSTANT`, `VARIABLE`, `NONTERMINAL`, `HOLE`, an operator of the theories, or the name of a
        function of the problem.
    sort : Sort
        Of the result.
    args : tuple of Term
        Operands.
    value : bool, int or str
        The constant; the name of a variable or non-terminal.
    indices : tuple of int
        Of an indexed operator, as in ``(_ extract 7 0)``.
    size : int
        Nodes of the tree.
    depth : int
        Nodes of its longest path.
    open : bool
        Whether there is a non-terminal in it.
    """

    __slots__ = ("__weakref__", "args", "depth", "indices", "op", "open", "size", "sort", "value")

    op: str
    sort: Sort
    args: tuple["Term", ...]
    value: Value
    indices: tuple[int, ...]
    size: int
    depth: int
    open: bool

    def __new__(
        cls,
        op: str,
        sort: Sort,
        args: tuple["Term", ...] = (),
        value: Value = "",
        indices: tuple[int, ...] = (),
    ) -> "Term":
        key = (op, sort, args, value, indices)
        known = _KNOWN.get(key)
        if known is None:
            known = super().__new__(cls)
            known.op, known.sort, known.args, known.value, known.indices = key
            known.size = 1 + sum(arg.size for arg in args)
            known.depth = 1 + max((arg.depth for arg in args), default=0)
            known.open = op == NONTERMINAL or any(arg.open for arg in args)
            _KNOWN[key] = known
        return known

    def __reduce__(self) -> tuple[type["Term"], tuple[object, ...]]:
        return Term, (self.op, self.sort, self.args, self.value, self.indices)

    def __repr__(self) -> str:
        return f"<{self.op} {self.value!r} of {self.size} nodes>"

    def subterms(self) -> Iterator["Term"]:
        """Yield this term and all within it, each once."""
        stack: list[Term] = [self]
        seen: set[Term] = set()
        while stack:
            term = stack.pop()
            if term not in seen:
                seen.add(term)
                yield term
                stack.extend(term.args)

    def with_args(self, args: tuple["Term", ...]) -> "Term":
        """Return the same operator on other operands."""
        return Term(self.op, self.sort, args, self.value, self.indices)


def constant(value: Value, sort: Sort) -> Term:
    """Return a constant term of a sort."""
    return Term(CONSTANT, sort, value=value)


def variable(name: str, sort: Sort) -> Term:
    """Return a variable term of a sort."""
    return Term(VARIABLE, sort, value=name)


Result = TypeVar("Result")


def fold(term: Term, combine: Callable[[Term, list[Result]], Result]) -> Result:
    """Compute a result bottom-up, once per distinct subterm.

    Parameters
    ----------
    term : Term
        A term of any depth, since the traversal is iterative.
    combine : callable
        Maps a subterm and the results of its operands to its result.

    Examples
    --------
    >>> x = variable("x", INT)
    >>> fold(Term("+", INT, (x, x)), lambda part, given: f"({part.op} {given})" if given else "x")
    "(+ ['x', 'x'])"
    """
    done: dict[Term, Result] = {}
    stack = [term]
    while stack:
        part = stack[-1]
        waiting = [arg for arg in part.args if arg not in done]
        if waiting:
            stack.extend(reversed(waiting))
            continue
        stack.pop()
        if part not in done:
            done[part] = combine(part, [done[arg] for arg in part.args])
    return done[term]


def substitute(term: Term, replace: Callable[[Term], Term | None]) -> Term:
    """Rewrite from the leaves up; None leaves a term as it is. Equal parts are rewritten once."""

    def rewritten(part: Term, args: list[Term]) -> Term:
        known = part.with_args(tuple(args)) if args else part
        return replace(known) or known

    return fold(term, rewritten)


@dataclass(frozen=True)
class Definition:
    """A function with a body."""

    name: str
    params: tuple[tuple[str, Sort], ...]
    sort: Sort
    body: Term

    def applied(self, args: tuple[Term, ...]) -> Term:
        """Return the body on these operands."""
        given = {name: arg for (name, _), arg in zip(self.params, args, strict=True)}

        def operand(part: Term) -> Term | None:
            return given.get(str(part.value)) if part.op == VARIABLE else None

        return substitute(self.body, operand)


def expand(term: Term, definitions: Mapping[str, Definition]) -> Term:
    """Return the term with every call of a defined function replaced by its body."""

    def call(part: Term) -> Term | None:
        definition = definitions.get(part.op)
        if definition is None:
            return None
        return expand(definition.applied(part.args), definitions)

    return substitute(term, call)


@dataclass(frozen=True)
class SygusGrammar:
    """The grammar of the terms that an answer may be.

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
    """A function to synthesize; without a grammar, any term of its logic is allowed."""

    name: str
    params: tuple[tuple[str, Sort], ...]
    sort: Sort
    grammar: SygusGrammar | None


@dataclass(frozen=True)
class SygusProblem:
    """The contents of a SyGuS file.

    Attributes
    ----------
    logic : str
        As declared.
    functions : tuple of SynthFun
        To be found.
    variables : tuple of (str, Sort)
        Universally quantified.
    constraints : tuple of Term
        Conditions for all values of the variables, with calls of defined functions expanded.
    definitions : mapping
        The functions that the file defines: a grammar may call them.
    script : tuple of SExpr
        The commands of the file, for a check that does not depend on how they are read here.
    """

    logic: str
    functions: tuple[SynthFun, ...]
    variables: tuple[tuple[str, Sort], ...]
    constraints: tuple[Term, ...]
    definitions: Mapping[str, Definition] = field(default_factory=dict)
    script: tuple[SExpr, ...] = field(default=(), repr=False, compare=False)
