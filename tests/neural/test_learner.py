"""The learner keeps its contract: it learns, repeats itself, stops, and says what went wrong."""

import itertools

import pytest
import torch

from dlcompare.neural import learner as learners
from dlcompare.neural.learner import NeuralLearner, create
from dlcompare.neural.scratchpad import ScratchpadPredictor
from dlcompare.tasks.errors import (
    DeviceMemoryError,
    DivergedError,
    InputError,
    UnknownNameError,
)
from dlcompare.tasks.problem import (
    Budget,
    Confident,
    Differentiable,
    Examples,
    Layered,
    Problem,
)
from dlcompare.tasks.progress import FitProgress, listening
from dlcompare.tasks.samplers import ints, lists
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task, task

TINY = {"width": "32", "heads": "2", "layers": "1", "batch": "32"}


@task(inputs=lists(ints(0, 9), range(1, 4)), train={"length": range(1, 4)}, test={"length": [5]})
def backwards(xs: list[int]) -> list[int]:
    """Write a list backwards."""
    return xs[::-1]


def problem(count: int, of: Task = backwards) -> tuple[Problem, Examples]:
    tests = draw_tests(of, 32, 8)
    return of.problem(draw_training(of, count, 0, tests.reserved)), tests.inside


@pytest.mark.parametrize("positions", ["relative", "place_value"])
def test_a_small_function_is_learned_from_examples(positions: str) -> None:
    given, tests = problem(600)
    learner = create("transformer", {**TINY, "positions": positions}, "cpu")
    predictor = learner.fit(given, Budget(gradient_steps=500), 0)
    answers = predictor.predict(list(tests.rows()))
    right = sum(a == b for a, b in zip(answers, tests.outputs, strict=True))
    assert right / len(tests) >= 0.8
    assert 0 < predictor.cost.gradient_steps <= 500
    assert predictor.prior["task_aware"] == ("yes" if positions == "place_value" else "no")


def test_the_same_seed_gives_the_same_answers_whatever_was_drawn_before() -> None:
    given, tests = problem(40)
    learner = create("transformer", {**TINY, "dropout": "0.1", "positions": "place_value"}, "cpu")
    state = torch.random.get_rng_state()
    first = learner.fit(given, Budget(gradient_steps=60), 3)
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.rand(5)
    again = learner.fit(given, Budget(gradient_steps=60), 3)
    other = learner.fit(given, Budget(gradient_steps=60), 4)
    weights = [p.embeddings for p in (first, again, other)]
    assert (weights[0] == weights[1]).all()
    assert (weights[0] != weights[2]).any()
    rows = list(tests.rows())
    assert first.predict(rows) == again.predict(rows)


@pytest.mark.parametrize("count", [1, 4])
def test_few_examples_are_memorised_well_before_the_budget_ends(count: int) -> None:
    given, _ = problem(count)
    predictor = create("transformer", TINY, "cpu").fit(given, Budget(gradient_steps=2_000), 0)
    assert predictor.cost.gradient_steps < 1_000
    answers = predictor.predict(list(given.examples.rows()))
    assert answers == list(given.examples.outputs)


def test_a_loss_that_is_not_finite_is_the_outcome_diverged() -> None:
    given, _ = problem(40)
    learner = create("transformer", {**TINY, "learning_rate": "1e30", "warmup": "1"}, "cpu")
    with pytest.raises(DivergedError, match="learning rate") as raised:
        learner.fit(given, Budget(gradient_steps=100), 0)
    assert raised.value.status == "diverged"
    assert raised.value.cost.gradient_steps > 0


def test_inputs_far_longer_than_those_of_training_get_an_answer_each() -> None:
    given, _ = problem(40)
    predictor = create("transformer", TINY, "cpu").fit(given, Budget(gradient_steps=50), 0)
    rows = [{"xs": [10**30] * 3}, {"xs": list(range(300))}, {"xs": [-5]}]
    assert len(predictor.predict(rows)) == 3
    assert predictor.predict([]) == []


