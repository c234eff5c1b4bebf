"""Find learners by name, by file, and with options; only creating one imports it.

``synthesis`` is a learner of the table below; ``transformer:positions=place_value,width=64`` the
same one under other options; ``my_learner.py:create`` a factory in a file of your own, which may
take options too: ``my_learner.py:create:width=64``. A learner file is code and runs as you do.
"""

import hashlib
import importlib
import importlib.util
import os
import re
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from dlcompare.compare.privacy import anonymous, public_name
from dlcompare.neural.kinds import KINDS, NetworkKind
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.problem import Learner

__all__ = ["BASELINES", "LEARNERS", "LearnerEntry", "LearnerName", "create", "parse", "side"]


@dataclass(frozen=True)
class LearnerEntry:
    """One line of the table of learners.

    Attributes
    ----------
    address : str
        ``module:function`` of the factory, ``(*arguments, options, device) -> Learner``.
    description : str
        One line for people.
    rank : int
        Trials of a lower rank come first: a quick first result, then the cheap ones.
    arguments : tuple of str
        The arguments of the factory before the options and the device.
    uses_device : bool
        Whether the device matters to it.
    reads_specification : bool
        Whether it gets the specification of the task. That is a function, whose module also holds
        the reference; a learner in a user's file never gets it.
    preload : tuple of str
        Modules that the fork server imports once, so that a trial does not. A function
        ``preload()`` in one of them is called there; it must start no thread.
    task_aware : mapping of str to (tuple of str)
        Options whose values give the learner knowledge of this kind of task.
    recipes : mapping of str to str
        Short labels of configured names.
    """

    address: str
    description: str
    rank: int
    arguments: tuple[str, ...] = ()
    uses_device: bool = False
    reads_specification: bool = False
    preload: tuple[str, ...] = ()
    task_aware: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    recipes: Mapping[str, str] = field(default_factory=dict)


_CONTROLS = "dlcompare.compare.learners.baselines"

BASELINES = ("content_blind", "copy", "nearest_neighbour")
"""The controls, which do not learn the function."""


def _network(name: str, kind: NetworkKind) -> LearnerEntry:
    """Return the entry of a network."""
    return LearnerEntry(
        "dlcompare.neural.learner:create",
        f"Trains a network from scratch on its examples: {kind.description}.",
        rank=3,
        arguments=(name,),
        uses_device=True,
        # torch's optimizers import torch._dynamo at their first step, which takes a second or more.
        preload=(
            "torch",
            "torch._dynamo",
            "dlcompare.neural.learner",
            kind.builder.partition(":")[0],
        ),
        task_aware={
            "positions": ("place_value",),
            "digits": ("least_first",),
            "scratchpad": ("yes",),
        },
        recipes=_RECIPES.get(name, {}),
    )


_RECIPES = {
    "transformer": {
        "transformer:positions=place_value": "task-aware transformer",
        "transformer:positions=place_value,scratchpad=yes": "scratchpad transformer",
    }
}
"""Short labels of configured networks, by kind."""

LEARNERS: dict[str, LearnerEntry] = {
    "synthesis": LearnerEntry(
        "dlcompare.synthesis.synthesizer:create",
        "Searches for a program of a typed DSL that answers every example, cheapest first.",
        rank=0,
        preload=("numba", "dlcompare.synthesis.synthesizer"),
    ),
    "synthesis:spec": LearnerEntry(
        "dlcompare.synthesis.specifications.cegis:create",
        "Searches for a program that meets the specification; makes its examples itself.",
        rank=0,
        reads_specification=True,
        preload=(
            "numba",
            "dlcompare.synthesis.synthesizer",
            "z3",
            "dlcompare.synthesis.specifications.cegis",
        ),
    ),
    "synthesis:components": LearnerEntry(
        "dlcompare.synthesis.components.connector:create",
        "Connects the operations that come with the task (bit-vector tasks) by an SMT solver.",
        rank=0,
        preload=("dlcompare.synthesis.components.connector", "z3"),
    ),
    "content_blind": LearnerEntry(
        f"{_CONTROLS}:content_blind",
        "Never reads the input: answers the most common output of its examples.",
        rank=1,
    ),
    "copy": LearnerEntry(
        f"{_CONTROLS}:copy",
        "Answers the first argument that has the type of the result.",
        rank=1,
    ),
    "nearest_neighbour": LearnerEntry(
        f"{_CONTROLS}:nearest_neighbour",
        "Answers the output of the closest input among its examples.",
        rank=1,
    ),
    **{name: _network(name, kind) for name, kind in KINDS.items()},
}


