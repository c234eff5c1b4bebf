"""A stack of models is its models: each ends where it would have ended alone."""

import pytest
import torch

from dlcompare.neural.architectures import build, stacked
from dlcompare.neural.batches import Pairs
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import Architecture, Schedule, Scheme
from dlcompare.neural.training import Course, split, train, train_stack
from dlcompare.neural.transformer import Reader
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

ENCODING = Encoding(Signature("f", (("xs", list_of(INT)),), list_of(INT)))
SCHEDULE = Schedule(batch=8, warmup=5, check=10, patience=0.3, clip=0.3)
UPDATES = 50
COUNTS = (3, 30, 12)
RATES = (5e-3, 2e-3, 8e-3)


def course(count: int, seed: int, rate: float) -> Course:
    lists = [[(i * k + seed) % 30 for k in range(i % 4)] for i in range(count)]
    examples = Examples({"xs": tuple(lists)}, tuple(xs[::-1] for xs in lists))
    pairs = Pairs.encode(examples, ENCODING, torch.device("cpu"))
    generator = torch.Generator().manual_seed(seed)
    chosen, held = split(count, generator)
    return Course(pairs.part(chosen), pairs.part(held) if len(held) else None, generator, rate)


def single(architecture: Architecture, seed: int) -> Reader:
    torch.manual_seed(seed)
    made = build(ENCODING, architecture, 12).double()
    assert isinstance(made, Reader)
    return made


@pytest.mark.parametrize(
    ("kind", "positions"),
    [
        ("transformer", "relative"),
        ("transformer", "place_value"),
        ("decoder", "randomized"),
        ("decoder", "learned"),
        ("universal", "rotary"),
        ("universal", "alibi"),
    ],
)
def test_a_stack_trains_each_model_as_if_it_were_alone(kind: str, positions: Scheme) -> None:
    shape = Architecture(kind, 8, 2, 1, 1, 1, positions=positions, buckets=8, indices=32)
    members = list(enumerate(zip(COUNTS, RATES, strict=True)))
    alone = [single(shape, seed) for seed, _ in members]
    whole = build(ENCODING, shape, 12, len(members)).double()
    assert isinstance(whole, Reader)
    stacked(alone, whole)
    together = train_stack(whole, [course(n, i, r) for i, (n, r) in members], SCHEDULE, UPDATES)
    for model, outcome, (seed, (count, rate)) in zip(alone, together, members, strict=True):
        expected = train(model, course(count, seed, rate), SCHEDULE, UPDATES)
        assert outcome.updates == expected.updates
        assert (outcome.validation is None) == (count < 10)
        for name, weight in outcome.weights.items():
            torch.testing.assert_close(weight, expected.weights[name], rtol=0, atol=1e-9)
    assert together[0].updates > SCHEDULE.check


def test_a_model_that_leaves_the_stack_leaves_the_others_as_they_were() -> None:
    shape = Architecture(width=8, heads=2, encoder_layers=1, decoder_layers=1, inner=1)
    rates = (1e-2, 1e30)  # the second diverges
    alone = [single(shape, seed) for seed in range(2)]
    whole = build(ENCODING, shape, 12, 2).double()
    assert isinstance(whole, Reader)
    stacked(alone, whole)
    courses = [course(5, seed, rate) for seed, rate in enumerate(rates)]
    stays, leaves = train_stack(whole, courses, SCHEDULE, UPDATES)
    assert leaves.diverged is not None
    assert leaves.updates < stays.updates
    expected = train(alone[0], course(5, 0, rates[0]), SCHEDULE, UPDATES)
    for name, weight in stays.weights.items():
        torch.testing.assert_close(weight, expected.weights[name], rtol=0, atol=1e-9)
