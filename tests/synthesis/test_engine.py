"""The compile cache: what is missing or was edited is compiled anew, the rest is not."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import dlcompare

FIVE = """
import numpy as np
from ctypes import CFUNCTYPE, c_int64, c_void_p
from dlcompare.synthesis.bank.language import language_of
from dlcompare.synthesis.compiled.packing import CONTEXT
from dlcompare.tasks.types import INT

language = language_of([INT])
context = np.zeros(len(CONTEXT), np.int64)
five, out = np.array([5], np.int32), np.zeros(1, np.int32)
word, address = c_int64, c_void_p
kinds = [word, word, word, address, address, address, word, address, address]
place = five.ctypes.data
(op,) = language.named("increment")
number = language.operations[op].number
evaluate = CFUNCTYPE(word, *kinds)(int(language.evaluate[number]))
evaluate(number, 1, 9, place, place, place, -1, context.ctypes.data, out.ctypes.data)
print(out[0])
"""
FEW = """
FAMILIES = {"base": (*integers.FAMILY[:4], *booleans.FAMILY[:1], *functions.FAMILY[:3])}
"""
"""A language small enough to be compiled in seconds."""


@pytest.mark.slow
def test_what_is_missing_or_was_edited_is_compiled_anew(tmp_path):
    package = tmp_path / "dlcompare"
    shutil.copytree(
        Path(dlcompare.__file__).parent, package, ignore=shutil.ignore_patterns("__pycache__")
    )
    primitives = package / "synthesis" / "dsl" / "primitives"
    with (primitives / "__init__.py").open("a") as file:
        file.write(FEW)
    environment = {
        **os.environ,
        "PYTHONPATH": str(tmp_path),
        "DLCOMPARE_CACHE": str(tmp_path / "cache"),
    }

    def increment_of_five():
        run = subprocess.run(
            [sys.executable, "-c", FIVE],
            env=environment,
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        return int(run.stdout)

    def compiled():
        return set((tmp_path / "cache").rglob("*.nbc"))

    assert increment_of_five() == 6
    before = compiled()
    assert before
    assert increment_of_five() == 6
    assert compiled() == before
    part = [each for each in before if "tabulate-" in each.name]
    assert 0 < len(part) < len(before)
    for each in part:  # as an interrupted first use leaves it
        each.unlink()
    assert increment_of_five() == 6
    assert len(compiled()) == len(before)
    before = compiled()
    file = primitives / "integers.py"
    source = file.read_text()
    assert source.count("return a + 1") == 1
    file.write_text(source.replace("return a + 1", "return a + 2"))
    assert increment_of_five() == 7
    assert compiled() > before
