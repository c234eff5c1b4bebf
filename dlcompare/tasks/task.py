"""A task: a function to be learned, the distribution of its inputs, the axes along which they grow.

    @task(inputs=lists(ints(0, 99)), train={"length": range(9)}, test={"length": [16, 64]})
    def sorting(xs: list[int]) -> list[int]:
        '''Sort a list of integers into ascending order.'''
        return sorted(xs)

Annotations give the types, the docstring the description, the function the definition of correct.
A task is known to the experimenter only; a learner gets the `Problem` that `Task.problem` makes.
"""

import hashlib
import inspect
import typing
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Examples, Inputs, Problem, Signature
from dlcompare.tasks.samplers import Sampler, Setting
from dlcompare.tasks.types import Value, check, from_annotation

__all__ = ["Axis", "Level", "Task", "task"]

Level = int | float | str
"""One value of an axis."""

InputSampler = Callable[[np.random.Generator, Setting], Inputs]


@dataclass(frozen=True)
class Axis:
    """One named knob of the input distribution.

    Attributes
    ----------
    name : str
        ``knob``, which turns it on every argument that has it, or ``argument.knob``.
    train : tuple
        The values trained on; empty where training keeps the sampler's default.
    test : tuple
        The levels tested, each alone, in ascending order.
    """

    name: str
    train: tuple[Level, ...]
    test: tuple[Level, ...]

    @property
    def ordered(self) -> bool:
        """Whether the levels are numbers, so that there is a horizon."""
        return not any(isinstance(level, str) for level in self.test)


@dataclass(frozen=True)
class Task:
    """A function to be learned; calling it gives the right answer.

    Attributes
    ----------
    signature : Signature
        Name, parameters and result.
    description : str
        The docstring.
    function : callable
        The definition of correct.
    sampler : callable
        ``(rng, setting) -> inputs``.
    axes : tuple of Axis
        What gets harder, and how far.
    without : frozenset of str
        Primitives that a program must not use, because one of them is the answer.
    ensures : callable, optional
        The specification ``(inputs..., result) -> bool``.
    accepts : callable, optional
        ``(inputs, prediction) -> bool`` where several outputs are right.
    library : str
        The primitives offered to a synthesizer.
    address : str
        What `registry.load` finds the task under: a name, or ``file.py:name``.
    """

    signature: Signature
    description: str
    function: Callable[..., Value]
    sampler: InputSampler
    axes: tuple[Axis, ...]
    without: frozenset[str]
    ensures: Callable[..., object] | None
    accepts: Callable[[Inputs, Value], bool] | None
    library: str
    address: str

    @property
    def name(self) -> str:
        """The name of the function."""
        return self.signature.name

    @property
    def family(self) -> str:
        """The module the task was written in: the family, for the catalogue."""
        return self.function.__module__.rpartition(".")[2]

    @property
    def fingerprint(self) -> str:
        """A hash of what defines the trials of this task: source, samplers and axes."""
        try:
            source = inspect.getsource(self.function)
        except (OSError, TypeError):
            source = repr(self.function.__code__.co_code)
        text = "\n".join([source, repr(self.axes), str(self.signature), self.library])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        return self.function(*args, **kwargs)

    def answer(self, inputs: Inputs) -> Value:
        """The right output for `inputs`, checked against the annotations.

        Raises
        ------
        InputError
            If the function raises, or returns a value of another type than it declares.
        """
        try:
            output = self.function(**{name: _copy(value) for name, value in inputs.items()})
        except Exception as error:
            raise InputError(
                f"task {self.name!r} raised {type(error).__name__}: {error} on {dict(inputs)!r}; "
                "a task must answer every input that its sampler draws"
            ) from error
        check(output, self.signature.result, f"task {self.name!r}: the result for {dict(inputs)!r}")
        return output

    def draw(self, rng: np.random.Generator, setting: Setting) -> Inputs:
        """One input under `setting` (axis names to values), checked against the annotations."""
        inputs = self.sampler(rng, setting)
        if list(inputs) != [name for name, _ in self.signature.parameters]:
            raise InputError(
                f"task {self.name!r}: the sampler gave {sorted(inputs)}, the function takes "
                f"{[name for name, _ in self.signature.parameters]}; the names must agree in order"
            )
        for name, type_ in self.signature.parameters:
            check(inputs[name], type_, f"task {self.name!r}: the drawn {name!r}")
        return inputs

    def right(self, inputs: Inputs, prediction: Value, output: Value) -> bool:
        """Whether `prediction` is a right answer for `inputs`."""
        if self.accepts is not None:
            return prediction is not None and bool(self.accepts(inputs, prediction))
        return type(prediction) is type(output) and bool(prediction == output)

    def problem(self, examples: Examples) -> Problem:
        """What a learner sees of this task."""
        return Problem(
            self.signature,
            examples,
            self.description,
            self.ensures,
            self.library,
            self.without,
        )


