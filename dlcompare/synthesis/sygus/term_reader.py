"""Terms of SyGuS-IF: symbols looked up, operators applied, sorts checked as they are read.

The reader of a term is a generator that yields requests for its subterms, so that terms of any
depth are read without recursion.
"""

from collections.abc import Generator, Mapping, Sequence

from dlcompare.synthesis.sygus.literals import WIDEST, literal, symbol
from dlcompare.synthesis.sygus.operators import OLD_NAMES, result_sort
from dlcompare.synthesis.sygus.semantics import to_int
from dlcompare.synthesis.sygus.sexpr import Form, SExpr, Token, shown
from dlcompare.synthesis.sygus.syntax import Definition, SynthFun, Term
from dlcompare.tasks.errors import InputError

__all__ = ["DEEPEST", "TermReader", "as_form", "bounded"]

DEEPEST = 5_000
"""The most nested terms; z3 and Python read slightly more."""

Scope = dict[str, Term]
Reading = Generator[SExpr, Term, Term]


def as_form(form: SExpr, what: str) -> Form:
    """Return a sequence, where one is needed."""
    if isinstance(form, Form):
        return form
    raise InputError(f"line {form.line}: {shown(form)} must be {what}")


def bounded(term: Term, line: int) -> Term:
    """Return the term, if it is not too deep."""
    if term.depth > DEEPEST:
        raise InputError(f"line {line}: terms are nested more than {DEEPEST} deep")
    return term


class TermReader:
    """Reads terms over the functions that are known so far."""

    def __init__(self) -> None:
        self.functions: dict[str, SynthFun] = {}
        self.definitions: dict[str, Definition] = {}

    def term(self, form: SExpr, scope: Mapping[str, Term]) -> Term:
        """Return a term; `scope` says what the symbols stand for."""
        here = dict(scope)
        open_parts = [self._term(form, here)]
        result: Term | None = None
        while open_parts:
            try:
                # One that has just begun takes None, one that waits takes what it asked for.
                part = open_parts[-1].send(result)  # type: ignore[arg-type]
            except StopIteration as done:
                open_parts.pop()
                result = done.value
            else:
                open_parts.append(self._term(part, here))
                result = None
        assert result is not None
        return result

    def _term(self, form: SExpr, scope: Scope) -> Reading:
        known = literal(form)
        if known is not None:
            return known
        if isinstance(form, Token):
            name = symbol(form, "a term")
            return scope[name] if name in scope else self.applied(name, (), (), form.line)
        if not form.items:
            raise InputError(f"line {form.line}: () is not a term")
        head, *rest = form.items
        if isinstance(head, Token):
            if head.is_word("let"):
                return (yield from self._let(form, scope))
            if head.is_word("forall", "exists"):
                raise InputError(f"line {form.line}: quantifiers ({head}) are not supported")
            if head.is_word("!"):
                if not rest:
                    raise InputError(f"line {form.line}: ! takes a term")
                return (yield rest[0])
        op, indices = self._operator(head)
        args = []
        for item in rest:
            args.append((yield item))
        return self.applied(op, indices, args, form.line)

    def _operator(self, head: SExpr) -> tuple[str, tuple[int, ...]]:
        """Return the name of what is applied, and its indices."""
        if isinstance(head, Token):
            return symbol(head, "an operator"), ()
        items = head.items
        words = [item.text for item in items if isinstance(item, Token) and not item.quoted]
        numerals = all(word.isascii() and word.isdigit() for word in words[2:])
        if len(words) != len(items) or len(words) < 3 or words[0] != "_" or not numerals:
            raise InputError(f"line {head.line}: {shown(head)} is not an operator")
        return words[1], tuple(map(to_int, words[2:]))

    def _let(self, form: Form, scope: Scope) -> Reading:
        if len(form.items) != 3:
            raise InputError(f"line {form.line}: let takes bindings and a body")
        bound: Scope = {}
        for item in as_form(form.items[1], "a list of bindings").items:
            binding = as_form(item, "a binding (name term)")
            # Version 1 of the format writes the sort between the name and the term.
            if not 2 <= len(binding.items) <= 3:
                raise InputError(f"line {item.line}: {shown(item)} must be a binding (name term)")
            name = symbol(binding.items[0], "a name")
            if name in bound:
                raise InputError(f"line {item.line}: let binds {name} twice")
            bound[name] = yield binding.items[-1]
            if bound[name].open:
                raise InputError(f"line {item.line}: let over a non-terminal is not supported")
        hidden = {name: scope.get(name) for name in bound}
        scope |= bound
        body = yield form.items[2]
        for name, before in hidden.items():
            if before is None:
                del scope[name]
            else:
                scope[name] = before
        return body

    def applied(self, op: str, indices: tuple[int, ...], args: Sequence[Term], line: int) -> Term:
        """Return an operator, or a function of the problem, on operands.

        Parameters
        ----------
        op : str
            The name of the operator or function.
        indices : tuple of int
            The numbers after ``_``, as in ``(_ extract 7 0)``.
        args : sequence of Term
            The operands.
        line : int
            The line, for messages.
        """
        called = self.functions.get(op) or self.definitions.get(op)
        sorts = [arg.sort for arg in args]
        if called is not None and not indices:
            if sorts != [sort for _, sort in called.params]:
                wanted = " ".join(str(sort) for _, sort in called.params) or "no operands"
                raise InputError(f"line {line}: {op} takes {wanted}")
            return bounded(Term(op, called.sort, tuple(args)), line)
        op = OLD_NAMES.get(op, op)
        sort = result_sort(op, indices, sorts)
        if sort is None:
            listed = " ".join(str(s) for s in sorts[:9]) + (" …" if len(sorts) > 9 else "")
            given = f"({op} {listed})" if args else f"the symbol {op}"
            raise InputError(f"line {line}: {given} is unknown or not supported")
        if sort.width > WIDEST:
            raise InputError(f"line {line}: bit-vectors of more than {WIDEST} bits are too wide")
        return bounded(Term(op, sort, tuple(args), indices=indices), line)
