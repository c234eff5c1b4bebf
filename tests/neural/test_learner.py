"""The learner keeps its contract: it learns, repeats itself, stops, and says what went wrong."""

import pytest
import torch

from dlcompare.neural.learner import TransformerLearner, create
from dlcompare.tasks.errors import DivergedError, InputError, UnknownNameError
from dlcompare.tasks.problem import Budget, Examples, Problem
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
    learner = create({**TINY, "positions": positions}, "cpu")
    predictor = learner.fit(given, Budget(gradient_steps=500), 0)
    answers = predictor.predict(list(tests.rows()))
    right = sum(a == b for a, b in zip(answers, tests.outputs, strict=True))
    assert right / len(tests) >= 0.8
    assert 0 < predictor.cost.gradient_steps <= 500
    assert predictor.prior["task_aware"] == ("yes" if positions == "place_value" else "no")


def test_the_same_seed_gives_the_same_answers_whatever_was_drawn_before() -> None:
    given, tests = problem(40)
    learner = create({**TINY, "dropout": "0.1", "positions": "place_value"}, "cpu")
    state = torch.random.get_rng_state()
    first = learner.fit(given, Budget(gradient_steps=60), 3)
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.rand(5)
    again = learner.fit(given, Budget(gradient_steps=60), 3)
    other = learner.fit(given, Budget(gradient_steps=60), 4)
    weights = [p.model.embedding.weight for p in (first, again, other)]
    assert torch.equal(weights[0], weights[1])
    assert not torch.equal(weights[0], weights[2])
    rows = list(tests.rows())
    assert first.predict(rows) == again.predict(rows)


@pytest.mark.parametrize("count", [1, 4])
def test_few_examples_are_memorised_well_before_the_budget_ends(count: int) -> None:
    given, _ = problem(count)
    predictor = create(TINY, "cpu").fit(given, Budget(gradient_steps=2_000), 0)
    assert predictor.cost.gradient_steps < 1_000
    answers = predictor.predict(list(given.examples.rows()))
    assert answers == list(given.examples.outputs)


def test_a_loss_that_is_not_finite_is_the_outcome_diverged() -> None:
    given, _ = problem(40)
    learner = create({**TINY, "learning_rate": "1e30", "warmup": "1"}, "cpu")
    with pytest.raises(DivergedError, match="learning rate") as raised:
        learner.fit(given, Budget(gradient_steps=100), 0)
    assert raised.value.status == "diverged"
    assert raised.value.cost.gradient_steps > 0


def test_inputs_far_longer_than_those_of_training_get_an_answer_each() -> None:
    given, _ = problem(40)
    predictor = create(TINY, "cpu").fit(given, Budget(gradient_steps=50), 0)
    rows = [{"xs": [10**30] * 3}, {"xs": list(range(300))}, {"xs": [-5]}]
    assert len(predictor.predict(rows)) == 3
    assert predictor.predict([]) == []


def test_options_are_read_from_text() -> None:
    assert create({}, "cpu") == TransformerLearner(device="cpu")
    made = create({"layers": "3", "decoder_layers": "1", "learning_rate": "1e-4"}, "cpu")
    assert (made.architecture.encoder_layers, made.architecture.decoder_layers) == (3, 1)
    assert made.schedule.learning_rate == 1e-4


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"widht": "64"}, "did you mean 'width'"),
        ({"width": "wide"}, "width='wide' must be a whole number"),
        ({"width": "30", "heads": "4"}, "width=30 must be a multiple of heads=4"),
        ({"positions": "rotary"}, "must be one of none, relative, place_value"),
        ({"learning_rate": "nan"}, "must be a number"),
    ],
)
def test_an_option_that_cannot_be_used_is_a_sentence(
    options: dict[str, str], sentence: str
) -> None:
    with pytest.raises(InputError, match=sentence):
        create(options, "cpu")


def test_an_unknown_option_names_those_that_exist() -> None:
    with pytest.raises(UnknownNameError, match="learning_rate"):
        create({"lr": "1"}, "cpu")


@pytest.mark.parametrize("device", ["mps", "tpu"])
def test_an_unusable_device_is_a_sentence(device: str) -> None:
    with pytest.raises(InputError, match=device):
        create({}, device)


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is a CUDA device")
def test_cuda_without_a_device_is_a_sentence() -> None:
    with pytest.raises(InputError, match="CUDA"):
        create({}, "cuda")
