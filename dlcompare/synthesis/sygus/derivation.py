"""Translation of a term into a grammar that lacks some of its operators.

Some methods find a function without regard to its grammar. Here such a term is derived from the
grammar's rules, if necessary after rewriting: ``<`` by ``<=`` and ``not``, a conjunction in a
condition by two conditionals, a constant or a multiple by a sum. Every rewriting preserves the
semantics. The failure to find a derivation proves nothing.
"""

from collections.abc import Iterator

from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    CONSTANT,
    INT,
    NONTERMINAL,
    SygusGrammar,
    Term,
    constant,
)

__all__ = ["derived"]

LARGEST = 20_000
"""The most nodes of an answer; a longer one is useless."""

REWRITINGS = 5
"""The most successive rewritings of a node: enough from ``=>`` to ``<=`` with exchanged sides."""

ATTEMPTS, DEEPEST = 50_000, 200
"""The most pairs of a symbol and a term tried, and the most nested ones."""

_SWAPPED = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_NEGATED = {"<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TRUE, _FALSE = constant(True, BOOL), constant(False, BOOL)


def _not(term: Term) -> Term:
    return term.args[0] if term.op == "not" else Term("not", BOOL, (term,))


def _truth(op: str, *args: Term) -> Term:
    return Term(op, BOOL, args)


def _number(op: str, *args: Term) -> Term:
    return Term(op, INT, args)


def _comparisons(term: Term) -> Iterator[Term]:
    op, (x, y) = term.op, term.args
    if op in _SWAPPED:
        yield _truth(_SWAPPED[op], y, x)
        yield _not(_truth(_NEGATED[op], x, y))
        if op in ("<", ">"):
            less, more = (x, y) if op == "<" else (y, x)
            yield _truth("<=", _number("+", less, constant(1, INT)), more)
    elif op == "=" and x.sort == INT:
        yield _truth("=", y, x)
        yield _truth("and", _truth("<=", x, y), _truth("<=", y, x))
    elif op == "=" and x.sort == BOOL:
        yield _truth("or", _truth("and", x, y), _truth("and", _not(x), _not(y)))


def _negations(term: Term) -> Iterator[Term]:
    (inner,) = term.args
    if inner.op in _NEGATED and len(inner.args) == 2:
        yield _truth(_NEGATED[inner.op], *inner.args)
    elif inner.op == "=" and inner.args[0].sort == INT and len(inner.args) == 2:
        yield _truth("or", _truth("<", *inner.args), _truth(">", *inner.args))
    elif inner.op in ("and", "or"):
        yield _truth("or" if inner.op == "and" else "and", *map(_not, inner.args))
    elif inner.op == "not":
        yield inner.args[0]
    elif inner.op == "ite":
        yield Term("ite", BOOL, (inner.args[0], *map(_not, inner.args[1:])))
    yield Term("ite", BOOL, (inner, _FALSE, _TRUE))


def _conditionals(term: Term) -> Iterator[Term]:
    condition, yes, no = term.args

    def either(c: Term, x: Term, y: Term) -> Term:
        return Term("ite", term.sort, (c, x, y))

    if condition.op == "not":
        yield either(condition.args[0], no, yes)
    elif condition.op in ("=>", "distinct"):
        yield from (either(same, yes, no) for same in _equals(condition))
    elif condition.op in ("and", "or"):
        first, *others = condition.args
        rest = others[0] if len(others) == 1 else _truth(condition.op, *others)
        inner = either(rest, yes, no)
        yield either(first, inner, no) if condition.op == "and" else either(first, yes, inner)
    elif condition.op == "=":
        x, y = condition.args
        yield either(_truth("<=", x, y), either(_truth("<=", y, x), yes, no), no)
    elif condition.op in _NEGATED:
        yield either(_truth(_NEGATED[condition.op], *condition.args), no, yes)
    if term.sort == BOOL:
        yield _truth("or", _truth("and", condition, yes), _truth("and", _not(condition), no))


def _constants(value: int) -> Iterator[Term]:
    if value < 0:
        yield _number("-", constant(-value, INT))
        yield _number("-", constant(0, INT), constant(-value, INT))
        if value < -1:
            yield _number("+", constant(value - value // 2, INT), constant(value // 2, INT))
    elif value > 1:
        yield _number("+", constant(value - value // 2, INT), constant(value // 2, INT))
    elif value == 0:
        yield _number("-", constant(1, INT), constant(1, INT))


def _products(term: Term) -> Iterator[Term]:
    factors = [int(arg.value) for arg in term.args if arg.op == CONSTANT]
    others = [arg for arg in term.args if arg.op != CONSTANT]
    if len(factors) != 1 or len(others) != 1:
        return
    factor, other = factors[0], others[0]
    if term.args[0] is other:
        yield _number("*", constant(factor, INT), other)

    def times(count: int) -> Term:
        return other if count == 1 else _number("*", constant(count, INT), other)

    if factor < 0:
        yield _number("-", constant(0, INT), times(-factor))
    elif factor == 0:
        yield constant(0, INT)
    elif factor == 1:
        yield other
    else:
        yield _number("+", times(factor - factor // 2), times(factor // 2))


def _equals(term: Term) -> Iterator[Term]:
    """Yield equivalent terms, the more promising first."""
    op, args = term.op, term.args
    if op == CONSTANT and term.sort == INT:
        yield from _constants(int(term.value))
    elif op == CONSTANT and term.sort == BOOL:
        zero = constant(0, INT)
        yield _truth("<=" if term.value else "<", zero, zero)
    elif op in ("and", "or", "+", "*") and len(args) != 2:
        if len(args) == 1:
            yield args[0]
        elif args:
            yield Term(op, term.sort, (Term(op, term.sort, args[:-1]), args[-1]))
    elif op in ("and", "or"):
        yield Term(op, BOOL, args[::-1])
        if op == "and":
            yield Term("ite", BOOL, (*args, _FALSE))
        else:
            yield Term("ite", BOOL, (args[0], _TRUE, args[1]))
        yield _not(_truth("or" if op == "and" else "and", *map(_not, args)))
    elif op == "=>":
        yield _truth("or", *map(_not, args[:-1]), args[-1])
    elif op == "distinct" and len(args) == 2:
        yield _not(_truth("=", *args))
    elif op in (*_SWAPPED, "=") and len(args) == 2:
        yield from _comparisons(term)
    elif op == "not":
        yield from _negations(term)
    elif op == "ite":
        yield from _conditionals(term)
    elif op == "*":
        yield from _products(term)
    elif op == "+":
        yield Term(op, INT, args[::-1])
    elif op == "-" and len(args) == 1:
        yield _number("-", constant(0, INT), *args)
        yield _number("*", constant(-1, INT), *args)
    elif op == "-":
        yield _number("+", args[0], _number("-", args[1]))


class _Derivation:
    def __init__(self, grammar: SygusGrammar) -> None:
        self.grammar = grammar
        self.known: dict[tuple[str, Term], Term] = {}
        self.failed: dict[tuple[str, Term], int] = {}
        self.open: set[tuple[str, Term]] = set()
        self.circles = self.attempts = 0

    def derive(self, name: str, term: Term, left: int = REWRITINGS) -> Term | None:
        key = (name, term)
        if key in self.known:
            return self.known[key]
        if self.failed.get(key, -1) >= left or self.grammar.sorts[name] != term.sort:
            return None
        self.attempts += 1
        if key in self.open or self.attempts > ATTEMPTS or len(self.open) > DEEPEST:
            self.circles += 1
            return None
        circles = self.circles
        self.open.add(key)
        found = self._matched(name, term)
        # Halving a constant terminates, and so does decomposing a condition.
        ends = term.op in (CONSTANT, "*") or (term.op == "ite" and term.sort == INT)
        following = left if ends else left - 1
        if found is None and left:
            for other in _equals(term):
                found = self.derive(name, other, following)
                if found is not None:
                    break
        self.open.remove(key)
        if found is not None:
            self.known[key] = found
        elif self.circles == circles:
            # A failure due only to a cycle may succeed elsewhere.
            self.failed[key] = left
        return found

    def _matched(self, name: str, term: Term) -> Term | None:
        if term.op == CONSTANT and name in self.grammar.any_constant:
            return term
        for rule in self.grammar.rules[name]:
            found = self._match(rule, term)
            if found is not None:
                return found
        return None

    def _match(self, rule: Term, term: Term) -> Term | None:
        if rule.op == NONTERMINAL:
            return self.derive(str(rule.value), term)
        if not rule.args:
            return term if rule == term else None
        shape = (rule.op, rule.indices, len(rule.args)) == (term.op, term.indices, len(term.args))
        if not shape:
            return None
        args: list[Term] = []
        for part, operand in zip(rule.args, term.args, strict=True):
            found = self._match(part, operand)
            if found is None:
                return None
            args.append(found)
        return term.with_args(tuple(args))


def derived(term: Term, grammar: SygusGrammar) -> Term | None:
    """Return the term, or an equivalent one, as a word of the grammar; None if none is found.

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.printer import print_term
    >>> from dlcompare.synthesis.sygus.syntax import variable
    >>> x, start = variable("x", INT), Term(NONTERMINAL, INT, value="I")
    >>> rules = (x, constant(1, INT), Term("+", INT, (start, start)))
    >>> grammar = SygusGrammar("I", {"I": INT}, {"I": rules})
    >>> print_term(derived(Term("+", INT, (x, constant(2, INT))), grammar))
    '(+ x (+ 1 1))'
    """
    found = _Derivation(grammar).derive(grammar.start, term)
    return found if found is not None and found.size <= LARGEST else None
