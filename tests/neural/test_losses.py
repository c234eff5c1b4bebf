"""Training in bf16 is training all the same."""

import math

import pytest
import torch

from dlcompare.neural.architectures import build
from dlcompare.neural.batches import Pairs
from dlcompare.neural.configuration import configure
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import SCHEMES, Architecture, Schedule, Scheme
from dlcompare.neural.losses import training_losses
from dlcompare.neural.training import Course, Outcome, split, train
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

ENCODING = Encoding(Signature("f", (("xs", list_of(INT)),), list_of(INT)))
CPU = torch.device("cpu")
UPDATES = 60


def pairs(count: int, seed: int) -> Pairs:
    """Lists to be copied, of up to four numbers."""
    lists = tuple([(i * k + seed) % 30 for k in range(1 + i % 4)] for i in range(count))
    return Pairs.encode(Examples({"xs": lists}, lists), ENCODING, CPU)


def course(count: int, seed: int) -> Course:
    every = pairs(count, seed)
    generator = torch.Generator().manual_seed(seed)
    chosen, held = split(count, generator)
    validation = every.part(held) if len(held) else None
    return Course(every.part(chosen), validation, generator, 5e-3)


def shape(kind: str = "transformer", positions: Scheme = "relative") -> Architecture:
    return Architecture(kind, 8, 2, 1, 1, 1, positions=positions, buckets=8, indices=32)


def fitted(schedule: Schedule, seed: int) -> Outcome:
    torch.manual_seed(seed)
    return train(build(ENCODING, shape(), 12), course(30, seed), schedule, UPDATES)


@pytest.mark.parametrize("positions", SCHEMES)
@pytest.mark.parametrize("kind", ["transformer", "decoder", "universal"])
def test_losses_in_bf16_are_finite_and_near_those_in_float32(kind: str, positions: Scheme) -> None:
    torch.manual_seed(0)
    model = build(ENCODING, shape(kind, positions), 12)
    every = pairs(30, 0)
    noise = torch.rand(30, model.noise)
    (batch,) = every.batches([torch.arange(30)], [noise] if model.noise else None)
    exact = training_losses(model, batch, "float32")
    losses = training_losses(model, batch, "bf16")
    assert losses.dtype == torch.float32
    assert not torch.equal(losses, exact)
    torch.testing.assert_close(losses, exact, rtol=0.02, atol=0.02)
    losses.sum().backward()  # type: ignore[no-untyped-call]
    for parameter in model.parameters():
        assert parameter.grad is None or parameter.grad.isfinite().all()


def test_a_fit_in_bf16_learns_repeats_itself_and_keeps_float32_weights() -> None:
    schedule = Schedule(batch=8, warmup=5, check=10, precision="bf16")
    short, fit, again = (
        fitted(s, 1) for s in (Schedule(batch=8, check=1, patience=0), schedule, schedule)
    )
    assert short.validation is not None
    assert fit.validation is not None
    assert short.validation.negative_loss < fit.validation.negative_loss < 0
    assert math.isfinite(fit.validation.negative_loss)
    assert fit.validation == again.validation
    for name, weight in fit.weights.items():
        assert torch.equal(weight, again.weights[name])
        assert weight.dtype == torch.float32


@pytest.mark.parametrize("kind", ["lstm", "stack_rnn"])
def test_a_recurrent_network_refuses_bf16(kind: str) -> None:
    with pytest.raises(InputError, match="precision='bf16' cannot be used"):
        configure(kind, {"precision": "bf16"})


def test_an_unknown_precision_is_refused() -> None:
    with pytest.raises(InputError, match="must be one of float32, bf16"):
        configure("transformer", {"precision": "half"})
