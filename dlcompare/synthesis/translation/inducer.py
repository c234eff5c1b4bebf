"""The inducer, which selects a search by its grammar's accuracy on held-out examples."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from dlcompare.synthesis.translation.compression import compress
from dlcompare.synthesis.translation.explaining import explain
from dlcompare.synthesis.translation.parsing import SynchronousGrammar
from dlcompare.synthesis.translation.rules import HOLE, Costs, Rule, RuleMeter, Symbols
from dlcompare.synthesis.translation.simplifying import simplified
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import ABSTAIN, Inputs, Problem, ProgramText
from dlcompare.tasks.types import STR, Value, list_of

__all__ = ["Translation", "induce"]

COSTS = Costs(word=2.0, token=8.0)

FEWEST = 8
"""The fewest examples from which a grammar can be checked."""

CHOSEN_ON = 320
"""Examples that decide between the searches; a fifth of them is held out."""

JUDGED = 5
AS_GOOD = 0.05
"""If the accuracies of two grammars differ by less, their lengths decide."""

LEAST = 0.1
"""The least share of held-out examples that a grammar must get right."""

COMPRESSED = 64
"""Examples compressed at first; more are added if the grammar fails on others."""

AT_ONCE = 300_000
"""The most candidate rules of one compression."""

MOST_ADDED = 64
ROUNDS = 5
LEARNED_FROM = 1_000
"""The most examples whose derivations are counted."""

Pairs = Sequence[tuple[str, str]]
Search = Callable[[Pairs, RuleMeter], list[Rule]]


@dataclass(frozen=True)
class Translation:
    """A grammar as a predictor, which abstains if it has no derivation.

    Attributes
    ----------
    grammar : SynchronousGrammar
    words, tokens : Symbols
        The words and tokens of its characters.
    parameter : str
        The name of the argument.
    joined : bool
        Whether values are texts of words separated by single spaces.
    cost : Cost
    prior : mapping of str to (str | int | float)
    program : ProgramText
        The rules, one per line.
    """

    grammar: SynchronousGrammar
    words: Symbols
    tokens: Symbols
    parameter: str
    joined: bool
    cost: Cost
    prior: Mapping[str, str | int | float]
    program: ProgramText = field(init=False)

    def __post_init__(self) -> None:
        rules = self.grammar.rules
        text = ProgramText(str(self), "; ".join(str(self).split("\n")), len(rules), _bits(rules))
        object.__setattr__(self, "program", text)

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return the output of the cheapest derivation of every input."""
        return [next(self.readings(row), ABSTAIN) for row in inputs]

    def readings(self, inputs: Inputs) -> Iterator[Value]:
        """Yield the outputs of a few derivations of an input, the cheapest first."""
        value = inputs[self.parameter]
        words = value.split(" ") if self.joined else value
        for derivation in self.grammar.derivations(self.words.spell(words)):
            tokens = self.tokens.words(derivation.value)
            yield " ".join(tokens) if self.joined else tokens

    def __str__(self) -> str:
        return "\n".join(
            f"{' '.join(_numbered(self.words.words(rule.source)))} -> "
            f"{' '.join(_targeted(self.tokens.words(rule.target)))}"
            for rule in self.grammar.rules
        )


def _bits(rules: Sequence[Rule]) -> int:
    return round(sum(map(COSTS.rule, rules)))


def _numbered(words: Sequence[str]) -> list[str]:
    holes = 0
    named = []
    for word in words:
        holes += word == "{0}"
        named.append(f"X{holes}" if word == "{0}" else word)
    return named


def _targeted(tokens: Sequence[str]) -> list[str]:
    return [f"X{int(t[1:-1]) + 1}" if t[0] == "{" and t[1:-1].isdecimal() else t for t in tokens]


