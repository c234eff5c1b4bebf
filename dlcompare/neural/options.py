"""Learner options as text, to architecture, schedule and encoding."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, Literal, get_args

from dlcompare.neural.encoding import DIGIT_ORDERS, DigitOrder
from dlcompare.neural.model import Architecture, Kind
from dlcompare.neural.positions import SCHEMES
from dlcompare.neural.training import Schedule
from dlcompare.tasks.errors import InputError, UnknownNameError

__all__ = ["DEFAULTS", "Configuration", "Values", "configure"]

Values = Literal["spelled", "symbols"]
Answer = Literal["no", "yes"]


@dataclass(frozen=True)
class Configuration:
    """All that is chosen about a network before it sees an example.

    Attributes
    ----------
    architecture : Architecture
        Kind, shape and position scheme.
    schedule : Schedule
        How it is trained.
    digits : {"most_first", "least_first"}
        Which digit of a number comes first.
    values : {"spelled", "symbols"}
        Whether each number and string of the examples is one symbol, where they are few.
    scratchpad : {"no", "yes"}
        Whether it writes the intermediate states first, where the task gives them.
    """

    architecture: Architecture = field(default_factory=Architecture)
    schedule: Schedule = field(default_factory=Schedule)
    digits: DigitOrder = "most_first"
    values: Values = "spelled"
    scratchpad: Answer = "no"


DEFAULTS: Mapping[Kind, Configuration] = {
    "transformer": Configuration(),
    "decoder": Configuration(Architecture("decoder", decoder_layers=3)),
    "universal": Configuration(Architecture("universal", encoder_layers=2, decoder_layers=3)),
    "lstm": Configuration(
        Architecture("lstm", width=128, encoder_layers=1, decoder_layers=1, positions="none"),
        Schedule(learning_rate=5e-3),
    ),
    "stack_rnn": Configuration(
        Architecture("stack_rnn", positions="none"), Schedule(learning_rate=5e-3)
    ),
}
"""What an option left out is."""

_ATTENTION = ("heads", "inner", "positions", "buckets", "places", "indices")
_SHAPE: Mapping[Kind, tuple[str, ...]] = {
    "transformer": ("width", "layers", "encoder_layers", "decoder_layers", "dropout", *_ATTENTION),
    "decoder": ("width", "layers", "dropout", *_ATTENTION),
    "universal": ("width", "layers", "encoder_layers", "decoder_layers", "dropout", *_ATTENTION),
    "lstm": ("width", "layers", "encoder_layers", "decoder_layers", "dropout"),
    "stack_rnn": ("width", "dropout"),
}

_TRANSFORMERS_ONLY = {"precision": "in float32", "compiled": "uncompiled"}
"""Options of the schedule, and how a recurrent network is trained without them."""


def configure(kind: Kind, options: Mapping[str, str]) -> Configuration:
    """The configuration of a kind of network under some options.

    Parameters
    ----------
    kind : Kind
    options : mapping of str to str
        Fields of `Architecture` that the kind has a use for, ``layers`` for all kinds of layer,
        fields of `Schedule`, ``digits`` (least significant first where positions are
        ``place_value``), ``values`` and ``scratchpad``.

    Raises
    ------
    InputError
        If an option is unknown, its value cannot be used, or two do not go together.

    Examples
    --------
    >>> configure("decoder", {"positions": "rotary", "layers": "4"}).architecture.decoder_layers
    4
    """
    readers: dict[str, Callable[[str, str], object]] = {
        **dict.fromkeys(_SHAPE[kind], _count),
        **{f.name: _reader(f.type) for f in fields(Schedule)},
        "digits": _one_of(DIGIT_ORDERS),
        "values": _one_of(get_args(Values)),
        "scratchpad": _one_of(get_args(Answer)),
        "dropout": _amount,
    }
    if "positions" in readers:
        readers["positions"] = _one_of(SCHEMES)
    elif "positions" in options:
        raise InputError(
            f"learner {kind}: positions={options['positions']!r} cannot be used, a recurrent "
            "network reads in order and has no position scheme; leave it out"
        )
    for name, reason in _TRANSFORMERS_ONLY.items():
        if kind in ("lstm", "stack_rnn") and name in options:
            raise InputError(
                f"learner {kind}: {name}={options[name]!r} cannot be used, a recurrent "
                f"network is trained {reason}; leave it out"
            )
    values: dict[str, Any] = {}
    for name, text in options.items():
        if name not in readers:
            raise UnknownNameError(f"{kind} option", name, readers)
        values[name] = readers[name](f"{kind} option {name}", text)
    layers = values.pop("layers", None)
    if layers is not None:
        values = {"encoder_layers": layers, "decoder_layers": layers} | values
    base = DEFAULTS[kind]
    architecture = replace(base.architecture, **_those_of(Architecture, values))
    _check(architecture)
    own: dict[str, Any] = {n: values[n] for n in ("digits", "values", "scratchpad") if n in values}
    if architecture.positions == "place_value":
        # Only then is a place a power of ten, in results as in arguments.
        own = {"digits": "least_first"} | own
    schedule = replace(base.schedule, **_those_of(Schedule, values))
    return replace(base, architecture=architecture, schedule=schedule, **own)


def _those_of(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f.name: values[f.name] for f in fields(kind) if f.name in values}


def _check(a: Architecture) -> None:
    """Refuse shapes that cannot be built."""
    if a.kind in ("lstm", "stack_rnn"):
        if a.width % 2:
            raise InputError(f"width={a.width} must be even: a direction has half of it")
        return
    if a.width % a.heads:
        raise InputError(f"width={a.width} must be a multiple of heads={a.heads}")
    if a.positions == "relative" and a.buckets < 4:
        raise InputError(f"buckets={a.buckets} must be 4 or more: two directions, near and far")
    if a.positions == "rotary" and a.width // a.heads % 2:
        raise InputError(
            f"positions='rotary' turns pairs of numbers: width={a.width} over heads={a.heads} must "
            "be even"
        )
    if a.positions in ("sinusoidal", "randomized") and a.width % 2:
        raise InputError(f"positions={a.positions!r} needs an even width, not width={a.width}")
    if a.positions == "alibi" and a.heads == 1 and a.kind != "decoder":
        raise InputError(
            "positions='alibi' needs heads=2 or more: half of an encoder's heads read backwards, "
            "the others forwards"
        )


def _reader(kind: object) -> Callable[[str, str], object]:
    choices = get_args(kind)
    if choices:
        return _one_of(choices)
    return _count if kind is int else _amount


def _count(name: str, text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise InputError(f"{name}={text!r} must be a whole number from 1 up")
    return int(text)


def _amount(name: str, text: str) -> float:
    try:
        amount = float(text)
    except ValueError:
        amount = math.nan
    if not 0 <= amount < math.inf:
        raise InputError(f"{name}={text!r} must be a number from 0 up")
    return amount


def _one_of(choices: tuple[str, ...]) -> Callable[[str, str], str]:
    def chosen(name: str, text: str) -> str:
        if text not in choices:
            raise InputError(f"{name}={text!r} must be one of {', '.join(choices)}")
        return text

    return chosen