@dataclass(frozen=True)
class LearnerName:
    """The name of a learner; prints in canonical form, with options in alphabetical order.

    The canonical name may be shared: it contains no home folder. `loadable` has the whole path.

    Attributes
    ----------
    base : str
        A name of the table, or ``file.py:function``.
    options : tuple of (str, str)
        Key and value, sorted by key.
    entry : LearnerEntry
        The address and the needs of the factory.
    """

    base: str
    options: tuple[tuple[str, str], ...]
    entry: LearnerEntry

    def __str__(self) -> str:
        return str(anonymous(self._with_options(self.base)))

    def _with_options(self, base: str) -> str:
        options = ",".join(f"{key}={value}" for key, value in self.options)
        return f"{base}:{options}" if options else base

    @property
    def own(self) -> bool:
        """True if the learner comes from a user's file, not from the table."""
        return self.base not in LEARNERS

    @property
    def loadable(self) -> str:
        """The name by which every process of this machine finds the learner."""
        return self._with_options(self.entry.address if self.own else self.base)

    @property
    def key(self) -> str:
        """Return the learner's name and, for a user's file, a hash of its text.

        Results are stored under this key: a learner whose file has changed is another one.
        """
        file = Path(self.entry.address.rpartition(":")[0])
        if not self.own or not file.is_file():
            return str(self)
        return f"{self}@{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}"

    @property
    def task_aware(self) -> bool:
        """True if the learner's options give it knowledge of this kind of task."""
        return any(value in self.entry.task_aware.get(key, ()) for key, value in self.options)

    @property
    def label(self) -> str:
        """The name for people; recipes of the presets have short ones."""
        if str(self) in self.entry.recipes:
            return self.entry.recipes[str(self)]
        options = ", ".join(f"{key}={value}" for key, value in self.options)
        base = Path(self.base).name
        text = str(anonymous(f"{base}, {options}" if options else base))
        return f"{text} (task-aware)" if self.task_aware else text


_FILE = re.compile(r"(?P<file>.+\.py):(?P<function>[A-Za-z_]\w*)(?::(?P<options>.*))?")


def parse(text: str) -> LearnerName:
    """Read the name of a learner.

    Raises
    ------
    UnknownNameError
        If the table has no such learner.
    InputError
        If an option is not ``key=value``. The existence of a file is checked only on use.

    Examples
    --------
    >>> name = parse("transformer:width=64,positions=place_value")
    >>> str(name), name.task_aware
    ('transformer:positions=place_value,width=64', True)
    """
    matched = _FILE.fullmatch(text)
    if matched:
        # Not resolved: parsing a name from a run's folder must not look up files.
        address = f"{os.path.abspath(matched['file'])}:{matched['function']}"  # noqa: PTH100
        entry = LearnerEntry(address, "A learner of a file of your own.", rank=2, uses_device=True)
        base = f"{public_name(Path(matched['file']))}:{matched['function']}"
        return LearnerName(base, _options(text, matched["options"] or ""), entry)
    base, _, options = text.partition(":")
    longer = [name for name in LEARNERS if ":" in name and f"{text}:".startswith(f"{name}:")]
    if longer:
        base, options = longer[0], text[len(longer[0]) + 1 :]
    if base not in LEARNERS:
        raise UnknownNameError("learner", base, LEARNERS)
    return LearnerName(base, _options(text, options), LEARNERS[base])


def side(name: str) -> str:
    """Return the side of the comparison that a learner is on, or its name if it is on neither.

    Examples
    --------
    >>> side("synthesis:library=core"), side("transformer:width=64"), side("my.py:create")
    ('synthesis', 'networks', 'my.py:create')
    """
    base = name.partition(":")[0]
    address = LEARNERS[base].address if base in LEARNERS else ""
    for package, words in (("synthesis", "synthesis"), ("neural", "networks")):
        if address.startswith(f"dlcompare.{package}."):
            return words
    return name


def _options(text: str, options: str) -> tuple[tuple[str, str], ...]:
    found: dict[str, str] = {}
    for part in options.split(",") if options else []:
        key, equals, value = part.partition("=")
        if not equals or not key.isidentifier() or not value or key in found:
            raise InputError(
                f"learner {text!r}: the option {part!r} must be key=value, each key once, as in "
                "transformer:positions=place_value,width=64"
            )
        found[key] = value
    return tuple(sorted(found.items()))


def create(name: LearnerName, device: str) -> Learner:
    """Import the factory of a learner and call it.

    Raises
    ------
    InputError
        If the factory is missing, or refuses the options.
    """
    module_name, _, function = name.entry.address.rpartition(":")
    if module_name.endswith(".py"):
        namespace = _load_file(Path(module_name))
    else:
        namespace = vars(importlib.import_module(module_name))
    if function not in namespace:
        raise InputError(f"learner {name}: {module_name} has no function {function!r}")
    factory = cast(Callable[..., Learner], namespace[function])
    return factory(*name.entry.arguments, dict(name.options), device)


def _load_file(file: Path) -> dict[str, object]:
    if not file.is_file():
        raise InputError(
            f"there is no learner file {file}; give path/to/file.py:function, where the function "
            "takes (options, device) and returns a learner"
        )
    module_name = f"dlcompare_learner_file_{file.stem}"
    spec = importlib.util.spec_from_file_location(module_name, file)
    if spec is None or spec.loader is None:
        raise InputError(f"{file} cannot be read as a Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[module_name] = module
    spec.loader.exec_module(module)
    return vars(module)
