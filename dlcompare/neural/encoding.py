"""Encode values as tokens and back, from their types alone.

A number is its decimal digits, so that a number of any size has an encoding; a string is its
characters; the elements of a list or tuple each end in a separator, and nested ones stand in
brackets. Several arguments are divided by a bar. Everything ends in ``end``::

    sorting(xs=[31, 4])           3 1 , 4 , end
    take(k=2, xs=[7, -10])        2 | 7 , - 1 0 , end
    flatten(rows=[[1], []])       [ 1 , ] [ ] end

Digits and the minus sign are the same tokens in numbers and in strings. A character outside
printable ASCII is written as its code point between two escapes, so every string has an encoding.
If the examples have few distinct numbers and strings, each may be one symbol instead, which needs
no separator; any other value is still spelled. Decoding is the exact inverse: a sequence that is no
value's encoding is no answer, or an unfinished list, never an error.
"""

import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from dlcompare.tasks.problem import ABSTAIN, Examples, Inputs, Signature, Unfinished
from dlcompare.tasks.types import Type, Value

__all__ = [
    "BEGIN",
    "DIGIT_ORDERS",
    "END",
    "MOST_SYMBOLS",
    "PAD",
    "DigitOrder",
    "Encoding",
    "Symbol",
    "symbols_of",
]

DigitOrder = Literal["most_first", "least_first"]
DIGIT_ORDERS: tuple[DigitOrder, ...] = ("most_first", "least_first")
"""The digit of a number that comes first."""

Symbol = tuple[str, int | str]
"""The name of a type, ``"int"`` or ``"str"``, and one of its values."""

MOST_SYMBOLS = 256
"""The most distinct values that may be symbols; if there are more, all are spelled."""

PAD, BEGIN, END, SEPARATOR, BAR, OPEN, CLOSE, TRUE, FALSE, ESCAPE = range(10)
_CONTROL = ("pad", "begin", "end", ",", "|", "[", "]", "true", "false", "escape")
_SIGNED_DIGITS = "0123456789-"
_DIGIT_ZERO = len(_CONTROL)
_MINUS = _DIGIT_ZERO + 10
_PRINTABLE = _SIGNED_DIGITS + "".join(
    chr(c) for c in range(32, 127) if chr(c) not in _SIGNED_DIGITS
)
_BRACKETED = ("list", "tuple")
"""Types whose values are in brackets inside others, even if they have no components."""

_CHUNK = 4_000
"""Decimal digits converted at once; CPython refuses `str` and `int` above 4,300."""


class _MalformedError(Exception):
    """Raised when tokens do not spell a value."""


