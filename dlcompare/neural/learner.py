"""Networks as learners: options in, predictor out."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from typing import cast

import torch

from dlcompare.neural.architectures import build, stacked
from dlcompare.neural.batches import Pairs
from dlcompare.neural.configuration import configure
from dlcompare.neural.decoding import LengthCap
from dlcompare.neural.encoding import Encoding, symbols_of
from dlcompare.neural.kinds import KINDS, Configuration
from dlcompare.neural.losses import compiling
from dlcompare.neural.model import SequenceModel
from dlcompare.neural.predictor import NeuralPredictor
from dlcompare.neural.scratchpad import ScratchpadPredictor, with_scratchpad
from dlcompare.neural.training import Course, Outcome, split, train_stack
from dlcompare.neural.transformer import Reader
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.errors import DeviceMemoryError, DivergedError, InputError, says_out_of_memory
from dlcompare.tasks.problem import Budget, Problem

__all__ = ["NeuralLearner", "create"]


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
        FitError
            If the passes are to be compiled and cannot be.
        """
        (fitted,) = self.fit_curve([problem], budget, [seed])
        if isinstance(fitted, DivergedError):
            raise fitted
        return fitted

    @property
    def stacks(self) -> bool:
        """True if `fit_curve` trains several models in one program.

        It does not for recurrent networks, nor with dropout, whose models would all draw from one
        stream of random numbers.
        """
        a = self.configuration.architecture
        return KINDS[a.kind].stacks and not a.dropout

    def fit_curve(
        self, problems: Sequence[Problem], budget: Budget, seeds: Sequence[int]
    ) -> list[NeuralPredictor | ScratchpadPredictor | DivergedError]:
        """Fit several problems at once, each as `fit` would, up to the rounding of sums.

        Models of one shape are trained as a stack or, if the learner does not stack, one after
        another.

        Parameters
        ----------
        problems : sequence of Problem
            Problems of one task.
        budget : Budget
            The budget of each.
        seeds : sequence of int
            One seed for each problem.

        Returns
        -------
        list of predictor or DivergedError
            One result for each problem; a model that diverges does not affect the others.

        Raises
        ------
        DeviceMemoryError
            If an allocation fails.
        FitError
            If the passes are to be compiled and cannot be.
        """
        fitted: dict[int, NeuralPredictor | ScratchpadPredictor | DivergedError] = {}
        with _memory_as_outcome():
            members = list(map(self._member, problems, seeds))
        alike: dict[Hashable, list[int]] = {}
        for place, member in enumerate(members):
            alike.setdefault(self._shape(member, place), []).append(place)
        compiled = self.configuration.schedule.compiled == "yes"
        for places in alike.values():
            some = [members[place] for place in places]
            with compiling() if compiled else nullcontext(), _memory_as_outcome():
                trained = self._train(some, budget.gradient_steps)
            for place, member, (model, outcome) in zip(places, some, trained, strict=True):
                fitted[place] = self._judged(member, model, outcome)
        return [fitted[place] for place in range(len(members))]

    def _member(self, problem: Problem, seed: int) -> "_Member":
        c = self.configuration
        states = problem.states if c.scratchpad == "yes" else None
        if states is not None:
            problem = with_scratchpad(problem, states)
        symbols = symbols_of(problem.signature, problem.examples) if c.values == "symbols" else ()
        encoding = Encoding(problem.signature, c.digits, symbols)
        pairs = Pairs.encode(problem.examples, encoding, torch.device(self.device))
        generator = torch.Generator().manual_seed(seed)
        chosen, held = split(len(pairs), generator)
        validation = pairs.part(held) if len(held) else None
        course = Course(pairs.part(chosen), validation, generator, c.schedule.learning_rate)
        return _Member(seed, encoding, pairs, course, states is not None)

    def _shape(self, member: "_Member", place: int) -> Hashable:
        """Return a key that models share if they can form a stack."""
        if not self.stacks:
            return place
        sized = self.configuration.architecture.positions in _SIZED
        return member.encoding, member.pairs.longest if sized else None

    def _train(
        self, members: Sequence["_Member"], updates: int
    ) -> list[tuple[SequenceModel, Outcome]]:
        """Train models of one shape; return each with the outcome of its training."""
        c = self.configuration
        device = torch.device(self.device)
        longest = max(member.pairs.longest for member in members)
        with _reproducible(device):
            models = []
            for member in members:
                torch.manual_seed(member.seed)
                models.append(build(member.encoding, c.architecture, member.pairs.longest))
            whole = models[0]
            if len(models) > 1:
                whole = build(members[0].encoding, c.architecture, longest, len(models))
                stacked(cast(list[Reader], models), cast(Reader, whole))
            courses = [member.course for member in members]
            outcomes = train_stack(whole.to(device), courses, c.schedule, updates)
        for model, outcome in zip(models, outcomes, strict=True):
            model.to(device).load_state_dict(outcome.weights)
        return list(zip(models, outcomes, strict=True))

    def _judged(
        self, member: "_Member", model: SequenceModel, outcome: Outcome
    ) -> NeuralPredictor | ScratchpadPredictor | DivergedError:
        cost = Cost(gradient_steps=outcome.updates)
        if outcome.diverged is not None:
            return DivergedError(
                f"the training loss was {outcome.diverged} by update {outcome.updates}; a lower "
                f"learning rate than {member.course.learning_rate} may keep it finite",
                cost,
            )
        pairs = member.pairs
        cap = LengthCap.above(pairs.source_lengths, pairs.target_lengths)
        scratchpad = "states, then result" if member.writes_states else "none"
        prior = self._prior(model, member.encoding, scratchpad)
        predictor = NeuralPredictor(model, member.encoding, cap, pairs.longest, cost, prior)
        return ScratchpadPredictor(predictor) if member.writes_states else predictor

    def _prior(
        self, model: SequenceModel, encoding: Encoding, scratchpad: str
    ) -> dict[str, str | int | float]:
        a = self.configuration.architecture
        aware = a.positions == "place_value"
        return {
            "architecture": KINDS[a.kind].description,
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
            # Chosen on further training examples, never on test inputs; see the changelog.
            "settings_chosen_by": "about 270 fits, most on sorting and addition, 4,096 examples",
        }


