"""Symbolic execution agrees with CPython, on functions as people write them.

Each function is executed twice. On inputs that are known, the executor has one outcome, and it is
CPython's value or exception. On inputs of which only the shape is known, exactly one path holds for
any input of that shape, and its outcome is CPython's for that input. The alternative to agreeing is
`UnsupportedError` with a line; which functions it may be raised for is listed.
"""

import copy
import inspect
import itertools
import random
import time
from collections.abc import Iterator

import pytest

from dlcompare.synthesis.dsl.limits import OutOfTimeError
from dlcompare.synthesis.proofs.shapes import characters_of, inputs_of
from dlcompare.synthesis.proofs.symbolic.execution import Execution
from dlcompare.synthesis.proofs.symbolic.paths import EMPTY
from dlcompare.synthesis.proofs.symbolic.symbols import (
    And,
    Either,
    IsNegative,
    IsZero,
    Linear,
    Not,
    TruthVariable,
)
from dlcompare.synthesis.proofs.symbolic.values import (
    Raised,
    Sequence,
    Stream,
    UnsupportedError,
    symbolic,
)
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.types import BOOL, INT, STR, list_of, tuple_of
from tests.proofs.as_written import changes, closures, control, iterators, numbers, words

ROUNDS = 6
SHAPES = 16
"""Of a function's inputs that are executed symbolically."""

TYPES = {
    int: INT,
    bool: BOOL,
    str: STR,
    list[int]: list_of(INT),
    list[bool]: list_of(BOOL),
    list[str]: list_of(STR),
    list[list[int]]: list_of(list_of(INT)),
    list[tuple[int, int]]: list_of(tuple_of(INT, INT)),
}


def written():
    """The functions of the data files, with the signatures that their annotations give."""
    for module in (changes, closures, control, iterators, numbers, words):
        for name, function in inspect.getmembers(module, inspect.isfunction):
            if function.__module__ == module.__name__:
                hints = inspect.get_annotations(function)
                hints.pop("return", None)
                parameters = tuple((each, TYPES[hint]) for each, hint in hints.items())
                label = f"{module.__name__.rpartition('.')[2]}.{name}"
                yield label, function, Signature(name, parameters, INT)


def of_the_catalogue():
    """The references and specifications of all tasks; a specification takes the result, too."""
    for name, task in catalogue().items():
        yield f"{name}.reference", task.function, task.signature
        if task.ensures is not None:
            parameters = (*task.signature.parameters, ("result", task.signature.result))
            yield f"{name}.ensures", task.ensures, Signature(name, parameters, BOOL)


FUNCTIONS = {label: (f, s) for label, f, s in itertools.chain(written(), of_the_catalogue())}


# What is symbolic, with numbers put in; without z3, which `test_execution` uses.


def number(value, known):
    if isinstance(value, int):
        return value
    for atom, _ in value.terms:
        if atom not in known:
            known[atom] = atom_in(atom, known)  # once: atoms share their parts
    return value.constant + sum(c * known[atom] for atom, c in value.terms)


def atom_in(atom, known):
    match atom.kind:
        case "variable":
            return known[atom.parts[0]]
        case "choice":
            return number(atom.parts[1 if holds(atom.parts[0], known) else 2], known)
    left, right = (number(part, known) for part in atom.parts)
    if atom.kind == "product":
        return left * right
    if right == 0:
        return 0  # of no consequence: on no path is such a quotient part of the outcome
    return left // right if atom.kind == "quotient" else left % right


def holds(condition, known):
    match condition:
        case bool():
            return condition
        case IsNegative(form):
            return number(form, known) < 0
        case IsZero(form):
            return number(form, known) == 0
        case TruthVariable(name):
            return known[name]
        case Not(inner):
            return not holds(inner, known)
        case And(parts):
            return all(holds(part, known) for part in parts)
        case Either(groups):
            return any(all(holds(part, known) for part in group) for group in groups)


