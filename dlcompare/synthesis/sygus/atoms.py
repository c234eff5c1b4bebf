"""A smaller grammar for strings, whose operators take variables and constants, not results.

Solutions of string problems mostly cut substrings directly from an input, at positions given by
arithmetic terms. With all strings as operands, such positions come late in the enumeration; with
atoms only, they come early, and concatenation and conditionals combine the pieces.
"""

from dlcompare.synthesis.sygus.syntax import (
    NONTERMINAL,
    STRING,
    SygusGrammar,
    Term,
    substitute,
)

__all__ = ["with_atomic_strings"]


def with_atomic_strings(grammar: SygusGrammar) -> SygusGrammar | None:
    """Return the narrowed grammar; None if the function does not return a string.

    Its language is a subset of the grammar's, and its non-terminals keep their names.
    """
    if grammar.sorts[grammar.start] != STRING:
        return None
    texts = [name for name, sort in grammar.sorts.items() if sort == STRING]
    atom = {name: f"|{name} atom" for name in texts}

    def narrowed(term: Term) -> Term | None:
        if term.op == NONTERMINAL and term.value in atom:
            return Term(NONTERMINAL, STRING, value=atom[str(term.value)])
        return None

    rules: dict[str, tuple[Term, ...]] = {}
    for name, terms in grammar.rules.items():
        kept = [t for t in terms if name not in atom or t.op not in ("str.++", "ite")]
        rules[name] = tuple(t if t.op == NONTERMINAL else substitute(t, narrowed) for t in kept)
    for name in texts:
        renamed = (t if t.op != NONTERMINAL else narrowed(t) for t in grammar.rules[name])
        rules[atom[name]] = tuple(
            t for t in renamed if t is not None and (not t.open or t.op == NONTERMINAL)
        )
    sorts = {**grammar.sorts, **dict.fromkeys(atom.values(), STRING)}
    constants = {atom[name] for name in texts if name in grammar.any_constant}
    return SygusGrammar(grammar.start, sorts, rules, grammar.any_constant | constants)