@dataclass(frozen=True)
class _Member:
    """A model to train, perhaps in a stack: its tokens and its course."""

    seed: int
    encoding: Encoding
    pairs: Pairs
    course: Course
    writes_states: bool


_SIZED = ("learned", "randomized", "place_value")
"""Position schemes with a table, or random numbers, for each token of the longest sequence."""


def _reproducible(device: torch.device) -> AbstractContextManager[None]:
    """Restore torch's own generator after seeding and drawing."""
    return torch.random.fork_rng(devices=[device] if device.type == "cuda" else [])


@contextmanager
def _memory_as_outcome() -> Iterator[None]:
    """Turn a failed allocation, which torch reports in a RuntimeError's text, into an outcome."""
    try:
        yield
    except RuntimeError as error:
        if not says_out_of_memory(str(error)):
            raise
        raise DeviceMemoryError(
            f"an allocation failed in training; a smaller batch or width may fit ({error})"
        ) from error


def create(kind: str, options: Mapping[str, str], device: str = "auto") -> NeuralLearner:
    """Return a network as a learner, from options as text.

    Parameters
    ----------
    kind : str
        A key of `KINDS`.
    options : mapping of str to str
        As `configure` reads them.
    device : {"auto", "cpu", "cuda"}
        The device; ``"auto"`` takes a CUDA device if there is one.

    Raises
    ------
    InputError
        If an option is unknown, its value cannot be used, or there is no such device.

    Examples
    --------
    >>> create("transformer", {"width": "32"}, "cpu").configuration.architecture.width
    32
    """
    return NeuralLearner(configure(kind, options), _device(device))


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
        raise InputError("device 'cuda' was requested, but PyTorch finds no CUDA device; use cpu")
    return name