def induce(problem: Problem, limit: int) -> Translation | None:
    """Return a grammar that translates the inputs of a problem into its outputs.

    Parameters
    ----------
    problem : Problem
        One argument and a result that are lists of strings, or texts of words separated by single
        spaces.
    limit : int
        The most candidate rules.

    Returns
    -------
    Translation or None
        None if the problem has another form or fewer than 8 examples, or if no grammar from four
        fifths of the examples is right on a tenth of the others.
    """
    sequences = _sequences(problem)
    if sequences is None:
        return None
    parameter, joined, rows = sequences
    words, tokens = Symbols(), Symbols()
    pairs = [(words.learn(source), tokens.learn(output)) for source, output in rows]
    choosing, making = RuleMeter(limit // 2), RuleMeter(limit // 2)
    search = _chosen(pairs[:CHOSEN_ON], choosing)
    if search is None:
        return None
    grammar = _grammar(pairs, search, making)
    prior: dict[str, str | int | float] = {
        "given": "that outputs are put together as inputs are: synchronous grammars",
        "rules": len(grammar.rules),
        "search": "shortest examples first" if search is _explained else "compression",
        "knows of words": "nothing but which are equal",
        "pre-training": "none",
    }
    cost = Cost(choosing.spent + making.spent)
    return Translation(grammar, words, tokens, parameter, joined, cost, prior)


def _sequences(
    problem: Problem,
) -> tuple[str, bool, list[tuple[Sequence[str], Sequence[str]]]] | None:
    signature, examples = problem.signature, problem.examples
    if len(signature.parameters) != 1 or len(examples) < FEWEST:
        return None
    (name, type_), result = signature.parameters[0], signature.result
    inputs, outputs = examples.inputs[name], examples.outputs
    if type_ == result == list_of(STR):
        rows = list(zip(inputs, outputs, strict=True))
        joined = False
    elif type_ == result == STR and any(" " in each for each in inputs):
        rows = [(a.split(" "), b.split(" ")) for a, b in zip(inputs, outputs, strict=True)]
        joined = True
    else:
        return None
    return (name, joined, rows) if all(source for source, _ in rows) else None


def _explained(pairs: Pairs, meter: RuleMeter) -> list[Rule]:
    return simplified(explain(pairs, COSTS, meter), COSTS, meter)


def _compressed(pairs: Pairs, meter: RuleMeter) -> list[Rule]:
    """Compress some examples, and more if the resulting grammar fails on the others.

    The result is the grammar that is right on most of the others, since a compression of many
    examples may not finish.
    """
    used, others = list(pairs[:COMPRESSED]), list(pairs[COMPRESSED:LEARNED_FROM])
    found: list[tuple[float, list[Rule]]] = []
    for _ in range(ROUNDS):
        part = RuleMeter(min(meter.limit - meter.spent, AT_ONCE))
        rules = [rule for rule in compress(used, COSTS, part) if rule.source != HOLE]
        meter.spent += part.spent
        grammar = SynchronousGrammar(rules)
        grammar.learn(used)
        failing = [pair for pair in others if not grammar.gives(*pair)]
        found.append((len(failing) / max(len(others), 1), rules))
        if not failing or meter.empty:
            break
        added = sorted(failing, key=lambda pair: len(pair[0]))[:MOST_ADDED]
        used += added
        others = [pair for pair in others if pair not in added]
    return min(found, key=lambda each: each[0])[1]


def _grammar(pairs: Pairs, search: Search, meter: RuleMeter) -> SynchronousGrammar:
    grammar = SynchronousGrammar(search(pairs, meter))
    # Twice: the counts of the first pass determine the cheapest derivations of the second.
    for _ in range(2):
        grammar.learn(pairs[:LEARNED_FROM])
    return grammar


def _chosen(pairs: Pairs, meter: RuleMeter) -> Search | None:
    """Return the search whose grammar is right on more of the held-out examples.

    If the accuracies are close, the shorter grammar wins.
    """
    kept = pairs[::JUDGED]
    shown = [pair for i, pair in enumerate(pairs) if i % JUDGED]
    found: list[tuple[float, int, Search]] = []
    for search in (_explained, _compressed):
        grammar = _grammar(shown, search, meter)
        right = sum(grammar.gives(*pair) for pair in kept) / len(kept)
        found.append((right, _bits(grammar.rules), search))
    most = max(right for right, _, _ in found)
    if most < LEAST:
        return None
    close = [each for each in found if each[0] >= most - AS_GOOD]
    return min(close, key=lambda each: each[1])[2]
