"""Checks that a grammar derives a term, and that a printed answer reads back unchanged."""

from collections.abc import Iterator, Mapping

from dlcompare.synthesis.sygus.syntax import (
    CONSTANT,
    INT,
    NONTERMINAL,
    Definition,
    SygusGrammar,
    Term,
    constant,
    expand,
    fold,
    substitute,
    variable,
)

__all__ = ["in_grammar", "read_back"]


def in_grammar(grammar: SygusGrammar, term: Term) -> bool:
    """Return whether the start of a grammar derives a term.

    Each part has the set of non-terminals that derive it, from the leaves up (Cocke, Younger,
    Kasami, for trees).

    Examples
    --------
    >>> from dlcompare.synthesis.sygus.syntax import constant
    >>> start = Term(NONTERMINAL, INT, value="I")
    >>> rules = {"I": (constant(1, INT), Term("+", INT, (start, start)))}
    >>> sums = SygusGrammar("I", {"I": INT}, rules)
    >>> one = constant(1, INT)
    >>> in_grammar(sums, Term("+", INT, (one, one))), in_grammar(sums, constant(2, INT))
    (True, False)
    """
    derived: dict[Term, set[str]] = {}

    def derive(part: Term, _: list[None]) -> None:
        names = derived[part] = set()
        if part.op == CONSTANT:
            names |= {n for n in grammar.any_constant if grammar.sorts[n] == part.sort}
        for form in _spellings(part):
            for name, rules in grammar.rules.items():
                if any(rule.op != NONTERMINAL and matches(rule, form) for rule in rules):
                    names.add(name)
        grown = True
        while grown:
            renaming = {
                name
                for name, rules in grammar.rules.items()
                if any(rule.op == NONTERMINAL and rule.value in names for rule in rules)
            }
            grown = not renaming <= names
            names |= renaming

    def matches(rule: Term, part: Term) -> bool:
        left = [(rule, part)]
        while left:
            rule, part = left.pop()
            if rule.op == NONTERMINAL:
                if part not in derived:
                    fold(part, derive)
                if rule.value not in derived[part]:
                    return False
            elif rule is not part:
                shape = (rule.op, rule.value, rule.indices, len(rule.args))
                if shape != (part.op, part.value, part.indices, len(part.args)):
                    return False
                left += zip(rule.args, part.args, strict=True)
                if not rule.args:
                    return False
        return True

    fold(term, derive)
    return grammar.start in derived[term]


def _spellings(term: Term) -> Iterator[Term]:
    """Yield the term, and a negative number also as the negation that it is written as."""
    yield term
    if term.op == CONSTANT and term.sort == INT and int(term.value) <= 0:
        yield Term("-", INT, (constant(-int(term.value), INT),))


def read_back(answer: Definition, again: Definition, definitions: Mapping[str, Definition]) -> bool:
    """Return whether a definition, printed and read again, is the same but for names of parameters.

    What is read has the functions that the problem defines replaced by their bodies.
    """
    sorts = [sort for _, sort in answer.params]
    if [sort for _, sort in again.params] != sorts or again.sort != answer.sort:
        return False
    params = tuple(variable(name, sort) for name, sort in answer.params)
    body = expand(answer.body, definitions)
    return substitute(again.applied(params), _number) is substitute(body, _number)


def _number(term: Term) -> Term | None:
    """Return a negated numeral as the negative number that it reads as."""
    if term.op == "-" and len(term.args) == 1 and term.args[0].op == CONSTANT:
        value = int(term.args[0].value)
        return constant(-value, INT) if value >= 0 else None
    return None
