"""Interpret the declaration of a task: its signature, axes and sampler."""

import inspect
import typing
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

import numpy as np

from dlcompare.tasks.axis import Axis, Level
from dlcompare.tasks.distributions import Sampler, Setting
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Inputs, Signature
from dlcompare.tasks.types import Value, from_annotation

__all__ = [
    "InputSampler",
    "axes_of",
    "declare",
    "declared",
    "input_sampler_of",
    "signature_of",
]

InputSampler = Callable[[np.random.Generator, Setting], Inputs]


_LISTS: ContextVar[tuple[list[Any], ...]] = ContextVar("lists", default=())


@contextmanager
def declared() -> Iterator[list[Any]]:
    """List the tasks made meanwhile, even those that others replace in their module."""
    made: list[Any] = []
    token = _LISTS.set((*_LISTS.get(), made))
    try:
        yield made
    finally:
        _LISTS.reset(token)


def declare(task: object) -> None:
    """Add a new task to the lists of `declared`."""
    for each in _LISTS.get():
        each.append(task)


def signature_of(function: Callable[..., Value]) -> Signature:
    """Return the name, parameters and result of a function, from its annotations."""
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


def axes_of(
    name: str,
    train: Mapping[str, Iterable[Level]] | None,
    test: Mapping[str, Iterable[Level]] | None,
) -> tuple[Axis, ...]:
    """Return the axes of a task, with numeric levels in ascending order."""
    trained, tested = _values(name, "train", train), _values(name, "test", test)
    axes = []
    for axis in [*trained, *(axis for axis in tested if axis not in trained)]:
        levels = tested.get(axis, ())
        if not any(isinstance(level, str) for level in levels):
            levels = tuple(sorted(levels))
        if len(set(levels)) != len(levels):
            raise InputError(f"task {name!r}: the levels {levels} of axis {axis!r} must differ")
        axes.append(Axis(axis, trained.get(axis, ()), levels))
    return tuple(axes)


def _values(
    name: str, which: str, given: Mapping[str, Iterable[Level]] | None
) -> dict[str, tuple[Level, ...]]:
    """Return the values of each axis of ``train=`` or ``test=``."""
    if not isinstance(given or {}, Mapping):
        raise InputError(
            f"task {name!r}: {which}= must map each axis to its values, as in "
            f'{which}={{"length": [16, 64]}}, and is {given!r}'
        )
    for axis, values in (given or {}).items():
        if not isinstance(values, Iterable):
            raise InputError(
                f"task {name!r}: {which}= must give axis {axis!r} a list of values, as in "
                f'{which}={{"{axis}": [{values!r}]}}, and gives {values!r}'
            )
    return {
        axis: tuple(_level(name, which, axis, value) for value in values)
        for axis, values in (given or {}).items()
    }


def _level(name: str, which: str, axis: str, value: object) -> Level:
    """Return a level as Python's own number or text; numpy's numbers are converted."""
    value = value.item() if hasattr(value, "item") else value
    if not isinstance(value, int | float | str):
        raise InputError(
            f"task {name!r}: {which}= gives axis {axis!r} the value {value!r}; a value is a number "
            "or a text"
        )
    return value


def input_sampler_of(
    task_name: str,
    names: list[str],
    inputs: Sampler | Mapping[str, Sampler] | InputSampler,
    axes: tuple[Axis, ...],
) -> InputSampler:
    """Combine samplers of single arguments into one sampler of all.

    Parameters
    ----------
    task_name : str
        The name for error messages.
    names : list of str
        The parameters of the task's function.
    inputs : Sampler, mapping of str to Sampler, or callable
        The argument `inputs` of `dlcompare.task`.
    axes : tuple of Axis
        The axes of the task, each of which must name a knob.

    Returns
    -------
    callable
        ``(rng, setting) -> inputs``.

    Raises
    ------
    InputError
        If the samplers do not match the parameters, or no argument has the knob of an axis.
    """
    if inspect.isfunction(inputs):
        return inputs
    samplers: dict[str, Sampler] = (
        dict(inputs) if isinstance(inputs, Mapping) else {names[0]: cast(Sampler, inputs)}
    )
    if list(samplers) != names:
        raise InputError(
            f"task {task_name!r}: inputs= has samplers for {list(samplers)}, the function takes "
            f"{names}; give one sampler for each argument, in the same order"
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
