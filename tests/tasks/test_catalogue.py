"""The catalogue: every task in order, no two alike, the published ones as published."""

from collections import Counter
from dataclasses import replace
from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare.tasks.catalog import graphs, languages, scan
from dlcompare.tasks.contract import faults
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.splits import SUPPLY, canonical, draw_tests, draw_training

TASKS = catalogue()
HERE = [name for name, each in TASKS.items() if not each.missing]
RELABELLED = {"noisy", "scan"}
"""Families in which the function is one and the distribution or the labels differ."""


@pytest.mark.parametrize("name", HERE)
def test_every_task_meets_the_contract(name):
    assert faults(TASKS[name]) == []


def test_there_are_at_least_sixty_functions_in_every_family_the_field_knows():
    own = [each for each in TASKS.values() if each.family not in RELABELLED]
    assert len(own) >= 60
    assert {each.family for each in TASKS.values()} == {
        "arithmetic", "graphs", "hackers_delight", "languages", "lists", "navigation", "noisy",
        "perception", "physics", "scan", "sorting", "spec_to_code", "stories", "strings",
    }  # fmt: skip


@pytest.mark.parametrize("name", [n for n in TASKS if n != "scan_simple"])
def test_every_task_but_the_simple_split_goes_beyond_its_training(name):
    assert any(axis.test for axis in TASKS[name].axes)


@cache
def asked(name):
    """Arguments and right answers of a task."""
    examples = draw_tests(TASKS[name], 64, 1).inside
    return [
        (list(row.values()), out)
        for row, out in zip(examples.rows(), examples.outputs, strict=True)
    ]


def agree(first, second):
    """Return whether one task answers the other's test inputs as the other does."""
    try:
        return all(first(*row) == output for row, output in asked(second.name))
    except (ValueError, IndexError, KeyError, ZeroDivisionError, StopIteration):
        return False


def test_tasks_of_one_type_differ_as_functions_but_for_the_published_repetitions():
    by_type = {}
    for name in HERE:
        each = TASKS[name]
        if each.family not in RELABELLED:
            types = tuple(type_ for _, type_ in each.signature.parameters)
            by_type.setdefault((types, each.signature.result), []).append(each)
    alike = {
        frozenset((first.name, second.name))
        for group in by_type.values()
        for first in group
        for second in group
        if first is not second and agree(first, second) and agree(second, first)
    }
    published = {frozenset(("reverse", "reverse_string")), frozenset(("sorting", "bucket_sort"))}
    assert alike <= published


def test_a_trial_s_examples_take_few_draws_and_one_answer_each():
    for each in {TASKS[name].family: TASKS[name] for name in HERE}.values():
        calls = Counter()

        def counted(what, function, calls=calls):
            def call(*args, **kwargs):
                calls[what] += 1
                return function(*args, **kwargs)

            return call

        watched = replace(
            each,
            sampler=counted("draws", each.sampler),
            function=counted("answers", each.function),
        )
        tests = draw_tests(watched, 256, 32)
        training = draw_training(watched, 512, 0, tests.reserved)
        examples = len(tests.reserved) + len(training)
        wrong_labels = 2 * each.noise * len(training)
        assert examples <= calls["answers"] <= examples + 2 * wrong_labels, each.name
        assert calls["draws"] <= 8 * (SUPPLY * len(tests.reserved) + len(training)), each.name


def test_what_is_withheld_is_said_in_the_description():
    silent = [n for n, t in TASKS.items() if t.without and "ithheld" not in t.description]
    assert silent == []


def test_scan_has_the_published_commands_and_splits():
    commands = scan.commands()
    assert len(set(commands)) == len(commands) == 20_910
    sizes = Counter(region for command in commands for region in scan.regions(command))
    assert sizes == {"length": 3_920, "add_jump": 7_706, "around_right": 5_685}
    actions = [len(scan.carry_out(list(command))) for command in commands]
    assert max(actions) == 48
    assert not {23} & set(actions)
    text = {" ".join(c): " ".join(scan.carry_out(list(c))) for c in commands}
    assert text["jump opposite left after walk around left"] == (
        "LTURN WALK LTURN WALK LTURN WALK LTURN WALK LTURN LTURN JUMP"
    )