def settled(value, known):
    """The Python value, in a form in which True and 1, or a range and a list, differ."""
    if isinstance(value, Stream):
        ending = value.ending and value.ending.exception
        return "iterator", [settled(each, known) for each in value.items], ending
    if isinstance(value, Sequence):
        if value.kind == "text":
            return "".join(chr(number(code, known)) for code in value.items)
        made = [settled(each, known) for each in value.items]
        return value.kind, sorted(made, key=repr) if value.kind == "set" else made
    if isinstance(value, Linear):
        return int, number(value, known)
    if isinstance(value, And | Either | IsNegative | IsZero | Not | TruthVariable):
        return bool, holds(value, known)
    if isinstance(value, Raised):
        return "raised", value.exception
    return plain(value)


def plain(value):
    """A value of CPython in the same form."""
    if isinstance(value, list | tuple | range):
        return type(value).__name__, [plain(each) for each in value]
    if isinstance(value, set | frozenset):
        return "set", sorted(map(plain, value), key=repr)
    if isinstance(value, Iterator):
        made = []
        try:
            for each in value:
                made.append(plain(each))
        except Exception as error:
            return "iterator", made, type(error).__name__
        return "iterator", made, None
    return value if isinstance(value, str) else (type(value), value)


def by_python(function, arguments):
    try:
        result = function(*copy.deepcopy(arguments))
    except Exception as error:
        return "raised", type(error).__name__
    return plain(result)


def known_inputs(signature, rng):
    """Small inputs, and some at random."""
    for size in (0, 1, 2, 3, 5, 8):
        yield [drawn(type_, size, rng) for _, type_ in signature.parameters]


def drawn(type_, size, rng):
    match type_.name:
        case "int":
            return rng.choice([0, 1, -1, 2, rng.randint(-5, 5), rng.randint(-30, 130)])
        case "bool":
            return rng.random() < 0.5
        case "str":
            return "".join(rng.choices("aab AB1,-z", k=rng.randint(0, size)))
        case "tuple":
            return tuple(drawn(each, size, rng) for each in type_.parameters)
        case "list":
            return [drawn(type_.element, min(size, 3), rng) for _ in range(rng.randint(0, size))]
    raise UnsupportedError(f"line 0: no inputs of {type_} are drawn")


def assigned(value, rng):
    """Numbers for the variables of a symbolic input, small so that they are often equal."""
    if isinstance(value, Sequence):
        code = value.kind == "text"
        for each in value.items:
            if code and isinstance(each, Linear):
                yield each.terms[0][0].parts[0], ord(rng.choice("aab AB1,-z"))
            else:
                yield from assigned(each, rng)
    elif isinstance(value, Linear):
        yield value.terms[0][0].parts[0], rng.choice([0, 1, 2, -1, -2, 3, rng.randint(-9, 9)])
    elif isinstance(value, TruthVariable):
        yield value.name, rng.random() < 0.5


def unsettled(value, known):
    """The Python value of an input."""
    if isinstance(value, Sequence):
        if value.kind == "text":
            return "".join(chr(number(code, known)) for code in value.items)
        made = [unsettled(each, known) for each in value.items]
        return tuple(made) if value.kind == "tuple" else made
    if isinstance(value, str):
        return value
    return holds(value, known) if isinstance(value, TruthVariable) else number(value, known)


def agrees_on_known_inputs(function, signature, rng):
    for arguments in known_inputs(signature, rng):
        run = Execution(200, time.monotonic() + 100)
        outcomes = list(run.call(function, [symbolic(each) for each in arguments], EMPTY))
        assert len(outcomes) + run.cut == 1, arguments
        assert run.ended == len(outcomes)
        for _, value in outcomes:
            assert settled(value, {}) == by_python(function, arguments), arguments


def agrees_on_shapes(function, signature, rng):
    shapes = [shape for length in range(3) for shape in inputs_of(signature, length)]
    for shape in shapes if len(shapes) <= SHAPES else rng.sample(shapes, SHAPES):
        arguments = list(shape.values())
        run = Execution(ROUNDS, time.monotonic() + 0.2)
        try:
            outcomes = list(run.call(function, arguments, characters_of(arguments)))
        except OutOfTimeError:
            continue
        for _ in range(4):
            known = {name: value for each in arguments for name, value in assigned(each, rng)}
            met = [
                value
                for path, value in outcomes
                if all(holds(each, known) for each in path.assumed)
            ]
            inputs = [unsettled(each, known) for each in arguments]
            assert len(met) == 1 or (run.cut and not met), (inputs, len(met))
            for value in met:
                assert settled(value, known) == by_python(function, inputs), inputs


