"""Terms of SyGuS-IF: symbols looked up, operators applied, sorts checked as they are read."""

from collections.abc import Mapping, Sequence

from dlcompare.synthesis.sygus.literals import literal
from dlcompare.synthesis.sygus.operators import OLD_NAMES, result_sort
from dlcompare.synthesis.sygus.sexpr import Atom, Form, SExpr
from dlcompare.synthesis.sygus.terms import Definition, SynthFun, Term
from dlcompare.tasks.errors import InputError

__all__ = ["TermReader", "as_form", "as_name"]


def as_name(form: SExpr, what: str) -> str:
    """The text of a symbol, where one is needed."""
    if isinstance(form, Atom):
        return form.text
    raise InputError(f"line {form.line}: {form} must be {what}")


def as_form(form: SExpr, what: str) -> Form:
    """A sequence, where one is needed."""
    if isinstance(form, Form):
        return form
    raise InputError(f"line {form.line}: {form} must be {what}")


class TermReader:
    """Reads terms over the functions that are known so far."""

    def __init__(self) -> None:
        self.functions: dict[str, SynthFun] = {}
        self.definitions: dict[str, Definition] = {}

    def term(self, form: SExpr, scope: Mapping[str, Term]) -> Term:
        """A term; `scope` says what the symbols stand for."""
        if isinstance(form, Atom) and form.text in scope:
            return scope[form.text]
        known = literal(form)
        if known is not None:
            return known
        if isinstance(form, Atom):
            return self.applied(form.text, (), (), form.line)
        if not form.items:
            raise InputError(f"line {form.line}: () is not a term")
        head, *rest = form.items
        indices: tuple[int, ...] = ()
        if isinstance(head, Form):
            parts = [str(item) for item in head.items]
            if len(parts) < 3 or parts[0] != "_" or not all(p.isdigit() for p in parts[2:]):
                raise InputError(f"line {form.line}: {head} is not an operator")
            op, indices = parts[1], tuple(int(part) for part in parts[2:])
        else:
            op = head.text
        if op == "let":
            return self.let(form, scope)
        if op == "!":
            return self.term(rest[0], scope)
        if op in ("forall", "exists"):
            raise InputError(f"line {form.line}: quantifiers ({op}) are not supported")
        return self.applied(op, indices, [self.term(item, scope) for item in rest], form.line)

    def let(self, form: Form, scope: Mapping[str, Term]) -> Term:
        if len(form.items) != 3:
            raise InputError(f"line {form.line}: let takes bindings and a body")
        bound = dict(scope)
        for binding in as_form(form.items[1], "a list of bindings").items:
            name, *value = as_form(binding, "a binding (name term)").items
            # Version 1 of the format writes the sort between the name and the term.
            bound[as_name(name, "a name")] = self.term(value[-1], scope)
        return self.term(form.items[2], bound)

    def applied(self, op: str, indices: tuple[int, ...], args: Sequence[Term], line: int) -> Term:
        op = OLD_NAMES.get(op, op)
        called = self.functions.get(op) or self.definitions.get(op)
        sorts = [arg.sort for arg in args]
        if called is not None:
            if sorts != [sort for _, sort in called.params]:
                wanted = " ".join(str(sort) for _, sort in called.params) or "no operands"
                raise InputError(f"line {line}: {op} takes {wanted}")
            return Term(op, called.sort, tuple(args))
        sort = result_sort(op, indices, sorts)
        if sort is None:
            shown = " ".join(str(s) for s in sorts)
            given = f"({op} {shown})" if args else f"the symbol {op}"
            raise InputError(f"line {line}: {given} is unknown or not supported")
        return Term(op, sort, tuple(args), indices=indices)