@dataclass(frozen=True)
class Encoding:
    """The encoding of the values of one signature.

    Attributes
    ----------
    signature : Signature
        Parameter types and result type.
    digits : {"most_first", "least_first"}
        The digit of a number that comes first.
    symbols : tuple of Symbol
        Numbers and strings that are one token each.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, list_of
    >>> encoding = Encoding(Signature("take", (("k", INT), ("xs", list_of(INT))), list_of(INT)))
    >>> tokens = encoding.encode_inputs({"k": 2, "xs": [7, -10]})
    >>> " ".join(encoding.vocabulary[token] for token in tokens)
    '2 | 7 , - 1 0 , end'
    >>> encoding.decode_output(encoding.encode_output([7, -10]))
    [7, -10]
    """

    signature: Signature
    digits: DigitOrder = "most_first"
    symbols: tuple[Symbol, ...] = ()

    @cached_property
    def vocabulary(self) -> tuple[str, ...]:
        """The tokens by index; characters are among them only if a type has strings."""
        return _CONTROL + tuple(self._spelling) + tuple(f"<{v!r}>" for _, v in self.symbols)

    @cached_property
    def first_symbol(self) -> int:
        """The token of the first symbol; all later ones are symbols."""
        return _DIGIT_ZERO + len(self._spelling)

    @cached_property
    def is_digit(self) -> NDArray[np.bool_]:
        """For each token, whether it is a digit (vocabulary,)."""
        return np.array([t.isdecimal() for t in self.vocabulary])

    @cached_property
    def ends_element(self) -> NDArray[np.bool_]:
        """For each token, whether it ends an element (vocabulary,).

        Separators and closing brackets do; so do characters, but a digit only if there are no
        numbers.
        """
        ends = np.zeros(len(self.vocabulary), dtype=bool)
        ends[[SEPARATOR, CLOSE]] = True
        ends[self.first_symbol :] = True
        if self._has("str"):
            ends[_DIGIT_ZERO:] = True
            ends[_DIGIT_ZERO : _MINUS + 1] = not self._has("int")
        return ends

    def encode_inputs(self, inputs: Inputs) -> list[int]:
        """Return the tokens of the arguments, ending in `END`."""
        tokens: list[int] = []
        for position, (name, type_) in enumerate(self.signature.parameters):
            if position:
                tokens.append(BAR)
            tokens += self._tokens(inputs[name], type_)
        return [*tokens, END]

    def encode_output(self, output: Value) -> list[int]:
        """Return the tokens of a result, ending in `END`."""
        return [*self._tokens(output, self.signature.result), END]

    def decode_output(self, tokens: Sequence[int]) -> Value:
        """Return the result that `tokens` spell, up to `END`.

        If they spell none, return `Unfinished` with the elements that they begin with, if the
        result is a list and there are any, else `ABSTAIN`.
        """
        try:
            reader = _TokenReader(tokens, self)
            value = reader.value(self.signature.result)
            reader.take(END)
            # Leading zeros, a negative zero and needless escapes are readable, but no encoding.
            if self.encode_output(value) == list(tokens[: reader.at]):
                return value
        except _MalformedError:
            pass
        return self._begun(tokens) or ABSTAIN

    def _begun(self, tokens: Sequence[int]) -> Unfinished | None:
        """Return the elements of a list that tokens begin with."""
        type_ = self.signature.result
        if type_.name != "list":
            return None
        reader, elements = _TokenReader(tokens, self), []
        with suppress(_MalformedError):
            while True:
                start = reader.at
                element = reader.element(type_.element)
                if list(self._tokens([element], type_)) != list(tokens[start : reader.at]):
                    break
                elements.append(element)
        return Unfinished(elements) if elements else None

    @property
    def _spelling(self) -> str:
        return _PRINTABLE if self._has("str") else _SIGNED_DIGITS

    @cached_property
    def _symbol_tokens(self) -> dict[Symbol, int]:
        return {symbol: self.first_symbol + i for i, symbol in enumerate(self.symbols)}

    def _has(self, name: str) -> bool:
        types = [*(type_ for _, type_ in self.signature.parameters), self.signature.result]
        return any(each.name == name for type_ in types for each in _parts(type_))

    def _tokens(self, value: Value, type_: Type) -> Iterator[int]:
        """Yield the tokens of a value on its own, or of the inside of a bracket."""
        if type_.name in ("int", "str") and (type_.name, value) in self._symbol_tokens:
            yield self._symbol_tokens[type_.name, value]
            return
        match type_.name:
            case "bool":
                yield TRUE if value else FALSE
            case "int":
                yield from self._number(value)
            case "str":
                for character in value:
                    yield from self._character(character)
            case _:
                for element, inner in zip(value, _components(type_, len(value)), strict=True):
                    if inner.name in _BRACKETED:
                        yield OPEN
                        yield from self._tokens(element, inner)
                        yield CLOSE
                    else:
                        tokens = list(self._tokens(element, inner))
                        yield from tokens
                        if tokens[-1:] < [self.first_symbol]:  # a symbol needs no separator
                            yield SEPARATOR

    def _number(self, value: int) -> list[int]:
        digits = _decimal(abs(value))
        ordered = digits if self.digits == "most_first" else digits[::-1]
        return [_MINUS] * (value < 0) + [_DIGIT_ZERO + int(digit) for digit in ordered]

    def _character(self, character: str) -> list[int]:
        if character in self._characters:
            return [self._characters[character]]
        return [ESCAPE, *(_DIGIT_ZERO + int(digit) for digit in str(ord(character))), ESCAPE]

    @cached_property
    def _characters(self) -> dict[str, int]:
        return {character: _DIGIT_ZERO + i for i, character in enumerate(_PRINTABLE)}


