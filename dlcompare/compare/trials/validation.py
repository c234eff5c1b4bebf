"""Read JSON from a run's folder as data: each value has its declared type, in range and finite.

A folder may be damaged, or made to harm its reader. What is read here is
plain values and dataclasses of plain values; nothing in it names code.
"""

import json
import math
from typing import Annotated, Any, NoReturn, TypeVar

import msgspec

__all__ = ["Amount", "Count", "Number", "Share", "convert", "parse"]

Count = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]
"""A count, in bytes or otherwise."""

Number = Annotated[int, msgspec.Meta(ge=1, le=2**63 - 1)]
"""A count of at least one."""

Amount = Annotated[float, msgspec.Meta(ge=0)]
"""Seconds, or another measure."""

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
"""A part of a whole."""

T = TypeVar("T")

_LONGEST = 20  # characters of an integer of 64 bits
_SHOWN = 200


def parse(text: bytes) -> Any:
    """Parse a JSON text.

    Raises
    ------
    ValueError
        If the text is not JSON, is nested too deeply, or has a non-finite number or an integer of
        more than 64 bits.

    Examples
    --------
    >>> parse(b'{"n": [4, 0.5]}')
    {'n': [4, 0.5]}
    >>> parse(b"[1e999]")
    Traceback (most recent call last):
        ...
    ValueError: 1e999 is no finite number
    """
    try:
        return json.loads(
            text.decode(), parse_constant=_refuse, parse_float=_finite, parse_int=_integer
        )
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def convert(values: Any, type_: type[T]) -> T:
    """Convert a JSON value to a type: a dataclass, a ``TypedDict``, a list of these.

    Raises
    ------
    ValueError
        If something is missing, of another type or out of its range; the message says what.

    Examples
    --------
    >>> convert(3, float)
    3.0
    >>> convert(1.5, Share)
    Traceback (most recent call last):
        ...
    ValueError: Expected `float` <= 1.0
    """
    try:
        return msgspec.convert(values, type_)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(str(error)[:_SHOWN]) from None


def _refuse(text: str) -> NoReturn:
    raise ValueError(f"{text} is no finite number")


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _refuse(text[:_LONGEST])


def _integer(text: str) -> int:
    if len(text) > _LONGEST:
        raise ValueError(f"the integer {text[:_LONGEST]}… has {len(text)} digits")
    return int(text)
