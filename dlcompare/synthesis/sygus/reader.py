"""A reader of SyGuS-IF 2.1, which reports unsupported features with their lines.

The format is that of Padhi, Polgreen, Raghothaman, Reynolds and Udupa, The SyGuS Language Standard
Version 2.1 (2021); grammars of version 1 (no declaration of the non-terminals) are read as well.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from dlcompare.synthesis.sygus.literals import read_sort, symbol
from dlcompare.synthesis.sygus.operators import OPERATORS
from dlcompare.synthesis.sygus.sexpr import Form, SExpr, Token, parse, shown
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    NONTERMINAL,
    REGLAN,
    Definition,
    Sort,
    SygusGrammar,
    SygusProblem,
    SynthFun,
    Term,
    expand,
    variable,
)
from dlcompare.synthesis.sygus.term_reader import TermReader, as_form, bounded
from dlcompare.tasks.errors import InputError

__all__ = ["read", "read_definitions"]

_IGNORED = {"set-option", "set-feature", "set-info", "exit"}
_VARIABLE = ("Variable", "InputVariable", "LocalVariable")
_LOGICS = {"BV", "CLIA", "LIA", "NIA", "PBE_BV", "PBE_SLIA", "S", "SLIA", "ALL", "BVLIA", "PBE"}


class _Reader(TermReader):
    """The commands, one method each."""

    def __init__(self, declared: Iterable[str] = ()) -> None:
        super().__init__()
        self.declared = set(declared)
        """Names of variables that are declared anywhere in the file."""
        self.unknown: set[str] = set()
        """Definitions that call a function to be synthesized."""
        self.states: dict[str, tuple[list[Term], list[Term]]] = {}
        self.logic = ""
        self.variables: dict[str, Sort] = {}
        self.sorts: dict[str, Sort] = {}
        self.constraints: list[Term] = []
        self.assumptions: list[Term] = []
        self.checked = False

    def command(self, form: SExpr) -> None:
        if isinstance(form, Token) or not form.items:
            raise InputError(f"line {form.line}: {shown(form)} is not a command")
        head, line = symbol(form.items[0], "a command"), form.line
        rest = form.items[1:]
        if head in _IGNORED:
            return
        method = {
            "set-logic": self.set_logic,
            "define-sort": self.define_sort,
            "define-fun": self.define_fun,
            "define-const": self.define_const,
            "declare-var": self.declare_var,
            "declare-primed-var": self.declare_primed_var,
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
        self.logic = symbol(logic, "a logic")
        if self.logic not in _LOGICS:
            raise InputError(f"line {line}: the logic {self.logic} is not supported")

    def fresh(self, form: SExpr, *, variable_too: bool = False) -> str:
        """Return a name that nothing else in the file has; variables may be declared twice."""
        name = symbol(form, "a name")
        if name in OPERATORS:
            raise InputError(f"line {form.line}: {name} is an operator; choose another name")
        taken = name in self.functions or name in self.definitions
        if taken or (name in self.declared and not variable_too):
            raise InputError(f"line {form.line}: {name} is defined twice; choose another name")
        return name

    def define_sort(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, params, body = rest
        if as_form(params, "a list of parameters").items:
            raise InputError(f"line {line}: sorts with parameters are not supported")
        name = symbol(name_form, "a name")
        if name in self.sorts or name in ("Int", "Bool", "String", "RegLan", "BitVec"):
            raise InputError(f"line {line}: the sort {name} is defined twice")
        self.sorts[name] = read_sort(body, self.sorts)

    def params(self, form: SExpr) -> tuple[tuple[str, Sort], ...]:
        params: dict[str, Sort] = {}
        for item in as_form(form, "a list of parameters").items:
            name_form, sort = as_form(item, "a parameter (name sort)").items
            name = symbol(name_form, "a name")
            if name in params:
                raise InputError(f"line {item.line}: two parameters are called {name}")
            params[name] = read_sort(sort, self.sorts)
        return tuple(params.items())

    def define_fun(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, params_form, sort_form, body_form = rest
        name, params = self.fresh(name_form), self.params(params_form)
        sort = read_sort(sort_form, self.sorts)
        body = self.term(body_form, {n: variable(n, s) for n, s in params})
        if body.sort != sort:
            raise InputError(f"line {line}: the body of {name} is {body.sort}, not {sort}")
        body = bounded(expand(body, self.definitions), line)
        self.definitions[name] = Definition(name, params, sort, body)
        if any(part.op in self.functions for part in body.subterms()):
            self.unknown.add(name)

    def define_const(self, rest: Sequence[SExpr], line: int) -> None:
        name, sort, body = rest
        self.define_fun((name, Form((), line), sort, body), line)

    def declare_var(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, sort_form = rest
        self.declare(self.fresh(name_form, variable_too=True), self.quantified(sort_form), line)

    def declare_primed_var(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, sort_form = rest
        name, sort = self.fresh(name_form, variable_too=True), self.quantified(sort_form)
        self.declare(name, sort, line)
        self.declare(f"{name}!", sort, line)

    def declare(self, name: str, sort: Sort, line: int) -> None:
        if self.variables.setdefault(name, sort) != sort:
            raise InputError(f"line {line}: {name} is declared twice, with different sorts")

    def quantified(self, form: SExpr) -> Sort:
        """Return a sort that a variable may have."""
        sort = read_sort(form, self.sorts)
        if sort == REGLAN:
            raise InputError(f"line {form.line}: variables of the sort RegLan are not supported")
        return sort

    def synth_fun(self, rest: Sequence[SExpr], line: int) -> None:
        name_form, params_form, sort_form, *grammar_forms = rest
        if len(grammar_forms) > 2:
            raise ValueError
        params = self.params(params_form)
        if any(given == REGLAN for _, given in params):
            raise InputError(f"line {line}: parameters of the sort RegLan are not supported")
        name, sort = symbol(name_form, "a name"), read_sort(sort_form, self.sorts)
        if name in self.functions:
            raise InputError(f"line {line}: {name} is to be synthesized twice")
        name = self.fresh(name_form)
        grammar = self.grammar(grammar_forms, params, sort, line) if grammar_forms else None
        self.functions[name] = SynthFun(name, params, sort, grammar)

    def synth_inv(self, rest: Sequence[SExpr], line: int) -> None:
        name, params, *grammar = rest
        self.synth_fun((name, params, Token("Bool", line), *grammar), line)

    def grammar(
        self,
        forms: Sequence[SExpr],
        params: Sequence[tuple[str, Sort]],
        wanted: Sort,
        line: int,
    ) -> SygusGrammar:
        groups = [as_form(item, "a non-terminal") for item in as_form(forms[-1], "a grammar").items]
        sorts: dict[str, Sort] = {}
        bodies: dict[str, SExpr] = {}
        for group in groups:
            name_form, sort_form, body = group.items
            name = symbol(name_form, "a name")
            if name in sorts:
                raise InputError(f"line {group.line}: two non-terminals are called {name}")
            sorts[name], bodies[name] = read_sort(sort_form, self.sorts), body
        scope = {name: variable(name, sort) for name, sort in params}
        scope |= {name: Term(NONTERMINAL, sort, value=name) for name, sort in sorts.items()}
        rules: dict[str, tuple[Term, ...]] = {}
        any_constant = set()
        for name, sort in sorts.items():
            terms: list[Term] = []
            for rule in as_form(bodies[name], "a list of rules").items:
                word = rule.head if isinstance(rule, Form) else None
                if isinstance(word, Token) and word.is_word("Constant"):
                    any_constant.add(name)
                    self.same_sort(rule, sort)
                elif isinstance(word, Token) and word.is_word(*_VARIABLE):
                    terms += [variable(n, s) for n, s in params if s == sort]
                    self.same_sort(rule, sort)
                else:
                    terms.append(self.rule(rule, scope, name, sort))
            rules[name] = tuple(dict.fromkeys(terms))
        if not sorts or next(iter(sorts.values())) != wanted:
            raise InputError(f"line {line}: the grammar must start with a {wanted} non-terminal")
        return SygusGrammar(next(iter(sorts)), sorts, rules, frozenset(any_constant))

    def same_sort(self, rule: SExpr, sort: Sort) -> None:
        """Check that a rule such as ``(Constant Int)`` has its non-terminal's sort."""
        _, sort_form = as_form(rule, "a rule").items
        if read_sort(sort_form, self.sorts) != sort:
            raise InputError(f"line {rule.line}: {shown(rule)} is not {sort}")

    def rule(self, form: SExpr, scope: Mapping[str, Term], name: str, sort: Sort) -> Term:
        term = self.term(form, scope)
        if term.sort != sort:
            raise InputError(
                f"line {form.line}: {shown(form)} is {term.sort}, but {name} is {sort}"
            )
        for part in term.subterms():
            if part.op in self.functions or part.op in self.unknown:
                raise InputError(
                    f"line {form.line}: {part.op} is to be synthesized, or calls what is; a rule "
                    "of a grammar cannot call it"
                )
        return term

    def condition(self, rest: Sequence[SExpr], line: int) -> Term:
        (form,) = rest
        scope = {name: variable(name, sort) for name, sort in self.variables.items()}
        term = bounded(expand(self.term(form, scope), self.definitions), line)
        if term.sort != BOOL:
            raise InputError(f"line {line}: a constraint must be Bool, this one is {term.sort}")
        return term

    def constraint(self, rest: Sequence[SExpr], line: int) -> None:
        self.constraints.append(self.condition(rest, line))

    def assume(self, rest: Sequence[SExpr], line: int) -> None:
        self.assumptions.append(self.condition(rest, line))

    def state(self, function: SynthFun) -> tuple[list[Term], list[Term]]:
        """Return variables for the parameters of an invariant, now and one step on.

        They are those of the format's own expansion, with fresh names.
        """
        taken = {*self.declared, *self.variables, *self.functions, *self.definitions}

        def fresh(name: str, sort: Sort) -> Term:
            while name in taken:
                name += "!"
            taken.add(name)
            self.variables[name] = sort
            return variable(name, sort)

        now = [fresh(name, sort) for name, sort in function.params]
        return now, [fresh(f"{name}!", sort) for name, sort in function.params]

    def inv_constraint(self, rest: Sequence[SExpr], line: int) -> None:
        invariant, before, step, after = (symbol(item, "a function") for item in rest)
        function = self.functions.get(invariant)
        if function is None:
            raise InputError(f"line {line}: there is no function {invariant} to be synthesized")
        if function.sort != BOOL:
            raise InputError(f"line {line}: {invariant} is {function.sort}, and no invariant")
        if invariant not in self.states:
            self.states[invariant] = self.state(function)
        now, following = self.states[invariant]

        def call(name: str, *args: Term) -> Term:
            if name not in self.functions and name not in self.definitions:
                raise InputError(f"line {line}: there is no function {name}")
            term = bounded(expand(self.applied(name, (), args, line), self.definitions), line)
            if term.sort != BOOL:
                raise InputError(f"line {line}: {name} is {term.sort}, not Bool")
            return term

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