def test_jump_is_learned_early_and_never_tested():
    each = TASKS["scan_add_jump"]
    tests = draw_tests(each, 64, 16)
    jump = canonical({"command": ["jump"]})
    assert jump not in tests.reserved
    for seed in range(3):
        rows = list(draw_training(each, 16, seed, tests.reserved).rows())
        assert {"command": ["jump"]} in rows
        assert sum("jump" in row["command"] for row in rows) == 1


@given(st.integers(1, 60), st.integers(0, 2**32), st.sampled_from(["+-", "+-*"]))
def test_bracketed_expressions_have_their_length_and_python_s_value(length, seed, operators):
    text = languages.bracketed(np.random.default_rng(seed), length, operators)
    assert len(text) == length
    assert languages.value(text) == eval(text) % 5


@given(st.lists(st.sampled_from("01234+-*"), min_size=0, max_size=20), st.integers(0, 4))
def test_sums_of_products_have_python_s_value(symbols, first):
    text = str(first)
    for operator, digit in zip(symbols[::2], symbols[1::2], strict=False):
        if operator in "+-*" and digit in "01234":
            text += operator + digit
    assert TASKS["modular_arithmetic"](text) == eval(text) % 5


@pytest.mark.parametrize("name", [n for n in TASKS if TASKS[n].family == "languages"])
def test_languages_have_the_published_lengths(name):
    (axis,) = TASKS[name].axes
    assert axis.name == "length"
    assert max(axis.train) <= 40 < min(axis.test)
    assert max(axis.test) >= 500
    rng = np.random.default_rng(0)
    for length in (axis.train[-1], *axis.test):
        assert sum(map(len, TASKS[name].draw(rng, {"length": length}).values())) == length


def test_there_are_fifteen_languages():
    assert sum(each.family == "languages" for each in TASKS.values()) == 15


@settings(deadline=None)
@given(st.integers(2, 40), st.floats(0, 8), st.integers(0, 2**32))
def test_graphs_have_the_nodes_and_the_mean_degree_asked_for(nodes, degree, seed):
    rng = np.random.default_rng(seed)
    drawn, edges = graphs.drawn(rng, {"nodes": nodes, "degree": degree}, 2.0)
    assert drawn == nodes
    assert all(0 <= a < b < nodes for a, b in edges)
    assert len(set(edges)) == len(edges)
    assert len(edges) == min(nodes * (nodes - 1) // 2, round(nodes * degree / 2))


def test_any_order_along_the_edges_is_right():
    each = TASKS["topological_order"]
    inputs = {"nodes": 3, "edges": [(0, 2)]}
    verdicts = {
        order: each.right(inputs, list(order), each.answer(inputs))
        for order in [(0, 1, 2), (0, 2, 1), (1, 0, 2), (2, 0, 1), (0, 2), (0, 0, 2)]
    }
    assert [order for order, right in verdicts.items() if right] == [
        (0, 1, 2),
        (0, 2, 1),
        (1, 0, 2),
    ]


def test_answers_are_balanced_where_they_are_yes_or_no():
    for name in HERE:
        each = TASKS[name]
        if each.signature.result.name == "bool":
            share = np.mean(draw_tests(each, 256, 1).inside.outputs)
            assert 0.1 < share < 0.9, name


def test_digits_are_listed_with_the_install_line_where_the_extra_is_missing(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    each = TASKS["digits"]
    assert "pip install 'dlcompare[perception]'" in str(each.missing)
    assert faults(each) == [each.missing]
    with pytest.raises(InputError, match="install it with"):
        draw_tests(each, 8, 8)
    assert TASKS["sorting"].missing is None
