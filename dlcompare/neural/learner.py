"""The networks as learners: options in, predictor out."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field

import torch

from dlcompare.neural.architectures import build
from dlcompare.neural.batches import Pairs
from dlcompare.neural.decoding import LengthCap
from dlcompare.neural.encoding import Encoding, symbols_of
from dlcompare.neural.model import Kind, SequenceModel
from dlcompare.neural.options import Configuration, configure
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.neural.scratchpad import ScratchpadPredictor, with_scratchpad
from dlcompare.neural.training import Course, split, train
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import DeviceMemoryError, DivergedError, InputError
from dlcompare.tasks.problem import Budget, Problem

__all__ = [
    "NeuralLearner",
    "decoder",
    "lstm",
    "stack_rnn",
    "transformer",
    "universal",
]

_DESCRIPTIONS: Mapping[Kind, str] = {
    "transformer": "encoder-decoder Transformer, pre-norm",
    "decoder": "decoder-only Transformer, pre-norm",
    "universal": "encoder-decoder Transformer, pre-norm, one shared block a side, input injection",
    "lstm": "LSTM encoder-decoder, attention, copy gate",
    "stack_rnn": "gated recurrent unit with a stack",
}


@dataclass(frozen=True)
class NeuralLearner:
    """A network trained from scratch on the examples.

    Attributes
    ----------
    configuration : Configuration
        Architecture, schedule and encoding.
    device : str
        ``"cpu"`` or ``"cuda"``.
    """

    configuration: Configuration = field(default_factory=Configuration)
    device: str = "cpu"

    def fit(
        self, problem: Problem, budget: Budget, seed: int
    ) -> NeuralPredictor | ScratchpadPredictor:
        """Train on ``problem.examples`` for at most ``budget.gradient_steps`` updates.

        Raises
        ------
        DivergedError
            If the loss is not finite.
        DeviceMemoryError
            If an allocation fails.
        """
        if self.configuration.scratchpad == "yes" and problem.states is not None:
            wider = with_scratchpad(problem, problem.states)
            return ScratchpadPredictor(self._fit(wider, budget, seed, "states, then result"))
        return self._fit(problem, budget, seed, "none")

    def _fit(self, problem: Problem, budget: Budget, seed: int, scratchpad: str) -> NeuralPredictor:
        device = torch.device(self.device)
        c = self.configuration
        symbols = symbols_of(problem.signature, problem.examples) if c.values == "symbols" else ()
        encoding = Encoding(problem.signature, c.digits, symbols)
        with _reproducible(device, seed), _memory_as_outcome():
            pairs = Pairs.encode(problem.examples, encoding, device)
            generator = torch.Generator().manual_seed(seed)
            chosen, held = split(len(pairs), generator)
            model = build(encoding, c.architecture, pairs.longest).to(device)
            validation = pairs.part(held) if len(held) else None
            course = Course(pairs.part(chosen), validation, generator, c.schedule.learning_rate)
            outcome = train(model, course, c.schedule, budget.gradient_steps)
        cost = Cost(gradient_steps=outcome.updates)
        if outcome.diverged is not None:
            raise DivergedError(
                f"the training loss was {outcome.diverged} by update {outcome.updates}; a lower "
                f"learning rate than {c.schedule.learning_rate} may keep it finite",
                cost,
            )
        cap = LengthCap.above(pairs.source_lengths, pairs.target_lengths)
        prior = self._prior(model, encoding, scratchpad)
        return NeuralPredictor(model, encoding, cap, pairs.longest, cost, prior)

    def _prior(
        self, model: SequenceModel, encoding: Encoding, scratchpad: str
    ) -> dict[str, str | int | float]:
        a = self.configuration.architecture
        aware = a.positions == "place_value"
        return {
            "architecture": _DESCRIPTIONS[a.kind],
            "positions": a.positions,
            "parameters": model.parameter_count,
            "hints": "digit places, element indices" if aware else "none",
            "scratchpad": scratchpad,
            "task_aware": "yes" if aware or scratchpad != "none" else "no",
            "tokens": len(encoding.vocabulary),
            "digit_order": self.configuration.digits,
            "values": f"{len(encoding.symbols)} symbols" if encoding.symbols else "spelled",
            "pre_training": "none",
            "optimizer": "Muon and AdamW" if model.leading else "AdamW",
            # On further examples of the training range, never on test inputs; see the changelog.
            "settings_chosen_by": "about 175 fits, most on sorting and addition, 4,096 examples",
        }


@contextmanager
def _reproducible(device: torch.device, seed: int) -> Iterator[None]:
    """Initial weights and dropout from `seed`, and torch's own generator as it was afterwards."""
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seed)
        yield


_NO_MEMORY = ("can't allocate memory", "out of memory", "alloc_failed", "not enough memory")


@contextmanager
def _memory_as_outcome() -> Iterator[None]:
    """A failed allocation, which torch tells by a RuntimeError's text, as the outcome it is."""
    try:
        yield
    except RuntimeError as error:
        if not any(sign in str(error).lower() for sign in _NO_MEMORY):
            raise
        raise DeviceMemoryError(
            f"an allocation failed in training; a smaller batch or width may fit ({error})"
        ) from error


def _create(kind: Kind, options: Mapping[str, str], device: str) -> NeuralLearner:
    return NeuralLearner(configure(kind, options), _device(device))


def transformer(options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """An encoder-decoder Transformer from options as text.

    Parameters
    ----------
    options : mapping of str to str
        As `configure` reads them.
    device : {"auto", "cpu", "cuda"}
        Where to train; ``"auto"`` takes a CUDA device when there is one.

    Raises
    ------
    InputError
        If an option is unknown or its value cannot be used, or the device is not there.

    Examples
    --------
    >>> transformer({"width": "32"}, "cpu").configuration.architecture.width
    32
    """
    return _create("transformer", options, device)


def decoder(options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """A decoder-only Transformer; as `transformer`."""
    return _create("decoder", options, device)


def universal(options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """A Transformer of shared blocks; as `transformer`."""
    return _create("universal", options, device)


def lstm(options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """An LSTM with attention and a copy gate; as `transformer`."""
    return _create("lstm", options, device)


def stack_rnn(options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """A recurrent network with a stack; as `transformer`."""
    return _create("stack_rnn", options, device)


def _device(name: str) -> str:
    if name == "auto":
        return "cuda" if torch.cuda.is_available() else "cpu"
    if name == "mps":
        raise InputError(
            "device 'mps' is not supported: training there has not been checked; use cpu"
        )
    if name not in ("cpu", "cuda"):
        raise InputError(f"device={name!r} must be one of auto, cpu, cuda")
    if name == "cuda" and not torch.cuda.is_available():
        raise InputError("device 'cuda' was asked for, but PyTorch finds no CUDA device; use cpu")
    return name