def read(text: str) -> SygusProblem:
    """Read a SyGuS problem.

    Raises
    ------
    InputError
        If the text is malformed or a feature is not supported; the message starts with the line.

    Examples
    --------
    >>> problem = read('''(set-logic LIA) (synth-fun f ((x Int)) Int) (declare-var x Int)
    ... (constraint (> (f x) x)) (check-synth)''')
    >>> problem.functions[0].name, len(problem.constraints)
    ('f', 1)
    """
    script = tuple(parse(text))
    reader = _Reader(_declared(script))
    for form in script:
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
    closed = {name: d for name, d in reader.definitions.items() if name not in reader.unknown}
    return SygusProblem(
        reader.logic,
        tuple(reader.functions.values()),
        tuple(reader.variables.items()),
        tuple(constraints),
        closed,
        script,
    )


def _declared(script: Iterable[SExpr]) -> Iterator[str]:
    """Yield names of the variables that some commands declare."""
    for form in script:
        head, *rest = form.items if isinstance(form, Form) and form.items else (form,)
        if isinstance(head, Token) and rest and isinstance(rest[0], Token):
            if head.is_word("declare-var", "declare-primed-var"):
                yield rest[0].text
            if head.is_word("declare-primed-var"):
                yield f"{rest[0].text}!"


def read_definitions(text: str, problem: SygusProblem) -> tuple[Definition, ...]:
    """Return answers as another solver prints them: ``(define-fun …)``, perhaps in a list.

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
    return isinstance(form, Form) and bool(form.items) and str(form.head) == "define-fun"


def _unwrapped(form: Form) -> tuple[SExpr, ...]:
    return (form,) if _defines(form) else form.items
