"""Commands of a made-up robot: a small language that was fixed before the inducer was tried on it.

Postfix, with a word order and a way of repeating that neither SCAN nor the catalogue has:

    ka lo            lift arm          what to do follows what to do it with
    ka lo mi         lift arm lift arm          "mi" repeats what went before
    ka lo ne tu so   close hand lift arm        "ne": the second before the first
    ka lo po tu so   lift arm close hand        "po": one after the other
    ri … ir          wait … wait                done with a pause at both ends
"""

import random
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.synthesis.translation import induce
from dlcompare.tasks.problem import Examples, HasProgram, Problem, Signature
from dlcompare.tasks.types import STR, list_of

PARTS = {"ka": "arm", "tu": "hand", "be": "head", "zu": "leg"}
DEEDS = {"lo": "lift", "so": "close", "fa": "turn", "gi": "drop"}


def phrase(rng, depth):
    """Words and actions of a phrase with at most `depth` marks around a deed."""
    if depth == 0:
        part, deed = rng.choice(list(PARTS)), rng.choice(list(DEEDS))
        return [part, deed], [DEEDS[deed], PARTS[part]]
    words, actions = phrase(rng, depth - 1)
    if rng.random() < 0.5:
        return [*words, "mi"], actions * 2
    return ["ri", *words, "ir"], ["wait", *actions, "wait"]


def command(rng, depth=2):
    """One phrase, or two joined."""
    words, actions = phrase(rng, rng.randrange(depth + 1))
    join = rng.choice(["", "ne", "po"])
    if not join:
        return words, actions
    others, later = phrase(rng, rng.randrange(depth + 1))
    together = later + actions if join == "ne" else actions + later
    return [*words, join, *others], together


def pairs(count, seed, depth=2):
    """Distinct commands with their actions."""
    rng = random.Random(seed)
    found = {}
    while len(found) < count:
        words, actions = command(rng, depth)
        found[tuple(words)] = actions
    return [(list(words), actions) for words, actions in found.items()]


def problem(rows):
    sequences = list_of(STR)
    signature = Signature("robot", (("words", sequences),), sequences)
    return Problem(signature, Examples.from_rows(["words"], *zip(*rows, strict=True)))


def asked(rows):
    return problem([({"words": words}, actions) for words, actions in rows])


def right(grammar, rows):
    answers = grammar.predict([{"words": words} for words, _ in rows])
    return sum(a == b for a, (_, b) in zip(answers, rows, strict=True)) / len(rows)


@cache
def learned():
    """64 pairs, and the grammar made of them."""
    shown = pairs(64, seed=0)
    return shown, induce(asked(shown), 60_000)


def test_a_language_that_nobody_had_in_mind_is_learned_and_extrapolated():
    shown, grammar = learned()
    fresh = [pair for pair in pairs(200, seed=1) if pair not in shown]
    deeper = [pair for pair in pairs(200, seed=2, depth=5) if len(pair[0]) > 10]
    assert right(grammar, fresh) >= 0.95
    assert right(grammar, deeper) >= 0.95


def test_the_grammar_is_shown_as_the_program():
    _, grammar = learned()
    assert isinstance(grammar, HasProgram)
    lines = grammar.program.python.splitlines()
    assert len(lines) == grammar.program.nodes
    assert "ka lo -> lift arm" in lines


def test_words_of_the_training_grammar_only_are_read():
    _, grammar = learned()
    assert grammar.predict([{"words": ["ka", "xyzzy"]}, {"words": []}]) == [None, None]


@settings(max_examples=2, deadline=None)
@given(st.randoms(use_true_random=False), st.integers(0, 3))
def test_renaming_every_word_and_every_token_renames_the_answers(random_names, seed):
    shown, fresh = pairs(24, seed), pairs(60, seed + 100)
    names = []
    for kind in (0, 1):
        symbols = sorted({symbol for pair in shown + fresh for symbol in pair[kind]})
        others = random_names.sample(range(1_000), len(symbols))
        names.append(dict(zip(symbols, [f"{'wt'[kind]}{n}" for n in others], strict=True)))

    def renamed(pair):
        return tuple([its[s] for s in side] for its, side in zip(names, pair, strict=True))

    grammar = induce(asked(shown), 30_000)
    other = induce(asked([renamed(pair) for pair in shown]), 30_000)
    assert (grammar is None) == (other is None)
    if grammar is not None:
        answers = grammar.predict([{"words": words} for words, _ in fresh])
        others = other.predict([{"words": renamed(pair)[0]} for pair in fresh])
        assert [a and [names[1][t] for t in a] for a in answers] == others


def test_where_there_is_nothing_to_translate_there_is_no_grammar():
    rng = random.Random(0)
    rows = []
    for _ in range(64):
        words = ["".join(rng.choices("abcdef", k=3)) for _ in range(4)]
        rows.append((words, sorted(words)))
    assert induce(asked(rows), 100_000) is None


def test_texts_are_read_word_by_word():
    text = Signature("robot", (("words", STR),), STR)
    rows = [({"words": " ".join(w)}, " ".join(a)) for w, a in pairs(64, seed=0)]
    examples = Examples.from_rows(["words"], *zip(*rows, strict=True))
    grammar = induce(Problem(text, examples), 60_000)
    assert grammar.predict([{"words": "ri ka lo ir"}]) == ["wait lift arm wait"]