REFUSED = frozenset(
    [
        "closures.factorial",
        "iterators.counted",
        "argsort.reference",
        "binary_addition.ensures",
        "binary_addition.reference",
        "binary_multiplication.ensures",
        "binary_multiplication.reference",
        "catapult.reference",
        "changes.alias_appended",
        "changes.alias_grows",
        "changes.append_returns",
        "changes.argument_sorted",
        "changes.chosen_alias",
        "changes.deleted",
        "changes.extended_by_itself",
        "changes.group_kept",
        "changes.grows_in_callee",
        "changes.grows_through_closure",
        "changes.grows_while_read",
        "changes.held_by_tuple",
        "changes.matrix_set",
        "changes.max_alias",
        "changes.or_alias",
        "changes.popped_within",
        "changes.same_row",
        "changes.same_row_plus",
        "changes.seen_by_closure",
        "changes.set_alias",
        "changes.slice_assigned",
        "changes.swapped",
        "changes.times_in_place",
        "changes.two_at_once",
        "changes.window_sums",
        "closures.bound_again",
        "closures.class_inside",
        "closures.counter",
        "closures.decorated",
        "closures.default_once",
        "closures.even_or_odd",
        "closures.function_in_tuple",
        "closures.helper_before_constant",
        "closures.late_in_comprehension",
        "closures.late_in_loop",
        "closures.local_before",
        "closures.loop_variable_after",
        "closures.named_any",
        "closures.shadowed_list",
        "closures.with_global",
        "compute_sqrt.ensures",
        "compute_sqrt.reference",
        "connected_components.reference",
        "control.deleted_name",
        "control.loop_variable_left",
        "control.matched",
        "control.named_error",
        "control.try_finally",
        "control.walrus_alone",
        "control.walrus_comprehension",
        "control.walrus_if",
        "control.walrus_leaks",
        "control.walrus_while",
        "digit_sum.reference",
        "digits.reference",
        "greatest_common_divisor.reference",
        "has_cycle.ensures",
        "has_cycle.reference",
        "hd01_rightmost_one_off.ensures",
        "hd01_rightmost_one_off.reference",
        "hd02_trailing_ones_off.ensures",
        "hd02_trailing_ones_off.reference",
        "hd03_rightmost_one.ensures",
        "hd03_rightmost_one.reference",
        "hd04_mask_to_rightmost_one.ensures",
        "hd04_mask_to_rightmost_one.reference",
        "hd05_rightmost_one_spread.ensures",
        "hd05_rightmost_one_spread.reference",
        "hd06_rightmost_zero_on.ensures",
        "hd06_rightmost_zero_on.reference",
        "hd07_rightmost_zero.ensures",
        "hd07_rightmost_zero.reference",
        "hd08_mask_trailing_zeros.ensures",
        "hd08_mask_trailing_zeros.reference",
        "hd09_absolute_value.ensures",
        "hd09_absolute_value.reference",
        "hd10_as_many_leading_zeros.ensures",
        "hd10_as_many_leading_zeros.reference",
        "hd11_fewer_leading_zeros.ensures",
        "hd11_fewer_leading_zeros.reference",
        "hd12_no_more_leading_zeros.ensures",
        "hd12_no_more_leading_zeros.reference",
        "hd13_sign.ensures",
        "hd13_sign.reference",
        "hd17_rightmost_run_off.ensures",
        "hd17_rightmost_run_off.reference",
        "hd18_power_of_two.ensures",
        "hd18_power_of_two.reference",
        "hd19_exchange_fields.ensures",
        "hd19_exchange_fields.reference",
        "hd20_next_with_as_many_ones.ensures",
        "hd20_next_with_as_many_ones.reference",
        "how_many_carried.reference",
        "insert_in_order.reference",
        "is_bipartite.reference",
        "is_prime.reference",
        "iterators.contained_then_rest",
        "iterators.counted",
        "iterators.filter_and_rebound",
        "iterators.group_before",
        "iterators.group_alone",
        "iterators.group_beside_rest",
        "iterators.group_by_star",
        "iterators.group_of_most",
        "iterators.group_of_reduction",
        "iterators.group_then_loop",
        "iterators.group_then_rest",
        "iterators.groups_in_order",
        "iterators.groups_unpacked",
        "iterators.group_read_twice",
        "iterators.groups_after_all",
        "iterators.head_by_islice",
        "iterators.in_pairs",
        "iterators.in_pairs_by_star",
        "iterators.index_of_zip",
        "iterators.iterator_through_lambda",
        "iterators.last_group",
        "iterators.lazy_and_rebound",
        "iterators.list_changed_under_generator",
        "iterators.loop_then_rest",
        "iterators.map_and_rebound",
        "iterators.next_in_loop",
        "iterators.read_twice",
        "iterators.read_twice_in_lines",
        "iterators.subsequence",
        "iterators.sum_of_counted",
        "iterators.two_names",
        "minimum_spanning_tree_weight.reference",
        "modular_power.reference",
        "most_frequent.reference",
        "navigate.reference",
        "numbers.bits",
        "numbers.dict_counts",
        "numbers.dict_literal",
        "numbers.dict_missing",
        "numbers.dict_order",
        "numbers.digits_sum",
        "numbers.float_constant",
        "numbers.greatest_divisor_unknown",
        "numbers.largest_of_one",
        "numbers.list_before_tuple",
        "numbers.list_in_set",
        "numbers.list_index_from",
        "numbers.none_ordered",
        "numbers.ordered_types",
        "numbers.power_modulo",
        "numbers.power_unknown",
        "numbers.rounded",
        "numbers.rounded_tens",
        "numbers.set_before",
        "numbers.set_first",
        "numbers.set_loop",
        "numbers.set_order",
        "numbers.set_sorted_key",
        "numbers.shifted",
        "numbers.sorted_mixed",
        "numbers.step_unknown",
        "numbers.sum_without_start",
        "numbers.true_division",
        "ranks.reference",
        "reachable.ensures",
        "reachable.reference",
        "rocket.reference",
        "scan.reference",
        "scan_add_jump.reference",
        "scan_around_right.reference",
        "scan_length.reference",
        "scan_simple.reference",
        "shortest_path_length.reference",
        "spec_to_code.reference",
        "spec_to_code_english_and_examples.reference",
        "spec_to_code_examples.reference",
        "spec_to_code_logic.reference",
        "topological_order.reference",
        "triangles.reference",
        "words.beyond_ascii",
        "words.binary",
        "words.bytes_of",
        "words.counted_from",
        "words.find_from",
        "words.formatted_method",
        "words.formatted_number",
        "words.formatted_percent",
        "words.formatted_repr",
        "words.formatted_width",
        "words.index_from",
        "words.joined_set",
        "words.lines",
        "words.most_common",
        "words.number_in_text",
        "words.other_digits",
        "words.padded",
        "words.plus_number",
        "words.split_right",
        "words.split_space_once",
        "words.starts_from",
        "words.starts_with_any",
        "words.swapped_case",
        "words.text_of_set",
        "words.translated",
        "words.without_prefix",
    ]
)
"""The functions that the executor may call unsupported; of every other it must give the outcome."""


@pytest.mark.parametrize("label", FUNCTIONS)
def test_a_function_means_what_it_means_in_python(label):
    function, signature = FUNCTIONS[label]
    rng = random.Random(label)
    refused = []
    for agrees in (agrees_on_known_inputs, agrees_on_shapes):
        try:
            agrees(function, signature, rng)
        except UnsupportedError as error:
            refused.append(str(error))
    assert all("line " in reason for reason in refused)
    assert not refused or label in REFUSED, refused


def test_most_functions_are_modelled():
    assert len(FUNCTIONS) >= 600
    assert FUNCTIONS.keys() >= REFUSED
    assert len(REFUSED) <= 0.33 * len(FUNCTIONS)
