"""The contract between a task and a learner: what a learner sees, and what it returns.

A learner gets a `Problem` and a `Budget` and returns a `Predictor`. It never sees the reference
function, the test settings or the test inputs. A predictor may offer more than predictions (a
program, a confidence) through an optional protocol of this module; nothing else is read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

from dlcompare.tasks.cost import Cost, check_count
from dlcompare.tasks.errors import FitError
from dlcompare.tasks.types import Type, Value

__all__ = [
    "ABSTAIN",
    "Budget",
    "Confident",
    "Differentiable",
    "Examples",
    "HasProgram",
    "Inputs",
    "Layered",
    "Learner",
    "Predictor",
    "Problem",
    "ProgramText",
    "Signature",
    "Stacking",
    "States",
    "Unfinished",
]

Inputs = Mapping[str, Value]
"""One input: a value for each parameter, by name."""

ABSTAIN = None
"""The prediction of a predictor that gives no answer. It counts as wrong."""


@dataclass(frozen=True)
class Unfinished:
    """The prediction of a predictor whose answer breaks off, or goes on where it must end.

    It counts as wrong; its elements are compared token by token.

    Attributes
    ----------
    elements : list of Value
        The first elements of the list, as far as they are complete.
    """

    elements: list[Value]


@dataclass(frozen=True)
class Signature:
    """Name, parameters and result of the function to be learned.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, list_of
    >>> print(Signature("take", (("k", INT), ("xs", list_of(INT))), list_of(INT)))
    take(k: int, xs: list[int]) -> list[int]
    """

    name: str
    parameters: tuple[tuple[str, Type], ...]
    result: Type

    def __str__(self) -> str:
        parameters = ", ".join(f"{name}: {type_}" for name, type_ in self.parameters)
        return f"{self.name}({parameters}) -> {self.result}"


@dataclass(frozen=True)
class Examples:
    """Input-output pairs in columns; immutable, sliceable.

    Attributes
    ----------
    inputs : mapping of str to tuple
        One column for each parameter; the i-th example is the i-th entry of every column.
    outputs : tuple
        The right answers.

    Examples
    --------
    >>> examples = Examples({"x": (1, 2, 3)}, (2, 4, 6))
    >>> len(examples), examples[:2].outputs, list(examples.rows())[2]
    (3, (2, 4), {'x': 3})
    """

    inputs: Mapping[str, tuple[Value, ...]]
    outputs: tuple[Value, ...]

    def __post_init__(self) -> None:
        for name, column in self.inputs.items():
            if len(column) != len(self.outputs):
                raise ValueError(
                    f"column {name!r} has {len(column)} entries, the outputs have "
                    f"{len(self.outputs)}; every column must have one entry for each example"
                )

    @classmethod
    def from_rows(
        cls, names: Sequence[str], rows: Sequence[Inputs], outputs: Sequence[Value]
    ) -> "Examples":
        """Make examples from a list of inputs and the list of their outputs."""
        return cls({name: tuple(row[name] for row in rows) for name in names}, tuple(outputs))

    def __len__(self) -> int:
        return len(self.outputs)

    def __getitem__(self, part: slice) -> "Examples":
        columns = {name: column[part] for name, column in self.inputs.items()}
        return Examples(columns, self.outputs[part])

    def rows(self) -> Iterator[dict[str, Value]]:
        """Yield the inputs, one mapping for each example."""
        for i in range(len(self)):
            yield {name: column[i] for name, column in self.inputs.items()}


@dataclass(frozen=True)
class States:
    """The intermediate states of a computation, for each example.

    Attributes
    ----------
    type : Type
        The type of the states of one example.
    values : tuple
        One entry for each example.
    """

    type: Type
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Problem:
    """A problem: all that a learner sees.

    Attributes
    ----------
    signature : Signature
        Name, parameter names and types, result type.
    examples : Examples
        Distinct inputs with their outputs.
    description : str
        One paragraph of prose; no learner of this package reads it.
    specification : callable, optional
        ``(inputs..., result) -> bool``, written with plain operators.
    library : str
        The set of primitives that a program may use.
    without : frozenset of str
        Primitives that a program must not use.
    specifies : {"", "examples", "logic"}
        How each input specifies a program to write; empty if it does not.
    states : States, optional
        The intermediate states of every example, if the task gives them: a hint, which only a
        learner labelled task-aware may read.
    components : tuple of str
        Operations and constants of a loop-free program, if the task gives them: a hint, which
        only a learner that says so on its prior card may read.
    """

    signature: Signature
    examples: Examples
    description: str = ""
    specification: Callable[..., object] | None = None
    library: str = "full"
    without: frozenset[str] = frozenset()
    specifies: str = ""
    states: States | None = None
    components: tuple[str, ...] = ()


@dataclass(frozen=True)
class Budget:
    """The budget of a learner: candidates and updates stop it, seconds and bytes only guard.

    Attributes
    ----------
    candidates : int
        Programs whose outputs may be computed.
    gradient_steps : int
        Optimizer updates.
    seconds : float, optional
        Wall-clock guard of the whole trial.
    bytes : int, optional
        Memory guard of the whole trial.
    """

    candidates: int = 20_000_000
    gradient_steps: int = 1_100
    seconds: float | None = None
    bytes: int | None = None


class Predictor(Protocol):
    """The result of a fit: it answers inputs.

    Attributes
    ----------
    cost : Cost
        The cost of the fit.
    prior : mapping of str to (str | int | float)
        The prior card: everything given to the learner before it saw an example.
    """

    cost: Cost
    prior: Mapping[str, str | int | float]

    def predict(self, inputs: Sequence[Inputs]) -> list[Value]:
        """Return one answer per input, in order; `ABSTAIN` or `Unfinished` if there is none."""
        ...


class Learner(Protocol):
    """A learner turns examples into a predictor, determined by problem, budget and seed."""

    def fit(self, problem: Problem, budget: Budget, seed: int) -> Predictor:
        """Learn from ``problem.examples``.

        Raises
        ------
        FitError
            If the learner ends without a predictor; the error has the trial's status and cost.
        """
        ...


@runtime_checkable
class Stacking(Protocol):
    """A learner that can fit several problems of one task at once, faster than one by one.

    Attributes
    ----------
    stacks : bool
        Whether it can do so in its configuration.
    """

    @property
    def stacks(self) -> bool:
        """Return whether the learner can do so in its configuration."""
        ...

    def fit_curve(
        self, problems: Sequence[Problem], budget: Budget, seeds: Sequence[int]
    ) -> Sequence[Predictor | FitError]:
        """Return for each problem and seed what `fit` would return or raise, up to rounding."""
        ...


@dataclass(frozen=True)
class ProgramText:
    """A program for people to read.

    Attributes
    ----------
    python : str
        Source of a Python function that needs nothing but builtins; for a grammar, its rules, one
        per line.
    dsl : str
        The same as an expression of the DSL.
    nodes : int
        Nodes of the expression, or rules of the grammar.
    cost : int
        Cost in bits under the grammar of the search; for a grammar, the cost of its rules.
    wrong : int
        The number of its training examples that it gets wrong and takes for mislabelled.
    """

    python: str
    dsl: str
    nodes: int
    cost: int
    wrong: int = 0

    def __post_init__(self) -> None:
        check_count("nodes", self.nodes)
        check_count("cost", self.cost)


@runtime_checkable
class HasProgram(Protocol):
    """A predictor that is a program."""

    program: ProgramText


@runtime_checkable
class Confident(Protocol):
    """A predictor that says how sure it is of each answer."""

    def predict_with_confidence(self, inputs: Sequence[Inputs]) -> tuple[list[Value], list[float]]:
        """Return the answers of `predict`, and for each a probability that it is right."""
        ...


@runtime_checkable
class Differentiable(Protocol):
    """A predictor with a gradient of its loss with respect to the vectors of the input's tokens.

    Attributes
    ----------
    embeddings : array
        The vector of every token (vocabulary, width).
    """

    @property
    def embeddings(self) -> NDArray[np.float32]:
        """Return the vector of every token (vocabulary, width)."""
        ...

    def input_tokens(self, inputs: Inputs) -> list[int]:
        """Return the tokens of an input, rows of `embeddings`."""
        ...

    def input_gradients(
        self, inputs: Sequence[Inputs], outputs: Sequence[Value]
    ) -> list[NDArray[np.float32]]:
        """Return for each input the gradient of the loss of its output (tokens, width).

        The loss is the cross-entropy of the whole output. To first order, an edit of the input
        that keeps the number of tokens changes the loss by the gradient times the difference of
        the vectors.
        """
        ...


@runtime_checkable
class Layered(Protocol):
    """A predictor with hidden states."""

    def hidden_states(
        self, inputs: Sequence[Inputs], outputs: Sequence[Value]
    ) -> list[dict[str, NDArray[np.float32]]]:
        """Return for each input its hidden states by layer, first to last, each (tokens, width).

        A network with an encoder and a decoder has layers of both: the encoder's states belong to
        the tokens of the input, the decoder's to the tokens of the given output. If input and
        output are one sequence, so are the states.
        """
        ...
