"""The sentences say what the numbers say, whoever wins."""

import pytest

from dlcompare.compare.report.headline import headline, proof_sentence
from dlcompare.compare.report.printable import presented
from dlcompare.compare.summary.json_values import from_json
from dlcompare.compare.summary.learner_result import ProgramResult
from dlcompare.synthesis.proofs.proof import Proof


def read(summary):
    """A summary in JSON, as a report presents it."""
    return presented(from_json(summary))


def sentences(summary, task):
    found = {result.name: result for result in read(summary).tasks}
    return [sentence.replace("\N{NO-BREAK SPACE}", " ") for sentence in headline(found[task])]


def learners(summary, task="sorting"):
    return summary["tasks"][task]["learners"]


def test_the_fewest_examples_come_first(summary):
    first = sentences(summary, "sorting")[0]
    assert first.startswith("Synthesis needs 16 examples to get 90 % of new inputs right; ")
    assert "the transformer needs 1,024" in first


def test_the_network_may_win(summary):
    first = sentences(summary, "digits")[0]
    assert first == (
        "The transformer needs 256 examples to get 90 % of new inputs right; "
        "synthesis does not get there: 14 % with 256 examples."
    )


def test_nobody_may_win(edited):
    def lose(summary):
        learners(summary, "digits")["transformer"]["n_at_90"] = None

    assert sentences(edited(lose), "digits")[0] == (
        "No learner gets 90 % of new inputs right: synthesis reaches 14 % with 256 examples and "
        "the transformer reaches 97 % with 1,024 examples."
    )


def test_a_single_number_tried_is_no_number_needed(summary):
    assert "needs 4,096 (the only number tried)" in sentences(summary, "sorting")[0]


def test_the_first_number_tried_is_an_upper_bound(edited):
    def early(summary):
        learners(summary, "digits")["transformer"]["n_at_90"] = 16

    assert "needs 16 examples or fewer to" in sentences(edited(early), "digits")[0]


def test_how_far_each_holds(summary):
    length, magnitude = sentences(summary, "sorting")[1:3]
    assert length.startswith("Trained on length 0 to 8, synthesis holds up to 512, the last level")
    assert length.endswith("the transformer holds up to 12.")
    assert magnitude.endswith("the transformer gets 12 % at 1,000, the first level tested.")


def test_an_axis_without_order_has_a_worst_level(summary):
    assert "the transformer is right on 20 % at worst (inverted)" in sentences(summary, "digits")[1]


def test_failed_trials_are_said(summary):
    assert sentences(summary, "sorting")[-1] == (
        "Failed trials, counted as wrong: synthesis 3 of 21 (2 no program, 1 timeout)."
    )


def test_a_baseline_that_masters_the_task_is_named(edited):
    def master(summary):
        learners(summary)["copy"]["n_at_90"] = 4

    assert any("a baseline gets 90 % right too" in s for s in sentences(edited(master), "sorting"))


def test_without_results_it_says_so(edited):
    def begin(summary):
        for learner in learners(summary).values():
            learner.update(curve=[], extrapolation={}, trials={})

    assert sentences(edited(begin), "sorting") == ["No learner has a result yet."]
    nobody = edited(lambda s: learners(s).clear())
    assert sentences(nobody, "sorting") == ["No learner has a result yet."]


@pytest.mark.parametrize(
    ("proof", "sentence"),
    [
        ({"status": "proved", "bound": {}}, "proved right for every input"),
        (
            {"status": "proved", "method": "induction"},
            "proved right for every input by induction",
        ),
        (
            {"status": "proved", "bound": {"length": 7, "rounds": 12}},
            "proved right for every input up to length 7 and 12 rounds of a loop",
        ),
        (
            {"status": "refuted", "counterexample": {"inputs": {"a": -1, "b": 2}, "output": 0}},
            "proved wrong: for a = -1, b = 2 it answers 0",
        ),
        (
            {"status": "refuted", "counterexample": {"inputs": {"xs": []}, "raises": "IndexError"}},
            "proved wrong: for xs = [] it raises IndexError",
        ),
        ({"status": "unknown", "reason": "time"}, "not proved: time"),
        (None, ""),
    ],
)
def test_a_proof_is_a_sentence(proof, sentence):
    its = None if proof is None else Proof(**proof)
    program = ProgramResult(python="def f(): ...", n=4, seed=0, nodes=3, proof=its)
    assert proof_sentence(program) == sentence
