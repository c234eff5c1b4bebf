"""Several problems fitted at once give what each of them gives alone."""

from collections.abc import Iterator

import pytest
import torch

from dlcompare.neural import learner as learners
from dlcompare.neural.learner import NeuralLearner
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.neural.scratchpad import ScratchpadPredictor
from dlcompare.tasks.errors import DeviceMemoryError, DivergedError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature, States
from dlcompare.tasks.types import INT, list_of

BUDGET = Budget(gradient_steps=30)
TINY = {"width": "8", "heads": "2", "layers": "1", "inner": "1", "batch": "8", "check": "10"}
COUNTS = (3, 40, 12, 40)
SIGNATURE = Signature("f", (("xs", list_of(INT)),), list_of(INT))


@pytest.fixture
def float64() -> Iterator[None]:
    """Rounding far below what is compared."""
    usual = torch.get_default_dtype()
    torch.set_default_dtype(torch.float64)
    yield
    torch.set_default_dtype(usual)


def problem(count: int, seed: int) -> Problem:
    """Lists to be written backwards; more examples have longer ones, and other numbers."""
    lists = [[(i * k + seed) % 10 for k in range(1 + i % (2 + count // 8))] for i in range(count)]
    results = tuple(xs[::-1] for xs in lists)
    examples = Examples({"xs": tuple(lists)}, results)
    return Problem(SIGNATURE, examples, states=States(list_of(INT), results))


PROBLEMS = [problem(count, seed) for seed, count in enumerate(COUNTS)]
SEEDS = list(range(len(COUNTS)))


def network(predictor: object) -> NeuralPredictor:
    if isinstance(predictor, ScratchpadPredictor):
        return predictor.writer
    assert isinstance(predictor, NeuralPredictor)
    return predictor


def made(kind: str, options: dict[str, str]) -> NeuralLearner:
    shape = {"width": "8"} if kind in ("lstm", "stack_rnn") else TINY
    learner: NeuralLearner = learners.create(kind, {**shape, **options}, "cpu")
    return learner


@pytest.mark.usefixtures("float64")
@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("transformer", {}),
        ("transformer", {"values": "symbols"}),
        ("transformer", {"scratchpad": "yes"}),
        ("transformer", {"positions": "place_value"}),
        ("transformer", {"dropout": "0.2"}),
        ("decoder", {"positions": "learned"}),
        ("decoder", {"positions": "relative"}),
        ("universal", {"positions": "randomized"}),
        ("universal", {"positions": "rotary"}),
        ("lstm", {}),
        ("stack_rnn", {}),
    ],
)
def test_problems_fitted_at_once_give_the_predictors_of_each_alone(
    kind: str, options: dict[str, str]
) -> None:
    learner = made(kind, options)
    together = learner.fit_curve(PROBLEMS, BUDGET, SEEDS)
    for given, seed, predictor in zip(PROBLEMS, SEEDS, together, strict=True):
        assert not isinstance(predictor, DivergedError)
        alone = learner.fit(given, BUDGET, seed)
        assert predictor.cost == alone.cost
        assert predictor.prior == alone.prior
        one, other = network(predictor), network(alone)
        assert (one.encoding, one.cap, one.longest) == (other.encoding, other.cap, other.longest)
        for name, weight in other.model.state_dict().items():
            torch.testing.assert_close(one.model.state_dict()[name], weight, rtol=0, atol=1e-9)


def test_the_problems_of_a_curve_are_one_stack_though_their_lengths_differ(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stacks: list[int] = []
    train_stack = learners.train_stack

    def counting(model, courses, *rest):  # type: ignore[no-untyped-def]
        stacks.append(len(courses))
        return train_stack(model, courses, *rest)

    monkeypatch.setattr(learners, "train_stack", counting)
    made("transformer", {}).fit_curve(PROBLEMS, Budget(gradient_steps=1), SEEDS)
    made("transformer", {"positions": "learned"}).fit_curve(
        PROBLEMS, Budget(gradient_steps=1), SEEDS
    )
    assert stacks == [4, 1, 2, 1]


def test_fitting_at_once_draws_nothing_from_outside_and_leaves_nothing_there() -> None:
    learner = made("transformer", {})
    state = torch.random.get_rng_state()
    first, *_ = learner.fit_curve(PROBLEMS, BUDGET, SEEDS)
    assert torch.equal(torch.random.get_rng_state(), state)
    torch.rand(5)
    again, *_ = learner.fit_curve(PROBLEMS, BUDGET, SEEDS)
    assert (network(first).embeddings == network(again).embeddings).all()


def test_an_allocation_that_fails_in_a_stack_is_the_outcome_out_of_memory() -> None:
    with pytest.raises(DeviceMemoryError):
        made("transformer", {"width": str(2**22)}).fit_curve(PROBLEMS, BUDGET, SEEDS)
