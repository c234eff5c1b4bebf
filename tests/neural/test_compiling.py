"""A compiled pass is the pass, and what cannot be compiled says so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from dlcompare.neural import training
from dlcompare.neural.architectures import build, stacked
from dlcompare.neural.batches import Pairs
from dlcompare.neural.configuration import configure
from dlcompare.neural.encoding import Encoding
from dlcompare.neural.kinds import Architecture, Schedule, Scheme
from dlcompare.neural.losses import compiling, training_losses
from dlcompare.neural.training import Course, split, train, train_stack
from dlcompare.neural.transformer import Reader
from dlcompare.tasks.errors import FitError, InputError
from dlcompare.tasks.problem import Examples, Signature
from dlcompare.tasks.types import INT, list_of

ENCODING = Encoding(Signature("f", (("xs", list_of(INT)),), list_of(INT)))
CPU = torch.device("cpu")
LONGEST = 16


def pairs(count: int, most: int, seed: int) -> Pairs:
    """Lists to be copied, of up to `most` numbers of one digit."""
    lists = tuple([(i * k + seed) % 10 for k in range(1 + i % most)] for i in range(count))
    return Pairs.encode(Examples({"xs": lists}, lists), ENCODING, CPU)


def course(count: int, seed: int, rate: float, most: int = 6) -> Course:
    every = pairs(count, most, seed)
    generator = torch.Generator().manual_seed(seed)
    chosen, held = split(count, generator)
    return Course(every.part(chosen), every.part(held) if len(held) else None, generator, rate)


def reader(kind: str, positions: Scheme, seed: int = 0, stack: int = 1) -> Reader:
    torch.manual_seed(seed)
    shape = Architecture(kind, 8, 2, 1, 1, 1, positions=positions, buckets=8, indices=32)
    made = build(ENCODING, shape, LONGEST, stack)
    assert isinstance(made, Reader)
    return made


@pytest.mark.parametrize("stack", [1, 2])
@pytest.mark.parametrize(
    ("kind", "positions"),
    [
        ("transformer", "none"),
        ("transformer", "relative"),
        ("transformer", "alibi"),
        ("transformer", "place_value"),
        ("decoder", "learned"),
        ("decoder", "randomized"),
        ("universal", "rotary"),
        ("universal", "sinusoidal"),
    ],
)
def test_a_pass_is_one_graph_without_breaks(kind: str, positions: Scheme, stack: int) -> None:
    model = reader(kind, positions, 0, stack)
    noise = torch.rand(8, model.noise)
    every = pairs(8, 4, 0)
    (batch,) = every.batches([torch.arange(8)], [noise] if model.noise else None)
    with compiling():
        traced = torch.compile(training_losses, backend="eager", fullgraph=True, dynamic=False)
        losses = traced(model, batch, "float32")
    torch.testing.assert_close(losses, training_losses(model, batch, "float32"))


@pytest.mark.parametrize(
    ("kind", "positions"), [("transformer", "relative"), ("decoder", "randomized")]
)
def test_a_stack_of_constant_shape_trains_each_model_as_if_it_were_alone(
    kind: str, positions: Scheme, monkeypatch: pytest.MonkeyPatch
) -> None:
    shapes = set()

    def noting(model, batch, precision):  # type: ignore[no-untyped-def]
        shapes.add((model.stack, batch.source.shape, batch.target.shape))
        return training_losses(model, batch, precision)

    # The batches and the stack of compiled training, without the compiler.
    monkeypatch.setattr(training, "compiled_losses", lambda _: noting)
    alone = [reader(kind, positions, seed).double() for seed in range(4)]
    whole = reader(kind, positions, stack=4).double()
    stacked(alone, whole)
    courses = [(3, 8e-3), (30, 2e-3), (5, 1e30), (12, 8e-3)]  # the third diverges
    schedule = {"batch": 8, "warmup": 5, "check": 10, "patience": 0.3, "clip": 0.3}
    together = train_stack(
        whole,
        [course(count, seed, rate) for seed, (count, rate) in enumerate(courses)],
        Schedule(**schedule, compiled="yes"),  # type: ignore[arg-type]
        60,
    )
    assert 1 < len(shapes) <= 4
    assert len({outcome.updates for outcome in together}) > 1
    for seed, (outcome, (count, rate)) in enumerate(zip(together, courses, strict=True)):
        expected = train(
            alone[seed],
            course(count, seed, rate),
            Schedule(**schedule),  # type: ignore[arg-type]
            60,
        )
        assert outcome.updates == expected.updates
        assert (outcome.diverged is None) == (expected.diverged is None)
        if outcome.diverged is None:
            for name, weight in outcome.weights.items():
                torch.testing.assert_close(weight, expected.weights[name], rtol=0, atol=1e-9)


@pytest.mark.slow
@pytest.mark.skipif(
    shutil.which(os.environ.get("CXX", "g++")) is None, reason="there is no C++ compiler"
)
@pytest.mark.filterwarnings("ignore::DeprecationWarning")  # of torch, in the import of its compiler
def test_compiled_training_gives_what_training_gives() -> None:
    fits = []
    for compiled in ("no", "yes"):
        schedule = Schedule(batch=8, warmup=5, check=10, compiled=compiled)
        model = reader("transformer", "relative")
        with compiling():
            fits.append(train(model, course(9, 0, 5e-3, most=1), schedule, 30))
    plain, compiled_fit = fits
    assert plain.updates == compiled_fit.updates
    for name, weight in plain.weights.items():
        torch.testing.assert_close(compiled_fit.weights[name], weight, rtol=1e-3, atol=1e-4)


@pytest.mark.slow
def test_without_a_compiler_a_fit_fails_with_a_sentence(tmp_path: Path) -> None:
    program = """
from dlcompare.neural.learner import create
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT

rows = (1, 2, 3)
problem = Problem(Signature("f", (("x", INT),), INT), Examples({"x": rows}, rows))
options = {"compiled": "yes", "width": "8", "heads": "2", "layers": "1"}
learner = create("transformer", options, "cpu")
try:
    learner.fit(problem, Budget(gradient_steps=1), 0)
except FitError as error:
    print(error)
"""
    compiler = {"CXX": "no-such-compiler", "TORCHINDUCTOR_CACHE_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **compiler},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("compiled=yes failed; leave it out")
    assert "no-such-compiler" in done.stdout


def test_what_is_stated_already_is_not_stated_anew() -> None:
    with pytest.raises(FitError, match=r"^stated$"), compiling():
        raise FitError("stated")


@pytest.mark.parametrize("kind", ["lstm", "stack_rnn"])
def test_a_recurrent_network_is_not_compiled(kind: str) -> None:
    with pytest.raises(InputError, match="compiled='yes' cannot be used"):
        configure(kind, {"compiled": "yes"})
