"""Damaged, foreign and unwritable caches of compiled code: compiled anew, and never an error."""

import os
import pickle
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.compare.cli.diagnosis import diagnose
from dlcompare.synthesis.compiled.compile_cache import CacheFile
from dlcompare.synthesis.compiled.engine import cache_location

KEY, DATA = (("int64",), ("x86", "cpu"), "hash"), ("code", b"\x00" * 64, {"a": 1})


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("cache")


def test_what_is_saved_is_loaded_and_nothing_else(folder):
    cache = CacheFile(str(folder), "f-1.py311", None)
    assert cache.load(KEY) is None
    cache.save(KEY, DATA)
    assert cache.load(KEY) == DATA
    assert cache.load(("other",)) is None
    assert CacheFile(str(folder), "g-1.py311", None).load(KEY) is None


@given(st.data())
def test_whatever_happens_to_a_file_its_entry_is_right_or_missing(folder, data):
    cache = CacheFile(str(folder), "damaged", None)
    cache.save(KEY, DATA)
    (file,) = folder.glob("damaged.*.nbc")
    content = file.read_bytes()
    place = data.draw(st.integers(0, len(content)))
    other = data.draw(st.binary(max_size=40))
    file.write_bytes(
        data.draw(
            st.sampled_from(
                [content[:place], content[:place] + other + content[place + 1 :], other, b""]
            )
        )
    )
    assert cache.load(KEY) in (None, DATA)
    cache.save(KEY, DATA)
    assert cache.load(KEY) == DATA


def test_an_entry_under_the_name_of_another_is_missing(folder):
    cache = CacheFile(str(folder), "swapped", None)
    cache.save("one", 1)
    (first,) = folder.glob("swapped.*.nbc")
    cache.save("two", 2)
    (second,) = set(folder.glob("swapped.*.nbc")) - {first}
    second.write_bytes(first.read_bytes())
    assert (cache.load("one"), cache.load("two")) == (1, None)


def test_a_folder_that_takes_no_file_is_no_error(tmp_path):
    gone = tmp_path / "gone"
    CacheFile(str(gone), "f", None).save(KEY, DATA)
    assert CacheFile(str(gone), "f", None).load(KEY) is None


COMPILE = """
import sys, importlib.util
from dlcompare.synthesis.compiled import engine
spec = importlib.util.spec_from_file_location("tiny", sys.argv[1])
module = importlib.util.module_from_spec(spec)
sys.modules["tiny"] = module
with engine._cache_in("tiny"):
    spec.loader.exec_module(module)
print(module.double(21))
print(engine._cache_folder())
"""
TINY = "from numba import njit\n@njit(cache=True)\ndef double(n):\n    return 2 * n\n"


def compiled(source, cache):
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, source],
        env={**os.environ, "DLCOMPARE_CACHE": str(cache)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    result, folder = done.stdout.splitlines()
    assert result == "42"
    return Path(folder)


def test_numba_heals_files_that_are_cut_short_and_goes_without_a_folder(tmp_path):
    source = tmp_path / "tiny.py"
    source.write_text(TINY)
    folder = compiled(source, tmp_path / "cache")
    (file,) = folder.rglob("*.nbc")
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) // 2])
    assert compiled(source, tmp_path / "cache") == folder
    assert len(file.read_bytes()) == len(whole)
    file.write_bytes(pickle.dumps("another numba's"))
    compiled(source, tmp_path / "cache")
    assert len(file.read_bytes()) == len(whole)
    # Neither a file in the place of the folder nor one in that of a part of it is in the way.
    blocked = tmp_path / "blocked"
    blocked.write_text("")
    elsewhere = compiled(source, blocked)
    assert not elsewhere.exists()  # it is removed at the end
    assert blocked.read_text() == ""


def test_processes_that_compile_at_a_time_do_not_disturb_each_other(tmp_path):
    source = tmp_path / "tiny.py"
    source.write_text(TINY)
    environment = {**os.environ, "DLCOMPARE_CACHE": str(tmp_path / "cache")}
    words = [sys.executable, "-c", COMPILE, str(source)]
    started = [
        subprocess.Popen(words, env=environment, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    assert [each.communicate()[0].splitlines()[0] for each in started] == ["42"] * 3
    assert [each.returncode for each in started] == [0, 0, 0]


def test_doctor_names_the_folder_that_kernels_are_kept_in():
    assert str(cache_location()) in diagnose()["caches"]["compiled kernels"]
