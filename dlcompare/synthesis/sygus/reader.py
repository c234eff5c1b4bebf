"""SyGuS-IF 2.1 read into a `Problem`; what is not supported is said with its line.

The format is that of Padhi, Polgreen, Raghothaman, Reynolds and Udupa, The SyGuS Language Standard
Version 2.1 (2021); grammars of version 1 (no declaration of the non-terminals) are read as well.
"""

from collections.abc import Sequence

from dlcompare.synthesis.sygus.literals import read_sort
from dlcompare.synthesis.sygus.sexpr import Atom, Form, SExpr, parse
from dlcompare.synthesis.sygus.term_reader import TermReader, as_form, as_name
from dlcompare.synthesis.sygus.terms import (
    BOOL,
    REGLAN,
    Definition,
    Grammar,
    Problem,
    Sort,
    SynthFun,
    Term,
    expand,
    variable,
)
from dlcompare.tasks.errors import InputError

__all__ = ["read", "read_definitions"]

_IGNORED = {"set-option", "set-feature", "set-info", "exit"}
_LOGICS = {"BV", "CLIA", "LIA", "NIA", "PBE_BV", "PBE_SLIA", "S", "SLIA", "ALL", "BVLIA", "PBE"}


class _Reader(TermReader):
    """The commands, one method each."""

    def __init__(self) -> None:
        super().__init__()
        self.logic = ""
        self.variables: dict[str, Sort] = {}
        self.sorts: dict[str, Sort] = {}
        self.constraints: list[Term] = []
        self.assumptions: list[Term] = []
        self.checked = False

    def command(self, form: SExpr) -> None:
        if isinstance(form, Atom) or not form.items:
            raise InputError(f"line {form.line}: {form} is not a command")
        head, line = as_name(form.items[0], "a command"), form.line
        rest = form.items[1:]
        if head in _IGNORED:
            return
        method = {
            "set-logic": self.set_logic,
            "define-sort": self.define_sort,
            "define-fun": self.define_fun,
            "define-const": self.define_const,
            "declare-var": self.declare_var,
            "declare-primed-var": self.declare_var,
            "synth-fun": self.synth_fun,
            "synth-inv": self.synth_inv,
            "constraint": self.constraint,
            "assume": self.assume,
            "inv-constraint": self.inv_constraint,
            "check-synth": self.check_synth,
        }.get(head)
        if method is None:
            raise InputError(f"line {line}: the command {head} is not supported")
        try:
            method(rest, line)
        except (ValueError, IndexError) as error:
            if isinstance(error, InputError):
                raise
            raise InputError(f"line {line}: {head} has too few or too many parts") from error

    def set_logic(self, rest: Sequence[SExpr], line: int) -> None:
        (logic,) = rest
        self.logic = as_name(logic, "a logic")
        if self.logic not in _LOGICS:
            raise InputError(f"line {line}: the logic {self.logic} is not supported")

    def define_sort(self, rest: Sequence[SExpr], line: int) -> None:
        name, params, body = rest
        if as_form(params, "a list of parameters").items:
            raise InputError(f"line {line}: sorts with parameters are not supported")
        self.sorts[as_name(name, "a name")] = read_sort(body, self.sorts)

    def params(self, form: SExpr) -> tuple[tuple[str, Sort], ...]:
        params = []
        for item in as_form(form, "a list of parameters").items:
            name, sort = as_form(item, "a parameter (name sort)").items
            params.append((as_name(name, "a name"), read_sort(sort, self.sorts)))
        return tuple(params)

    def define_fun(self, rest: Sequence[SExpr], line: int) -> None:
        name, params_form, sort_form, body_form = rest
        params = self.params(params_form)
        sort = read_sort(sort_form, self.sorts)
        body = self.term(body_form, {n: variable(n, s) for n, s in params})
        if body.sort != sort:
            raise InputError(f"line {line}: the body of {name} is {body.sort}, not {sort}")
        key = as_name(name, "a name")
        self.definitions[key] = Definition(key, params, sort, expand(body, self.definitions))

    def define_const(self, rest: Sequence[SExpr], line: int) -> None:
        name, sort, body = rest
        self.define_fun((name, Form((), line), sort, body), line)

    def declare_var(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, sort_form = rest
        name, sort = as_name(name_form, "a name"), self.quantified(sort_form)
        if self.variables.setdefault(name, sort) != sort:
            raise InputError(f"line {line}: {name} is declared twice, with different sorts")

    def quantified(self, form: SExpr) -> Sort:
        """A sort that a variable may have."""
        sort = read_sort(form, self.sorts)
        if sort == REGLAN:
            raise InputError(f"line {form.line}: variables of the sort RegLan are not supported")
        return sort

    def synth_fun(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, params_form, sort_form, *grammar_forms = rest
        name, params = as_name(name_form, "a name"), self.params(params_form)
        if any(given == REGLAN for _, given in params):
            raise InputError(f"line {line}: parameters of the sort RegLan are not supported")
        sort = read_sort(sort_form, self.sorts)
        if name in self.functions:
            raise InputError(f"line {line}: {name} is to be synthesized twice")
        grammar = self.grammar(grammar_forms, params, sort, line) if grammar_forms else None
        self.functions[name] = SynthFun(name, params, sort, grammar)

    def synth_inv(self, rest: Sequence[SExpr], line: int) -> None:
        name, params, *grammar = rest
        self.synth_fun((name, params, Atom("Bool", line), *grammar), line)

    def grammar(
        self,
        forms: Sequence[SExpr],
        params: Sequence[tuple[str, Sort]],
        wanted: Sort,
        line: int,
    ) -> Grammar:
        groups = [as_form(item, "a non-terminal") for item in as_form(forms[-1], "a grammar").items]
        sorts: dict[str, Sort] = {}
        for group in groups:
            name_form, sort_form, _ = group.items
            sorts[as_name(name_form, "a name")] = read_sort(sort_form, self.sorts)
        scope = {name: variable(name, sort) for name, sort in params}
        scope |= {name: Term("nonterminal", sort, value=name) for name, sort in sorts.items()}
        rules: dict[str, tuple[Term, ...]] = {}
        any_constant = set()
        for group in groups:
            name, body = str(group.items[0]), as_form(group.items[2], "a list of rules")
            terms: list[Term] = []
            for rule in body.items:
                head = str(rule.items[0]) if isinstance(rule, Form) and rule.items else ""
                if head == "Constant":
                    any_constant.add(name)
                elif head in ("Variable", "InputVariable", "LocalVariable"):
                    terms += [variable(n, s) for n, s in params if s == sorts[name]]
                else:
                    term = self.term(rule, scope)
                    if term.sort != sorts[name]:
                        raise InputError(
                            f"line {rule.line}: {rule} is {term.sort}, but {name} is {sorts[name]}"
                        )
                    terms.append(term)
            rules[name] = tuple(dict.fromkeys(terms))
        start = str(groups[0].items[0]) if groups else ""
        if not groups or sorts[start] != wanted:
            raise InputError(f"line {line}: the grammar must start with a {wanted} non-terminal")
        return Grammar(start, sorts, rules, frozenset(any_constant))

    def condition(self, rest: Sequence[SExpr], line: int) -> Term:
        (form,) = rest
        scope = {name: variable(name, sort) for name, sort in self.variables.items()}
        term = expand(self.term(form, scope), self.definitions)
        if term.sort != BOOL:
            raise InputError(f"line {line}: a constraint must be Bool, this one is {term.sort}")
        return term

    def constraint(self, rest: Sequence[SExpr], line: int) -> None:
        self.constraints.append(self.condition(rest, line))

    def assume(self, rest: Sequence[SExpr], line: int) -> None:
        self.assumptions.append(self.condition(rest, line))

    def inv_constraint(self, rest: Sequence[SExpr], line: int) -> None:
        invariant, before, step, after = (as_name(item, "a function") for item in rest)
        function = self.functions.get(invariant)
        if function is None:
            raise InputError(f"line {line}: there is no function {invariant} to be synthesized")
        now = [variable(name, sort) for name, sort in function.params]
        following = [variable(f"{name}!", sort) for name, sort in function.params]
        self.variables |= {str(v.value): v.sort for v in (*now, *following)}

        def call(name: str, *args: Term) -> Term:
            return expand(self.applied(name, (), args, line), self.definitions)

        def implies(*parts: Term) -> Term:
            return Term("=>", BOOL, parts)

        self.constraints += [
            implies(call(before, *now), call(invariant, *now)),
            implies(
                call(invariant, *now), call(step, *now, *following), call(invariant, *following)
            ),
            implies(call(invariant, *now), call(after, *now)),
        ]

    def check_synth(self, rest: Sequence[SExpr], line: int) -> None:
        if rest:
            raise ValueError
        if self.checked:
            raise InputError(f"line {line}: more than one check-synth is not supported")
        self.checked = True


def read(text: str) -> Problem:
    """Read a SyGuS problem.

    Raises
    ------
    InputError
        For a malformed text or a feature that is not supported; the sentence starts with the line.

    Examples
    --------
    >>> problem = read('''(set-logic LIA) (synth-fun f ((x Int)) Int) (declare-var x Int)
    ... (constraint (> (f x) x)) (check-synth)''')
    >>> problem.functions[0].name, len(problem.constraints)
    ('f', 1)
    """
    reader = _Reader()
    for form in parse(text):
        reader.command(form)
    last = text.count("\n") + 1
    if not reader.functions:
        raise InputError(f"line {last}: the file ends without a function to synthesize")
    if not reader.checked:
        raise InputError(f"line {last}: the file ends without check-synth")
    constraints = reader.constraints
    if reader.assumptions:
        premise = tuple(reader.assumptions)
        constraints = [Term("=>", BOOL, (*premise, term)) for term in constraints]
    # One that calls a function to be found serves the constraints only, where it is expanded.
    closed = {
        name: definition
        for name, definition in reader.definitions.items()
        if not any(part.op in reader.functions for part in definition.body.subterms())
    }
    return Problem(
        reader.logic,
        tuple(reader.functions.values()),
        tuple(reader.variables.items()),
        tuple(constraints),
        closed,
    )


def read_definitions(text: str, problem: Problem) -> tuple[Definition, ...]:
    """Answers to a problem, as another solver prints them: ``(define-fun …)``, perhaps in a list.

    Raises
    ------
    InputError
        If a function is missing, or a definition cannot be read.
    """
    reader = _Reader()
    reader.definitions = dict(problem.definitions)
    forms = parse(text)
    while forms and not all(_defines(form) for form in forms):
        forms = [item for form in forms if isinstance(form, Form) for item in _unwrapped(form)]
    for form in forms:
        reader.command(form)
    missing = [f.name for f in problem.functions if f.name not in reader.definitions]
    if missing or not forms:
        raise InputError(f"the answer defines no {' '.join(missing) or 'function'}")
    return tuple(reader.definitions[f.name] for f in problem.functions)


def _defines(form: SExpr) -> bool:
    return isinstance(form, Form) and bool(form.items) and str(form.items[0]) == "define-fun"


def _unwrapped(form: Form) -> tuple[SExpr, ...]:
    return (form,) if _defines(form) else form.items
