"""Every value has an encoding, and decoding is its exact inverse."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.neural.encoding import (
    DIGIT_ORDERS,
    END,
    MOST_SYMBOLS,
    SEPARATOR,
    DigitOrder,
    Encoding,
    symbols_of,
)
from dlcompare.tasks.problem import ABSTAIN, Examples, Signature, Unfinished
from dlcompare.tasks.types import BOOL, INT, STR, Type, Value, list_of, tuple_of

types = st.recursive(
    st.sampled_from([BOOL, INT, STR]),
    lambda inner: st.one_of(
        inner.map(list_of), st.lists(inner, max_size=3).map(lambda parts: tuple_of(*parts))
    ),
    max_leaves=4,
)


def values(type_: Type) -> st.SearchStrategy[Any]:
    match type_.name:
        case "bool":
            return st.booleans()
        case "int":
            return st.integers() | st.integers(-(10**40), 10**40)
        case "str":
            # The whole of Unicode, lone surrogates included.
            return st.text(st.characters(), max_size=8) | st.text("0-9,\\", max_size=4)
        case "list":
            return st.lists(values(type_.element), max_size=4)
        case _:
            return st.tuples(*map(values, type_.parameters))


@given(st.data(), types, st.sampled_from(DIGIT_ORDERS))
def test_every_value_of_every_type_round_trips(
    data: st.DataObject, type_: Type, digits: DigitOrder
) -> None:
    value, seen = data.draw(values(type_)), data.draw(st.lists(values(type_), max_size=3))
    signature = Signature("f", (("x", INT),), type_)
    symbols = symbols_of(signature, Examples({"x": (7,) * len(seen)}, tuple(seen)))
    encoding = Encoding(signature, digits, symbols)
    tokens = encoding.encode_output(value)
    decoded = encoding.decode_output(tokens)
    assert decoded == value
    assert type(decoded) is type(value)
    assert max(tokens) < len(encoding.vocabulary)


@given(st.data(), st.lists(types, min_size=1, max_size=3))
def test_different_arguments_have_different_tokens(
    data: st.DataObject, parameters: list[Type]
) -> None:
    named = tuple((f"x{i}", type_) for i, type_ in enumerate(parameters))
    encoding = Encoding(Signature("f", named, INT))
    rows = st.fixed_dictionaries({name: values(type_) for name, type_ in named})
    one, other = data.draw(rows), data.draw(rows)
    assert (encoding.encode_inputs(one) == encoding.encode_inputs(other)) == (one == other)


def test_a_list_of_empty_tuples_is_read_to_its_end() -> None:
    signature = Signature("f", (("x", INT),), list_of(tuple_of()))
    seen: list[Value] = [[], [()], [(), (), ()]]
    for symbols in ((), symbols_of(signature, Examples({"x": (7, 7, 7)}, tuple(seen)))):
        encoding = Encoding(signature, symbols=symbols)
        for value in seen:
            assert encoding.decode_output(encoding.encode_output(value)) == value
        for token in range(len(encoding.vocabulary)):
            encoding.decode_output([token, token])


@given(st.data(), types)
def test_tokens_that_spell_no_value_are_abstentions(data: st.DataObject, type_: Type) -> None:
    seen = data.draw(st.lists(values(type_), max_size=3))
    signature = Signature("f", (("x", INT),), type_)
    symbols = symbols_of(signature, Examples({"x": (7,) * len(seen)}, tuple(seen)))
    encoding = Encoding(signature, symbols=symbols)
    token = st.integers(0, len(encoding.vocabulary) - 1)
    tokens = data.draw(st.lists(token, max_size=12))
    value = encoding.decode_output(tokens)
    if value is not ABSTAIN and not isinstance(value, Unfinished):
        spelled = encoding.encode_output(value)
        assert tokens[: len(spelled)] == spelled


@given(st.data(), types)
@settings(max_examples=50)
def test_a_sequence_cut_before_its_end_is_unfinished(data: st.DataObject, type_: Type) -> None:
    encoding = Encoding(Signature("f", (("x", INT),), type_))
    value = data.draw(values(type_))
    begun = encoding.decode_output(encoding.encode_output(value)[:-1])
    assert begun == (Unfinished(value) if type_.name == "list" and value else ABSTAIN)


@given(st.data(), types.map(list_of))
def test_the_whole_elements_that_come_first_are_read(data: st.DataObject, type_: Type) -> None:
    encoding = Encoding(Signature("f", (("x", INT),), type_))
    value = data.draw(values(type_))
    tokens = encoding.encode_output(value)
    begun = encoding.decode_output(tokens[: data.draw(st.integers(0, len(tokens) - 1))])
    if begun is not ABSTAIN:
        assert begun.elements
        assert begun.elements == value[: len(begun.elements)]


def test_an_answer_that_goes_wrong_keeps_what_was_written_before() -> None:
    encoding = Encoding(Signature("f", (("x", INT),), list_of(INT)))
    five, eight = encoding.encode_output([5])[:-1], encoding.encode_output([8])[:-1]
    broken = [*five, *eight, SEPARATOR, *five, END]
    assert encoding.decode_output(broken) == Unfinished([5, 8])
    leading_zero = [*eight, encoding.encode_output([0])[0], *five, END]
    assert encoding.decode_output(leading_zero) == Unfinished([8])


@pytest.mark.parametrize("digits", DIGIT_ORDERS)
def test_integers_beyond_the_conversion_limit_of_python_round_trip(digits: DigitOrder) -> None:
    encoding = Encoding(Signature("f", (("x", INT),), INT), digits)
    for value in (10**4_000, -(10**8_000) + 1, 7**20_000):
        assert encoding.decode_output(encoding.encode_output(value)) == value


def test_seen_values_are_one_symbol_each_and_others_are_spelled() -> None:
    signature = Signature("f", (("words", list_of(STR)), ("k", INT)), list_of(STR))
    examples = Examples({"words": (["go", "on"], ["2"]), "k": (2, 3)}, (["on"], []))
    encoding = Encoding(signature, symbols=symbols_of(signature, examples))
    tokens = encoding.encode_inputs({"words": ["on", "no", "go"], "k": 2})
    assert " ".join(encoding.vocabulary[t] for t in tokens) == "<'on'> n o , <'go'> | <2> end"


def test_too_many_distinct_values_are_spelled() -> None:
    signature = Signature("f", (("x", INT),), INT)
    many = tuple(range(MOST_SYMBOLS + 1))
    assert len(symbols_of(signature, Examples({"x": many[1:]}, many[1:]))) == MOST_SYMBOLS
    assert symbols_of(signature, Examples({"x": many}, many)) == ()


def test_the_order_of_digits_is_as_asked() -> None:
    signature = Signature("f", (("x", INT),), INT)
    for digits, spelled in (("most_first", "- 1 2 0 end"), ("least_first", "- 0 2 1 end")):
        encoding = Encoding(signature, digits)
        tokens = encoding.encode_output(-120)
        assert " ".join(encoding.vocabulary[token] for token in tokens) == spelled