def task(
    *,
    inputs: Sampler | Mapping[str, Sampler] | InputSampler,
    train: Mapping[str, Iterable[Level]] | None = None,
    test: Mapping[str, Iterable[Level]] | None = None,
    without: Iterable[str] = (),
    ensures: Callable[..., object] | None = None,
    accepts: Callable[[Inputs, Value], bool] | None = None,
    library: str = "full",
) -> Callable[[Callable[..., Value]], Task]:
    """Make a function a task.

    Parameters
    ----------
    inputs : Sampler, mapping of str to Sampler, or callable
        A sampler for the only argument; one sampler an argument; or
        ``(rng, setting) -> inputs`` where arguments depend on one another.
    train, test : mapping of str to iterable, optional
        For each axis the values trained on and the levels tested.
    without : iterable of str, optional
        Primitives that a program must not use.
    ensures : callable, optional
        The specification ``(inputs..., result) -> bool``, in plain operators.
    accepts : callable, optional
        ``(inputs, prediction) -> bool`` where several outputs are right.
    library : str, default "full"
        The primitives offered to a synthesizer.

    Returns
    -------
    callable
        A decorator that turns the function into a `Task`.

    Raises
    ------
    InputError
        If annotations are missing, or an axis turns a knob that no sampler has.

    Examples
    --------
    >>> from dlcompare.tasks.samplers import ints
    >>> @task(inputs={"a": ints(0, 9), "b": ints(0, 9)}, test={"digits": [2, 4]})
    ... def larger(a: int, b: int) -> int:
    ...     "The larger of two integers."
    ...     return max(a, b)
    >>> larger(3, 8), str(larger.signature), larger.axes
    (8, 'larger(a: int, b: int) -> int', (Axis(name='digits', train=(), test=(2, 4)),))
    """

    def decorate(function: Callable[..., Value]) -> Task:
        signature = _signature(function)
        names = [name for name, _ in signature.parameters]
        axes = _axes(signature.name, dict(train or {}), dict(test or {}))
        return Task(
            signature,
            inspect.cleandoc(function.__doc__ or ""),
            function,
            _input_sampler(signature.name, names, inputs, axes),
            axes,
            frozenset(without),
            ensures,
            accepts,
            library,
            f"{inspect.getfile(function)}:{signature.name}",
        )

    return decorate


def _signature(function: Callable[..., Value]) -> Signature:
    hints = typing.get_type_hints(function)
    names = list(inspect.signature(function).parameters)
    for name in [*names, "return"]:
        if name not in hints:
            raise InputError(
                f"task {function.__name__!r}: {name!r} has no annotation; write its type, as in "
                "def sorting(xs: list[int]) -> list[int]"
            )
    try:
        parameters = tuple((name, from_annotation(hints[name])) for name in names)
        return Signature(function.__name__, parameters, from_annotation(hints["return"]))
    except InputError as error:
        raise InputError(f"task {function.__name__!r}: {error}") from None


def _axes(
    name: str, train: dict[str, Iterable[Level]], test: dict[str, Iterable[Level]]
) -> tuple[Axis, ...]:
    axes = []
    for axis in [*train, *(axis for axis in test if axis not in train)]:
        levels = tuple(test.get(axis, ()))
        if not any(isinstance(level, str) for level in levels):
            levels = tuple(sorted(levels))
        if len(set(levels)) != len(levels):
            raise InputError(f"task {name!r}: the levels {levels} of axis {axis!r} must differ")
        axes.append(Axis(axis, tuple(train.get(axis, ())), levels))
    return tuple(axes)


def _input_sampler(
    task_name: str,
    names: list[str],
    inputs: Sampler | Mapping[str, Sampler] | InputSampler,
    axes: tuple[Axis, ...],
) -> InputSampler:
    if inspect.isfunction(inputs):
        return inputs
    samplers: dict[str, Sampler] = (
        dict(inputs) if isinstance(inputs, Mapping) else {names[0]: cast(Sampler, inputs)}
    )
    if list(samplers) != names:
        raise InputError(
            f"task {task_name!r}: inputs= has samplers for {list(samplers)}, the function takes "
            f"{names}; give one sampler an argument, in the same order"
        )
    known = {knob for s in samplers.values() for knob in s.knobs}
    known |= {f"{name}.{knob}" for name, s in samplers.items() for knob in s.knobs}
    for axis in axes:
        if axis.name not in known:
            raise InputError(
                f"task {task_name!r}: no argument has a knob {axis.name!r}; the knobs are "
                f"{', '.join(sorted(known))}"
            )

    def sample(rng: np.random.Generator, setting: Setting) -> Inputs:
        drawn = {}
        for name, sampler in samplers.items():
            own = {knob: setting[knob] for knob in sampler.knobs if knob in setting}
            own |= {
                knob: setting[f"{name}.{knob}"]
                for knob in sampler.knobs
                if f"{name}.{knob}" in setting
            }
            drawn[name] = sampler.draw(rng, own, 1)[0]
        return drawn

    return sample


def _copy(value: Value) -> Value:
    """A copy that a function may change without harm."""
    return [_copy(v) for v in value] if isinstance(value, list) else value
