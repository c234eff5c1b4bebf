"""Turn the options of a learner, as text, into architecture, schedule and encoding."""

import math
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any, get_args

from dlcompare.neural.encoding import DIGIT_ORDERS
from dlcompare.neural.kinds import (
    KINDS,
    SCHEMES,
    VALUES,
    YES_OR_NO,
    Architecture,
    Configuration,
    Schedule,
)
from dlcompare.tasks.errors import InputError, UnknownNameError

__all__ = ["configure"]

_OF_STACKS = {"precision": "in float32", "compiled": "uncompiled"}
"""Options of the schedule for stacks only, and how other networks are trained."""


def configure(name: str, options: Mapping[str, str]) -> Configuration:
    """Return the configuration of a kind of network under some options.

    Parameters
    ----------
    name : str
        A key of `KINDS`.
    options : mapping of str to str
        Fields of `Architecture` that the kind uses, ``layers`` for all kinds of layer,
        fields of `Schedule`, ``digits`` (least significant first where positions are
        ``place_value``), ``values`` and ``scratchpad``.

    Raises
    ------
    InputError
        If an option is unknown, its value cannot be used, or two options conflict.

    Examples
    --------
    >>> configure("decoder", {"positions": "rotary", "layers": "4"}).architecture.decoder_layers
    4
    """
    kind = KINDS[name]
    readers: dict[str, Callable[[str, str], object]] = {
        **dict.fromkeys(kind.options, _count),
        **{f.name: _reader(f.type) for f in fields(Schedule)},
        "digits": _one_of(DIGIT_ORDERS),
        "values": _one_of(VALUES),
        "scratchpad": _one_of(YES_OR_NO),
        "dropout": _amount,
    }
    if "positions" in readers:
        readers["positions"] = _one_of(SCHEMES)
    elif "positions" in options:
        raise InputError(
            f"learner {name}: positions={options['positions']!r} cannot be used, a recurrent "
            "network reads in order and has no position scheme; leave it out"
        )
    for option, reason in _OF_STACKS.items():
        if option in options and not kind.stacks:
            raise InputError(
                f"learner {name}: {option}={options[option]!r} cannot be used, a recurrent "
                f"network is trained {reason}; leave it out"
            )
    values: dict[str, Any] = {}
    for option, text in options.items():
        if option not in readers:
            raise UnknownNameError(f"{name} option", option, readers)
        values[option] = readers[option](f"{name} option {option}", text)
    layers = values.pop("layers", None)
    if layers is not None:
        values = {"encoder_layers": layers, "decoder_layers": layers} | values
    base = kind.defaults
    architecture = replace(base.architecture, **_those_of(Architecture, values))
    _check(architecture)
    own: dict[str, Any] = {n: values[n] for n in ("digits", "values", "scratchpad") if n in values}
    if architecture.positions == "place_value":
        # Only then is a place a power of ten, in results and in arguments.
        own = {"digits": "least_first"} | own
    schedule = replace(base.schedule, **_those_of(Schedule, values))
    return replace(base, architecture=architecture, schedule=schedule, **own)


def _those_of(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    return {f.name: values[f.name] for f in fields(kind) if f.name in values}


def _check(a: Architecture) -> None:
    """Refuse shapes that cannot be built."""
    if "heads" not in KINDS[a.kind].options:
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
