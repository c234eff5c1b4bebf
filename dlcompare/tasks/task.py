"""A task: a function to be learned, the distribution of its inputs, the axes along which they grow.

    @task(inputs=lists(ints(0, 99)), train={"length": range(9)}, test={"length": [16, 64]})
    def sorting(xs: list[int]) -> list[int]:
        '''Sort a list of integers into ascending order.'''
        return sorted(xs)

Annotations give the types, the docstring the description, the function the definition of correct.
A task is known to the experimenter only; a learner gets the `Problem` that `Task.problem` makes.
"""

import hashlib
import importlib.util
import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from dlcompare.tasks.axis import Axis, Level
from dlcompare.tasks.calling import CallError, called, shown
from dlcompare.tasks.conduct import conduct, copied, global_randomness
from dlcompare.tasks.declaration import (
    InputSampler,
    axes_of,
    declare,
    input_sampler_of,
    signature_of,
)
from dlcompare.tasks.distributions import Sampler, Setting
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.interaction import World
from dlcompare.tasks.problem import (
    ABSTAIN,
    Examples,
    Inputs,
    Problem,
    Signature,
    States,
    Unfinished,
)
from dlcompare.tasks.types import Type, Value, check

__all__ = ["FILE_MODULE", "Axis", "Given", "Level", "Task", "task"]

FILE_MODULE = "dlcompare_task_file_"
"""The prefix of the name of a task file's module; the file's name follows."""

_EXTRAS = {"perception": "sklearn"}
"""The optional extras that a task may need, and the module that each installs."""


