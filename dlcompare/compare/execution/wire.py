"""Encode and validate the messages of a process that runs foreign code, as data.

A process that runs a learner may write anything into its sockets. Nothing that it sends is
unpickled: a message is JSON, ``[kind, fields]``, and becomes an object only if the reader expects
that kind there and every field has its declared type. JSON has no tuples, and its numbers lose
their last digits in some readers, so that values are written as follows:

==============================  ================================================
value                           JSON
==============================  ================================================
None, bool, str, finite float   itself
int                             itself within 64 bits, else ``{"$int": "-0x1f"}``
list                            an array
tuple                           ``{"$tuple": [...]}``
`Unfinished`                    ``{"$unfinished": [...]}``
mapping, other dataclass        an object; no key begins with ``$``
==============================  ================================================
"""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import msgspec

from dlcompare.tasks.problem import Unfinished

__all__ = ["GarbledError", "decode", "encode"]

_WIDE = 2**63
_HALF_A_CHARACTER = re.compile(rb"(?<!\\)(?:\\\\)*\\u[dD][89a-fA-F]")
_SHOWN = 200


class GarbledError(ValueError):
    """Raised when a process sends something that it must not; the message says what."""


def encode(message: Any) -> bytes:
    """Encode a message, a dataclass, as JSON.

    Parameters
    ----------
    message : dataclass
        Its fields are made of the values in the table of this module.

    Raises
    ------
    TypeError
        If something in it is none of these values.
    ValueError
        If it has a number that is not finite, half a character of a text (a lone surrogate), or a
        key that begins with ``$``.

    Examples
    --------
    >>> from dlcompare.tasks.cost import Cost
    >>> encode(Cost(3, 0, 0))
    b'["Cost",{"candidates":3,"gradient_steps":0,"tuning_trials":0}]'
    """
    content = [type(message).__name__, _fields(message)]
    text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    return text.encode()


def decode(body: bytes, kinds: Iterable[type]) -> Any:
    """Decode the body of a message.

    Parameters
    ----------
    body : bytes
    kinds : iterable of type
        The dataclasses that may arrive.

    Raises
    ------
    GarbledError
        If the body is not one of these, made by `encode`.

    Examples
    --------
    >>> from dlcompare.tasks.cost import Cost
    >>> decode(encode(Cost(3)), [Cost])
    Cost(candidates=3, gradient_steps=0, tuning_trials=0)
    >>> decode(b'["Cost",{"candidates":"many"}]', [Cost])
    Traceback (most recent call last):
        ...
    dlcompare.compare.execution.wire.GarbledError: a Cost that is none: Expected `int`, ...
    """
    try:
        # `encode` writes a character as itself; only half a one needs this escape.
        if _HALF_A_CHARACTER.search(body):
            raise GarbledError("a text with half a character")
        content = json.loads(
            body.decode(), object_hook=_object, parse_constant=_refuse, parse_float=_finite
        )
    except GarbledError:
        raise
    except (ValueError, TypeError, RecursionError) as error:
        raise GarbledError(f"no message: {str(error)[:_SHOWN]}") from None
    known = {kind.__name__: kind for kind in kinds}
    match content:
        case [str(kind), dict(its)] if kind in known:
            try:
                return msgspec.convert(its, known[kind])
            except (msgspec.ValidationError, RecursionError) as error:
                raise GarbledError(f"a {kind} that is none: {str(error)[:_SHOWN]}") from None
        case [str(kind), *_]:
            raise GarbledError(f"a message {kind[:_SHOWN]!r}, which is not expected here")
        case _:
            raise GarbledError("JSON that is no message")


def _fields(message: Any) -> dict[str, Any]:
    return {each.name: _plain(getattr(message, each.name)) for each in fields(message)}


def _plain(value: Any) -> Any:
    """Return a value as JSON."""
    if value is None or isinstance(value, bool | str | float):
        return value
    if isinstance(value, int):
        return int(value) if -_WIDE <= value < _WIDE else {"$int": hex(value)}
    if isinstance(value, list):
        return [_plain(each) for each in value]
    if isinstance(value, tuple):
        return {"$tuple": [_plain(each) for each in value]}
    if isinstance(value, Unfinished):
        return {"$unfinished": [_plain(each) for each in value.elements]}
    if isinstance(value, Mapping):
        for key in value:
            if not isinstance(key, str) or key.startswith("$"):
                raise ValueError(f"the key {key!r} must be a text that does not begin with $")
        return {key: _plain(each) for key, each in value.items()}
    if is_dataclass(value):
        return _fields(value)
    raise TypeError(f"{value!r} of type {type(value).__name__} cannot be sent")


def _object(its: dict[str, Any]) -> Any:
    """Return the value that a JSON object stands for."""
    match its:
        case {"$int": str(digits)} if len(its) == 1:
            return int(digits, 16)
        case {"$tuple": list(elements)} if len(its) == 1:
            return tuple(elements)
        case {"$unfinished": list(elements)} if len(its) == 1:
            return Unfinished(elements)
    if any(key.startswith("$") for key in its):
        raise GarbledError(f"an object with the keys {', '.join(its)[:_SHOWN]}")
    return its


def _refuse(constant: str) -> Any:
    raise GarbledError(f"the number {constant}")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise GarbledError("a number beyond all numbers")
    return number
