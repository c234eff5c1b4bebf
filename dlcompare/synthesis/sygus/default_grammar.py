"""The default grammar of a function: the operators of its logic."""

from collections.abc import Sequence

from dlcompare.synthesis.sygus.operators import result_sort
from dlcompare.synthesis.sygus.syntax import (
    BOOL,
    INT,
    NONTERMINAL,
    STRING,
    Sort,
    SygusGrammar,
    SynthFun,
    Term,
    constant,
    variable,
)

__all__ = ["default_grammar"]

_OPERATORS: dict[str, tuple[tuple[str, tuple[Sort, ...]], ...]] = {
    "Int": (("+", (INT, INT)), ("-", (INT, INT))),
    "String": (
        ("str.++", (STRING, STRING)),
        ("str.substr", (STRING, INT, INT)),
        ("str.at", (STRING, INT)),
        ("str.replace", (STRING, STRING, STRING)),
        ("str.from_int", (INT,)),
        ("str.len", (STRING,)),
        ("str.indexof", (STRING, STRING, INT)),
        ("str.to_int", (STRING,)),
        ("str.prefixof", (STRING, STRING)),
        ("str.suffixof", (STRING, STRING)),
        ("str.contains", (STRING, STRING)),
        ("+", (INT, INT)),
        ("-", (INT, INT)),
    ),
}


def _bit_operators(sort: Sort) -> list[tuple[str, tuple[Sort, ...]]]:
    arithmetic = ("bvadd", "bvsub", "bvmul", "bvudiv", "bvurem")
    binary = (*arithmetic, "bvand", "bvor", "bvxor", "bvshl", "bvlshr", "bvashr")
    unary = ["bvnot", "bvneg"]
    compare = ["bvult", "bvule", "bvslt", "bvsle"]
    return [
        *((op, (sort,)) for op in unary),
        *((op, (sort, sort)) for op in (*binary, *compare)),
    ]


def _without_renaming(grammar: SygusGrammar) -> SygusGrammar:
    """Return the grammar from the first non-terminal with more than a renaming rule."""
    start = grammar.start
    passed = set()
    while len(grammar.rules[start]) == 1 and grammar.rules[start][0].op == NONTERMINAL:
        if start in grammar.any_constant or start in passed:
            break
        passed.add(start)
        start = str(grammar.rules[start][0].value)
    used, queue = {start}, [start]
    while queue:
        for rule in grammar.rules[queue.pop()]:
            for part in rule.subterms():
                if part.op == NONTERMINAL and part.value not in used:
                    used.add(str(part.value))
                    queue.append(str(part.value))
    return SygusGrammar(
        start,
        {name: sort for name, sort in grammar.sorts.items() if name in used},
        {name: rules for name, rules in grammar.rules.items() if name in used},
        grammar.any_constant & used,
    )


def default_grammar(function: SynthFun, constants: Sequence[Term]) -> SygusGrammar:
    """Return the function's own grammar, or one with the usual operators of the sorts in it.

    Parameters
    ----------
    function : SynthFun
    constants : sequence of Term
        Constants, or other terms over the parameters, that the constraints mention.
    """
    if function.grammar is not None:
        return _without_renaming(function.grammar)
    sorts = [function.sort, *(sort for _, sort in function.params)]
    if STRING in sorts:
        sorts.append(INT)
    sorts = list(dict.fromkeys([*sorts, BOOL]))
    names = {sort: f"|{sort}" for sort in sorts}
    rules: dict[Sort, list[Term]] = {sort: [] for sort in sorts}
    symbol = {sort: Term(NONTERMINAL, sort, value=names[sort]) for sort in sorts}
    for name, sort in function.params:
        rules[sort].append(variable(name, sort))
    if not function.params:
        rules[BOOL] += [constant(True, BOOL), constant(False, BOOL)]
    for term in constants:
        if term.sort in rules:
            rules[term.sort].append(term)
    operators: list[tuple[str, tuple[Sort, ...]]] = [
        ("not", (BOOL,)),
        ("and", (BOOL, BOOL)),
        ("or", (BOOL, BOOL)),
    ]
    for sort in sorts:
        operators += _bit_operators(sort) if sort.width else _OPERATORS.get(sort.name, ())
        if sort != BOOL:
            operators += [("=", (sort, sort)), ("ite", (BOOL, sort, sort))]
        if sort == INT:
            operators += [("<=", (INT, INT)), ("<", (INT, INT))]
    for op, takes in dict.fromkeys(operators):
        gives = result_sort(op, (), takes)
        if gives in rules:
            rules[gives].append(Term(op, gives, tuple(symbol[sort] for sort in takes)))
    return SygusGrammar(
        names[function.sort],
        {names[sort]: sort for sort in sorts},
        {names[sort]: tuple(dict.fromkeys(terms)) for sort, terms in rules.items()},
    )