@dataclass(frozen=True)
class Given:
    """The examples of a task that is given by them alone.

    Attributes
    ----------
    training : Examples
        The examples in order; a smaller training set is a prefix of them.
    held_out : Examples
        The test, which no learner gets.
    """

    training: Examples
    held_out: Examples


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
        The axes along which inputs get harder.
    without : frozenset of str
        Primitives that a program must not use, because one of them is the answer.
    ensures : callable, optional
        The specification ``(inputs..., result) -> bool``.
    accepts : callable, optional
        ``(inputs, prediction) -> bool``, if several outputs are right.
    library : str
        The primitives offered to a synthesizer.
    address : str
        The address for `registry.load`: a name, or ``file.py:name``.
    home : str
        The module it was written in; the last part is its family.
    title : str
        Its name as people write it; empty if that is the name of the function.
    noise : float
        The share of training examples with a wrong output.
    extra : str
        The optional extra of dlcompare that it needs.
    specifies : {"", "examples", "logic"}
        How each input specifies a program to write; empty if it does not.
    world : World, optional
        The world, if answers are moves.
    states : callable, optional
        ``(inputs...) -> states``: the states of a computation, annotated like the function.
    given : Given, optional
        The examples, if there is nothing else: no sampler, no function for other inputs.
    components : tuple of str
        Operations and constants of a loop-free program; a hint for a learner that connects them.
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
    home: str
    title: str = ""
    noise: float = 0.0
    extra: str = ""
    specifies: str = ""
    world: World | None = None
    states: Callable[..., Value] | None = None
    given: Given | None = None
    components: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of the task."""
        return self.title or self.signature.name

    @property
    def family(self) -> str:
        """The module or file that defines the task."""
        return self.home.rpartition(".")[2].removeprefix(FILE_MODULE)

    @property
    def tags(self) -> tuple[str, ...]:
        """The features of the task, in a word or two each."""
        facts = {
            "examples only": self.given is not None,
            "several answers": self.accepts is not None,
            "intermediate states": self.states is not None,
            "components": bool(self.components),
            "specification": self.ensures is not None,
            f"noise {self.noise:.1%}": self.noise > 0,
            f"needs {self.extra}": bool(self.extra),
        }
        return tuple(tag for tag, holds in facts.items() if holds)

    @property
    def missing(self) -> str | None:
        """A sentence that says what to install before the task can be drawn; None if nothing."""
        if not self.extra or importlib.util.find_spec(_EXTRAS[self.extra]):
            return None
        return (
            f"task {self.name!r} needs {_EXTRAS[self.extra]}; install it with: "
            f"pip install 'dlcompare[{self.extra}]'"
        )

    @property
    def fingerprint(self) -> str:
        """Return a hash of what defines the trials of this task: source, samplers and axes."""
        try:
            source = inspect.getsource(self.function)
        except (OSError, TypeError):
            source = repr(self.function.__code__.co_code)
        if self.states is not None:
            source += inspect.getsource(self.states)
        parts = (self.axes, str(self.signature), self.library, self.noise, self.given)
        text = "\n".join([source, *map(repr, parts)])
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        return self.function(*args, **kwargs)

    def answer(self, inputs: Inputs) -> Value:
        """Return the right output for `inputs`, checked against the annotations.

        Raises
        ------
        InputError
            If the function raises, does not return, or returns a value of another type.
        """
        try:
            output = called(self.function, **copied(inputs))
        except CallError as error:
            raise InputError(
                f"task {self.name!r} {error} on {shown(dict(inputs))}; "
                "a task must answer every input that its sampler draws"
            ) from error
        where = f"task {self.name!r}: the result for {shown(dict(inputs))}"
        check(output, self.signature.result, where)
        return copied(output)

    def answers(self, rows: Sequence[Inputs]) -> list[Value]:
        """Return the right outputs for many inputs, each as `answer` gives it."""
        return [self.answer(row) for row in rows]

    def draw(self, rng: np.random.Generator, setting: Setting) -> Inputs:
        """Draw one input under `setting` (axis names to values), checked against the annotations.

        Raises
        ------
        InputError
            If the sampler raises, does not return, or draws something other than arguments.
        """
        try:
            inputs = called(self.sampler, rng, setting)
        except CallError as error:
            raise InputError(
                f"task {self.name!r}: the sampler {error} under {shown(dict(setting))}; "
                "a sampler must draw under every setting of train= and test="
            ) from error
        if not isinstance(inputs, Mapping):
            raise InputError(
                f"task {self.name!r}: the sampler gave {shown(inputs)}; it must give a dict with a "
                "value for each argument"
            )
        if list(inputs) != [name for name, _ in self.signature.parameters]:
            raise InputError(
                f"task {self.name!r}: the sampler gave {shown(list(inputs))}, the function takes "
                f"{[name for name, _ in self.signature.parameters]}; the names must agree in order"
            )
        for name, type_ in self.signature.parameters:
            check(inputs[name], type_, f"task {self.name!r}: the drawn {name!r}")
        drawn: Inputs = copied(inputs)
        return drawn

    def right(self, inputs: Inputs, prediction: Value, output: Value) -> bool:
        """Return whether `prediction` is a right answer for `inputs`; one that raises is not."""
        if prediction is ABSTAIN or isinstance(prediction, Unfinished):
            return False
        if self.accepts is not None:
            return bool(called(self.accepts, inputs, prediction))
        return type(prediction) is type(output) and bool(prediction == output)

    def problem(self, examples: Examples) -> Problem:
        """Return the problem: what a learner sees of this task."""
        return Problem(
            self.signature,
            examples,
            self.description,
            self.ensures,
            self.library,
            self.without,
            self.specifies,
            None if self.states is None else self._states(examples),
            self.components,
        )

    @property
    def states_type(self) -> Type:
        """Return the type of the intermediate states, if there are any."""
        assert self.states is not None
        return signature_of(self.states).result

    def conduct(self, rows: Sequence[Inputs]) -> list[str]:
        """List what the function does besides answering these inputs, one sentence each."""
        return conduct(self.function, rows)

    def randomness(self) -> str:
        """Return the state of the global random generators, which the task must not use."""
        return global_randomness()

    def _states(self, examples: Examples) -> States:
        """Return the intermediate states of examples, checked against the annotation."""
        assert self.states is not None
        type_ = self.states_type
        values = []
        for inputs in examples.rows():
            where = f"task {self.name!r}: the states for {shown(inputs)}"
            try:
                state = called(self.states, **copied(inputs))
            except CallError as error:
                raise InputError(f"{where}: states= {error}") from error
            check(state, type_, where)
            values.append(copied(state))
        return States(type_, tuple(values))


def task(
    *,
    inputs: Sampler | Mapping[str, Sampler] | InputSampler,
    train: Mapping[str, Iterable[Level]] | None = None,
    test: Mapping[str, Iterable[Level]] | None = None,
    without: Iterable[str] = (),
    ensures: Callable[..., object] | None = None,
    accepts: Callable[[Inputs, Value], bool] | None = None,
    library: str = "full",
    noise: float = 0.0,
    extra: str = "",
    specifies: str = "",
    world: World | None = None,
    states: Callable[..., Value] | None = None,
    components: Iterable[str] = (),
) -> Callable[[Callable[..., Value]], Task]:
    """Turn a function into a task.

    Parameters
    ----------
    inputs : Sampler, mapping of str to Sampler, or callable
        A sampler for the only argument; one sampler for each argument; or
        ``(rng, setting) -> inputs`` if arguments depend on one another.
    train, test : mapping of str to iterable, optional
        For each axis the values trained on and the levels tested.
    without : iterable of str, optional
        Primitives that a program must not use.
    ensures : callable, optional
        The specification ``(inputs..., result) -> bool``, in plain operators.
    accepts : callable, optional
        ``(inputs, prediction) -> bool``, if several outputs are right.
    library : str, default "full"
        The primitives offered to a synthesizer.
    noise : float, default 0
        The share of training examples that get the output of another input; tests stay clean.
    extra : {"", "perception"}
        The optional extra of dlcompare that the task needs.
    specifies : {"", "examples", "logic"}
        How each input specifies a program to write: ``given`` lists with ``wanted`` results, or a
        ``formula``. Learners are told.
    world : World, optional
        The world, if answers are moves; `dlcompare drive` follows them.
    states : callable, optional
        A function of the same arguments that returns the intermediate states of a computation: the
        scratchpad of a network that asks for it (``scratchpad=yes``).
    components : iterable of str, optional
        Operations, each to be used at most once, and constants, from which to build a loop-free
        program; only the learner ``synthesis:components`` reads them.

    Returns
    -------
    callable
        A decorator that turns the function into a `Task`.

    Raises
    ------
    InputError
        If annotations are missing, an axis turns a knob that no sampler has, or `noise` or `extra`
        is out of range.

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

    if not 0 <= noise < 1:
        raise InputError(f"noise={noise!r} must be a share: at least 0, and less than 1")
    if extra and extra not in _EXTRAS:
        raise InputError(f"extra={extra!r} must be one of {', '.join(_EXTRAS)}")
    if specifies not in ("", "examples", "logic"):
        raise InputError(f"specifies={specifies!r} must be 'examples' or 'logic', or be left out")

    def decorate(function: Callable[..., Value]) -> Task:
        signature = signature_of(function)
        names = [name for name, _ in signature.parameters]
        axes = axes_of(signature.name, train, test)
        made = Task(
            signature,
            inspect.cleandoc(function.__doc__ or ""),
            function,
            input_sampler_of(signature.name, names, inputs, axes),
            axes,
            frozenset(without),
            ensures,
            accepts,
            library,
            f"{inspect.getfile(function)}:{signature.name}",
            function.__module__,
            noise=noise,
            extra=extra,
            specifies=specifies,
            world=world,
            states=states,
            components=tuple(components),
        )
        declare(made)
        return made

    return decorate