def test_options_are_read_from_text() -> None:
    assert create("transformer", {}, "cpu") == NeuralLearner(device="cpu")
    made = create(
        "transformer", {"layers": "3", "decoder_layers": "1", "learning_rate": "1e-4"}, "cpu"
    )
    architecture = made.configuration.architecture
    assert (architecture.encoder_layers, architecture.decoder_layers) == (3, 1)
    assert made.configuration.schedule.learning_rate == 1e-4


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"widht": "64"}, "did you mean 'width'"),
        ({"width": "wide"}, "width='wide' must be a whole number"),
        ({"width": "30", "heads": "4"}, "width=30 must be a multiple of heads=4"),
        ({"positions": "absolute"}, "must be one of none, sinusoidal, learned, relative"),
        ({"positions": "rotary", "width": "6", "heads": "2"}, "pairs of numbers"),
        ({"positions": "alibi", "heads": "1"}, "half of an encoder's heads read backwards"),
        ({"buckets": "3"}, "must be 4 or more"),
        ({"values": "letters"}, "must be one of spelled, symbols"),
        ({"learning_rate": "nan"}, "must be a number"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_sentence(
    options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        create("transformer", options, "cpu")


@pytest.mark.parametrize("kind", ["lstm", "stack_rnn"])
def test_a_recurrent_network_takes_no_position_scheme(kind: str) -> None:
    with pytest.raises(InputError, match="reads in order and has no position scheme"):
        learners.create(kind, {"positions": "rotary"}, "cpu")


@pytest.mark.parametrize("kind", ["transformer", "decoder", "universal", "lstm", "stack_rnn"])
def test_every_kind_memorises_a_few_examples_and_is_sure_of_them(kind: str) -> None:
    given, _ = problem(4)
    options = {"width": "32", "learning_rate": "1e-2", "warmup": "10"}
    predictor = learners.create(kind, options, "cpu").fit(given, Budget(gradient_steps=200), 0)
    assert isinstance(predictor, Confident)
    rows = list(given.examples.rows())
    answers, probabilities = predictor.predict_with_confidence(rows)
    assert answers == predictor.predict(rows) == list(given.examples.outputs)
    assert all(0.5 < p <= 1 for p in probabilities)


def test_a_predictor_shows_its_gradients_and_its_layers() -> None:
    given, _ = problem(4)
    predictor = create("transformer", TINY, "cpu").fit(given, Budget(gradient_steps=20), 0)
    assert isinstance(predictor, Differentiable)
    assert isinstance(predictor, Layered)
    rows, outputs = list(given.examples.rows()), given.examples.outputs
    gradients = predictor.input_gradients(rows, outputs)
    states = predictor.hidden_states(rows, outputs)
    for row, output, gradient, layers in zip(rows, outputs, gradients, states, strict=True):
        tokens = predictor.input_tokens(row)
        assert gradient.shape == (len(tokens), 32)
        assert predictor.embeddings[tokens].shape == gradient.shape
        assert layers["encoder 1"].shape == (len(tokens), 32)
        assert len(layers["decoder 1"]) == len(predictor.encoding.encode_output(output))


def running_totals(xs: list[int]) -> list[int]:
    """Return the total after each number."""
    return list(itertools.accumulate(x % 2 for x in xs))


@task(
    inputs=lists(ints(0, 9), range(1, 4)),
    train={"length": range(1, 4)},
    test={"length": [5]},
    states=running_totals,
)
def odd_count(xs: list[int]) -> int:
    """Count the odd numbers."""
    return sum(x % 2 for x in xs)


def test_a_scratchpad_is_written_where_the_task_gives_states_and_only_the_result_counts() -> None:
    given, tests = problem(300, odd_count)
    learner = create("transformer", {**TINY, "scratchpad": "yes"}, "cpu")
    predictor = learner.fit(given, Budget(gradient_steps=300), 0)
    assert isinstance(predictor, ScratchpadPredictor)
    assert predictor.prior["task_aware"] == "yes"
    rows = list(tests.rows())
    results, pairs = predictor.predict(rows), predictor.writer.predict(rows)
    assert results == [pair and pair[1] for pair in pairs]
    right = [
        pair == (running_totals(**row), odd_count(**row))
        for row, pair in zip(rows, pairs, strict=True)
    ]
    assert sum(right) / len(right) >= 0.8
    plain, _ = problem(10)
    without = learner.fit(plain, Budget(gradient_steps=1), 0)
    assert without.prior["scratchpad"] == "none"


def test_training_tells_its_progress() -> None:
    given, _ = problem(40)
    told: list[FitProgress] = []
    with listening(told.append):
        create("transformer", TINY, "cpu").fit(given, Budget(gradient_steps=100), 0)
    assert [(each.done, each.of) for each in told] == [(50, 100), (100, 100)]
    first, second = (each.loss for each in told)
    assert first is not None
    assert second is not None
    assert first > second > 0


def test_an_allocation_that_fails_is_the_outcome_out_of_memory() -> None:
    given, _ = problem(4)
    huge = create("transformer", {"width": str(2**22), "heads": "2"}, "cpu")
    with pytest.raises(DeviceMemoryError, match="smaller batch or width") as raised:
        huge.fit(given, Budget(gradient_steps=1), 0)
    assert raised.value.status == "out_of_memory"


def test_an_unknown_option_names_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="learning_rate"):
        create("transformer", {"lr": "1"}, "cpu")


@pytest.mark.parametrize("device", ["mps", "tpu"])
def test_an_unusable_device_is_a_sentence(device: str) -> None:
    with pytest.raises(InputError, match=device):
        create("transformer", {}, device)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_without_a_device_is_a_sentence() -> None:
    with pytest.raises(InputError, match="CUDA"):
        create("transformer", {}, "cuda")