class _TokenReader:
    """Reads a value from the front of a sequence of tokens; `at` is the next token."""

    def __init__(self, tokens: Sequence[int], encoding: Encoding) -> None:
        self.tokens = tokens
        self.encoding = encoding
        self.at = 0

    def peek(self) -> int:
        return self.tokens[self.at] if self.at < len(self.tokens) else PAD

    def take(self, *allowed: int) -> int:
        token = self.peek()
        if token not in allowed:
            raise _MalformedError
        self.at += 1
        return token

    def value(self, type_: Type) -> Value:
        if type_.name in ("int", "str") and self.peek() >= self.encoding.first_symbol:
            name, symbol = self.encoding.symbols[self.peek() - self.encoding.first_symbol]
            if name != type_.name:
                raise _MalformedError
            self.at += 1
            return symbol
        match type_.name:
            case "bool":
                return self.take(TRUE, FALSE) == TRUE
            case "int":
                return self.number()
            case "str":
                return "".join(self.characters())
            case "tuple":
                return tuple(self.element(inner) for inner in type_.parameters)
            case _:
                elements = []
                while self.peek() not in (END, CLOSE):
                    elements.append(self.element(type_.element))
                return elements

    def element(self, type_: Type) -> Value:
        if type_.name not in _BRACKETED:
            spelled = self.peek() < self.encoding.first_symbol
            value = self.value(type_)
            if spelled:
                self.take(SEPARATOR)
            return value
        self.take(OPEN)
        value = self.value(type_)
        self.take(CLOSE)
        return value

    def number(self) -> int:
        negative = self.peek() == _MINUS
        self.at += negative
        digits = self.digits()
        magnitude = _integer(digits if self.encoding.digits == "most_first" else digits[::-1])
        return -magnitude if negative else magnitude

    def characters(self) -> Iterator[str]:
        vocabulary = self.encoding.vocabulary
        last = self.encoding.first_symbol
        while (token := self.peek()) == ESCAPE or _DIGIT_ZERO <= token < last:
            self.at += 1
            if token == ESCAPE:
                code = _integer(self.digits())
                self.take(ESCAPE)
                if code > sys.maxunicode:
                    raise _MalformedError
                yield chr(code)
            else:
                yield vocabulary[token]

    def digits(self) -> str:
        start = self.at
        while _DIGIT_ZERO <= self.peek() < _MINUS:
            self.at += 1
        if self.at == start:
            raise _MalformedError
        return "".join(str(token - _DIGIT_ZERO) for token in self.tokens[start : self.at])


def symbols_of(signature: Signature, examples: Examples) -> tuple[Symbol, ...]:
    """Return the distinct numbers and strings of some examples, or none if there are too many.

    Examples
    --------
    >>> from dlcompare.tasks.types import INT, list_of
    >>> signature = Signature("f", (("xs", list_of(INT)),), INT)
    >>> symbols_of(signature, Examples({"xs": ([3, 1], [])}, (3, 2)))
    (('int', 1), ('int', 2), ('int', 3))
    """
    found: set[Symbol] = set()

    def collect(value: Value, type_: Type) -> None:
        if type_.name in _BRACKETED:
            for element, inner in zip(value, _components(type_, len(value)), strict=True):
                collect(element, inner)
        elif type_.name != "bool":
            found.add((type_.name, value))

    for name, type_ in signature.parameters:
        for value in examples.inputs[name]:
            collect(value, type_)
    for output in examples.outputs:
        collect(output, signature.result)
        if len(found) > MOST_SYMBOLS:
            return ()
    return tuple(sorted(found))


def _components(type_: Type, count: int) -> tuple[Type, ...]:
    """Return the types of the elements of a list of `count`, or of a tuple."""
    return type_.parameters if type_.name == "tuple" else (type_.element,) * count


def _parts(type_: Type) -> Iterator[Type]:
    """Yield the type and every type inside it."""
    yield type_
    for parameter in type_.parameters:
        yield from _parts(parameter)


def _decimal(magnitude: int) -> str:
    """Return the decimal digits of a non-negative integer of any size."""
    pieces = []
    while magnitude >= 10**_CHUNK:
        magnitude, low = divmod(magnitude, 10**_CHUNK)
        pieces.append(str(low).zfill(_CHUNK))
    return "".join([str(magnitude), *reversed(pieces)])


def _integer(digits: str) -> int:
    """Return the integer that decimal digits spell, of any size."""
    first = len(digits) % _CHUNK
    value = int(digits[:first] or "0")
    for start in range(first, len(digits), _CHUNK):
        value = value * 10**_CHUNK + int(digits[start : start + _CHUNK])
    return value
