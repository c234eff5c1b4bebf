"""Sorting kernels sort every input, ties too, and are as short as is known to be possible."""

import ctypes
import itertools
import json
import shutil
import subprocess
from pathlib import Path

import pytest
from click.testing import CliRunner

from dlcompare.compare.cli.sorting_kernels import command
from dlcompare.synthesis.sorting_kernels import tables as kernel_listing
from dlcompare.synthesis.sorting_kernels.assembly import (
    assembly,
    c_source,
    nanoseconds,
    why_not_timed,
)
from dlcompare.synthesis.sorting_kernels.straight_line import (
    Kernel,
    execute,
    smallest_kernel,
    sorts_all,
)
from dlcompare.tasks.errors import InputError

LENGTHS = {2: 4, 3: 11, 4: 20}


@pytest.fixture(scope="module", params=sorted(LENGTHS))
def kernel(request: pytest.FixtureRequest) -> Kernel:
    return smallest_kernel(request.param)


def test_kernels_have_the_published_lengths(kernel: Kernel) -> None:
    assert len(kernel.instructions) == LENGTHS[kernel.values]


def test_kernels_sort_every_input_with_duplicates(kernel: Kernel) -> None:
    for values in itertools.product(range(kernel.values + 1), repeat=kernel.values):
        for scratch in (-7, 0, 2, 99):
            assert execute(kernel, values, scratch) == sorted(values)


@pytest.mark.parametrize("values", [2, 3])
def test_a_shortest_kernel_is_proved_by_exhaustion(values: int) -> None:
    kernel = smallest_kernel(values, prove=True)
    assert kernel.minimal
    assert kernel.exhausted == LENGTHS[values] - 1


def test_an_unproved_kernel_does_not_claim_to_be_minimal(kernel: Kernel) -> None:
    assert not kernel.minimal


def test_a_kernel_cut_short_does_not_pass_the_check(kernel: Kernel) -> None:
    assert sorts_all(kernel)
    assert not sorts_all(Kernel(kernel.values, kernel.instructions[:-1]))


@pytest.mark.skipif(shutil.which("cc") is None, reason="there is no C compiler (cc)")
@pytest.mark.parametrize("language", ["c", "assembly"])
def test_printed_code_sorts_too(kernel: Kernel, language: str, tmp_path: Path) -> None:
    reason = why_not_timed()
    if language == "assembly" and reason is not None:
        pytest.skip(reason)
    source = tmp_path / ("kernel.c" if language == "c" else "kernel.s")
    text = c_source(kernel, "sort") if language == "c" else assembly(kernel, "sort")
    note = "" if language == "c" else '\n.section .note.GNU-stack,"",@progbits'
    source.write_text(f"{text}{note}\n", encoding="utf-8")
    library = tmp_path / "kernel.so"
    subprocess.run(["cc", "-shared", "-fPIC", str(source), "-o", str(library)], check=True)
    compiled = ctypes.CDLL(str(library))
    for values in itertools.product(range(kernel.values + 1), repeat=kernel.values):
        cells = (ctypes.c_int * kernel.values)(*values)
        compiled.sort(cells)
        assert list(cells) == sorted(values)


def test_compiled_kernels_are_timed_beside_the_naive_network() -> None:
    if (reason := why_not_timed()) is not None:
        pytest.skip(reason)
    times = nanoseconds(3, {"kernel": smallest_kernel(3)})
    assert list(times) == ["kernel", "naive network in C"]
    assert all(0 < nanosecond < 1000 for nanosecond in times.values())


@pytest.mark.parametrize("values", [1, 5])
def test_a_size_that_is_not_searched_is_a_sentence(values: int) -> None:
    with pytest.raises(InputError, match=rf"values={values} must be one of \[2, 3, 4\]"):
        smallest_kernel(values)


def test_the_command_shows_networks_and_kernels(monkeypatch: pytest.MonkeyPatch) -> None:
    found = kernel_listing.listing()  # made once, and printed in two forms
    monkeypatch.setattr(kernel_listing, "listing", lambda: found)
    done = CliRunner().invoke(command, ["--json"])
    shown = json.loads(done.stdout)
    assert [(each["n"], each["size"]) for each in shown["networks"]] == [
        (2, 1), (3, 3), (4, 5), (5, 9), (6, 12)
    ]  # fmt: skip
    assert all(each["minimal"] for each in shown["networks"])
    assert [(each["n"], each["length"]) for each in shown["kernels"]] == [(3, 11), (4, 20)]
    assert all(each["sorts"] for each in shown["kernels"])
    printed = CliRunner().invoke(command, []).stdout
    assert "cmovg" in printed
    assert "1-2" in printed
