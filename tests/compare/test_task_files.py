"""Whatever a task file does, the command that reads it answers in one sentence, with the input."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from dlcompare.compare.task_files import process as taskprocess
from dlcompare.compare.task_files.remote import CALL_SECONDS, call_seconds, load
from dlcompare.tasks import registry
from dlcompare.tasks.contract import faults, warnings
from dlcompare.tasks.errors import InputError, UnknownNameError
from dlcompare.tasks.splits import draw_tests, draw_training
from dlcompare.tasks.task import Task

HEAD = "from dlcompare import ints, lists, strings, task\n"
TASK = '''
@task({arguments})
def backwards(xs: list[int]) -> list[int]:
    """Turn a list round.

    backwards([1, 2]) == [2, 1]
    """
    {body}
    return xs[::-1]
'''
SETTINGS = 'train={"length": range(2, 6)}, test={"length": [8, 12]}'
USUAL = f"inputs=lists(ints(0, 99)), {SETTINGS}"

Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a task file: what it does at import, in its function, and what it declares."""

    def file(first: str = "", body: str = "pass", arguments: str = USUAL, last: str = "") -> Path:
        path = tmp_path / "mine.py"
        path.write_text(HEAD + first + "\n" + TASK.format(body=body, arguments=arguments) + last)
        return path

    return file


def fault(file: Path, seconds: float = 10.0) -> str:
    """Return the first fault that a check finds."""
    (task,) = load(str(file), seconds)
    return faults(task)[0]


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("import sys; sys.exit(0)", "line 2: importing it ended the interpreter by sys.exit(0)"),
        ("raise SystemExit('enough')", "by sys.exit('enough')"),
        ("raise KeyboardInterrupt", "line 2: importing it raised KeyboardInterrupt"),
        ("class Own(BaseException): pass\nraise Own('no')", "line 3: importing it raised Own: no"),
        ("import os; os._exit(3)", "ended its process with status 3"),
        ("import os; os._exit(0)", "ended its process with status 0"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)", "its process by SIGSEGV"),
        ("import os; os.closerange(3, 256); os._exit(0)", "ended its process with status 0"),
    ],
)
def test_a_file_that_ends_at_import_is_a_sentence(write: Write, first: str, said: str) -> None:
    with pytest.raises(InputError) as caught:
        load(str(write(first)), 10.0)
    assert said in str(caught.value)
    assert "mine.py" in str(caught.value)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("if len(xs) > 7: raise SystemExit", "ended the interpreter by sys.exit(None) on {'xs': ["),
        ("if len(xs) > 7: raise KeyboardInterrupt", "raised KeyboardInterrupt on {'xs': ["),
        ("if len(xs) > 7: __import__('os')._exit(3)", "its process with status 3 on {'xs': ["),
        ("if len(xs) > 7: __import__('ctypes').string_at(0)", "by SIGSEGV on {'xs': ["),
        ("if len(xs) > 7: return backwards(xs)", "raised RecursionError"),
        ("if len(xs) > 7: return [0] * 10**11", "raised MemoryError on {'xs': ["),
        ("if len(xs) > 7: return [0] * (2 * 10**7)", "gave a value that is too large (95 MiB)"),
        ("if len(xs) > 7: return [int(input())]", "raised EOFError"),
        ("if len(xs) > 7: xs.append(xs); return xs", "[...]"),
        ("if len(xs) > 7: return None", "is None, which is not of type list[int]"),
        ("if len(xs) > 7: return [x > 3 for x in xs]", "which is not of type list[int]"),
        ("if len(xs) > 7: return __import__('numpy').array(xs)", "make plain values of it"),
        ("if len(xs) > 7: return list(__import__('numpy').array(xs))", "make plain values of it"),
        ("if len(xs) > 7: return type('L', (list,), {})(xs)", "make plain values of it"),
    ],
)
def test_what_a_function_does_to_an_input_is_said_with_the_input(
    write: Write, body: str, said: str
) -> None:
    sentence = fault(write(body=body), 60.0)
    assert said in sentence
    assert "{'xs': [" in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    "body",
    ["while True: pass", "__import__('time').sleep(99)", "if len(xs) == 12: sum(range(10**15))"],
)
def test_a_function_that_never_returns_is_ended_with_the_input(write: Write, body: str) -> None:
    sentence = fault(write(body=body), 1.0)
    assert "did not return within 1 seconds (see --timeout) on {'xs': [" in sentence


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (f"inputs=lambda rng, setting: exit(), {SETTINGS}", "the sampler ended the interpreter"),
        (f"inputs=lambda rng, setting: 3, {SETTINGS}", "the sampler gave 3; it must give a dict"),
        (
            f"inputs=lambda rng, setting: {{'xs': rng.random(3)}}, {SETTINGS}",
            "the drawn 'xs' is array(",
        ),
        (
            f"inputs=lambda rng, setting: {{'xs': [1 // (12 - setting['length'])]}}, {SETTINGS}",
            "the sampler raised ZeroDivisionError",
        ),
        (f"{USUAL}, ensures=lambda xs, result: exit(4)", "ensures ended the interpreter by sys"),
        (f"{USUAL}, accepts=lambda inputs, answer: exit(4)", "accepts ended the interpreter by"),
    ],
)
def test_every_part_of_a_task_may_end_the_interpreter(
    write: Write, arguments: str, said: str
) -> None:
    (task,) = load(str(write(arguments=arguments)), 10.0)
    assert any(said in sentence for sentence in faults(task))


def test_states_that_end_the_process_are_a_sentence(write: Write) -> None:
    first = "def states(xs: list[int]) -> list[int]: __import__('os')._exit(7)"
    (task,) = load(str(write(first, arguments=f"{USUAL}, states=states")), 10.0)
    with pytest.raises(InputError, match=r"states for \{'xs': .* ended its process with status 7"):
        task.problem(draw_training(task, 4, 0, frozenset()))


def test_a_function_that_is_slow_on_every_input_ends_as_well(
    write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(taskprocess, "_WHOLE", 0)
    monkeypatch.setattr(taskprocess, "_LEAST_WHOLE", 0.2)
    sentence = fault(write(body="__import__('time').sleep(0.01)"))
    assert "was slow: calls of this task took more than 0.2 seconds in all on {'xs': [" in sentence


def test_what_a_task_writes_into_its_connection_is_no_answer(write: Write) -> None:
    first = "import os\n" + (
        "def garble():\n"
        "    for number in range(3, 64):\n"
        "        try: os.write(number, b'\\0\\0\\0\\4what')\n"
        "        except OSError: pass\n"
    )
    (task,) = load(str(write(first, body="garble()")), 10.0)
    with pytest.raises(InputError, match="wrote into the connection of its process on"):
        task.answer({"xs": [1]})


def test_a_message_without_its_end_is_not_waited_for(write: Write) -> None:
    first = "import os, time\n" + (
        "def begin():\n"
        "    for number in range(3, 64):\n"
        "        try: os.write(number, b'\\0\\0\\1\\0what')\n"
        "        except OSError: pass\n"
        "    time.sleep(1000)\n"
    )
    (task,) = load(str(write(first, body="begin()")), 2.0)
    with pytest.raises(InputError, match="did not return within 2 seconds"):
        task.answer({"xs": [1]})


def test_a_function_that_forks_gives_one_answer(write: Write) -> None:
    (task,) = load(str(write("import os", body="os.fork()")), 10.0)
    assert [task.answer({"xs": [each, 0]}) for each in range(4)] == [[0, each] for each in range(4)]


@pytest.mark.parametrize(
    ("arguments", "body", "said"),
    [
        (USUAL, "return [10**5_000]", "the result for {'xs': ["),
        (USUAL, "return [-1, -(10**4_300)]", "the result for {'xs': ["),
        (
            f"inputs=lambda *_: {{'xs': [10**5_000]}}, {SETTINGS}",
            "pass",
            "the drawn 'xs'",
        ),
    ],
)
def test_numbers_that_python_does_not_write_are_a_sentence(
    write: Write, arguments: str, body: str, said: str
) -> None:
    sentence = fault(write(body=body, arguments=arguments))
    assert said in sentence
    assert "has a number of more than 4,300 digits, which no task can have" in sentence


@pytest.mark.parametrize("does", ["raise Own('no')", "raise SystemExit(0)", "return 7"])
def test_a_result_that_cannot_be_shown_is_a_sentence(write: Write, does: str) -> None:
    first = f"class Own(BaseException):\n    def __repr__(self): {does}\n    __str__ = __repr__\n"
    for body in ("return Own()", "raise Own('why')"):
        (task,) = load(str(write(first, body=body)), 10.0)
        with pytest.raises(InputError, match="Own"):
            task.answer({"xs": [1]})


def test_a_process_that_ended_is_followed_by_another(write: Write) -> None:
    (task,) = load(str(write(body="if len(xs) == 3: __import__('os')._exit(3)")), 10.0)
    for _ in range(2):
        with pytest.raises(InputError, match="status 3"):
            task.answer({"xs": [1, 2, 3]})
        assert task.answer({"xs": [1, 2]}) == [2, 1]


def test_what_is_drawn_is_the_same_as_in_the_process_itself(write: Write) -> None:
    arguments = "inputs={'xs': lists(ints(-9, 10**30))}"
    file = str(write(arguments=f"{arguments}, {SETTINGS}, ensures=lambda xs, result: len(xs) < 9"))
    (there,), (here,) = load(file), registry.load(file)
    tests = draw_tests(here, 64, 8)
    assert draw_tests(there, 64, 8) == tests
    assert draw_training(there, 99, 1, tests.reserved) == draw_training(here, 99, 1, tests.reserved)
    same = ("fingerprint", "signature", "axes", "description", "address", "family", "tags", "name")
    assert [getattr(there, each) for each in same] == [getattr(here, each) for each in same]
    assert there.ensures is not None
    assert there.ensures([1], result=[1]) is True
    assert there.ensures([1] * 9, result=[]) is False


def test_modules_beside_a_task_file_are_found_and_shadow_nothing(tmp_path: Path) -> None:
    (tmp_path / "mylib").mkdir()
    (tmp_path / "mylib" / "tools.py").write_text("def turned(xs): return xs[::-1]")
    for name in ("random", "json", "dlcompare"):
        (tmp_path / f"{name}.py").write_text("raise RuntimeError('shadowed')")
    (tmp_path / "numpy").mkdir()
    file = tmp_path / "mine.py"
    first = "import json, random, dlcompare.tasks.axis\nfrom mylib.tools import turned\n"
    file.write_text(first + HEAD + TASK.format(body="return turned(xs)", arguments=USUAL))
    (task,) = load(str(file))
    assert task.answer({"xs": [1, 2]}) == [2, 1]


def test_a_task_file_in_a_package_may_import_relatively(tmp_path: Path) -> None:
    folder = tmp_path / "outer_package" / "inner"
    folder.mkdir(parents=True)
    for each in (folder, folder.parent):
        (each / "__init__.py").touch()
    (folder / "beside.py").write_text("def turned(xs): return xs[::-1]")
    (folder.parent / "above.py").write_text("FACTOR = 1")
    file = folder / "mine.py"
    first = "from .beside import turned\nfrom ..above import FACTOR\nimport outer_package.above\n"
    file.write_text(first + HEAD + TASK.format(body="return turned(xs)", arguments=USUAL))
    (task,) = load(str(file))
    assert task.answer({"xs": [1, 2]}) == [2, 1]
    assert task.family == "mine"


@pytest.mark.parametrize(
    "last",
    [
        TASK.format(body="pass", arguments=USUAL),
        f"def made():\n    @task({USUAL})\n    def backwards(xs: list[int]) -> list[int]:\n"
        "        return xs\n    return backwards\nother = made()\n",
    ],
)
def test_two_tasks_of_one_name_are_refused_with_their_lines(write: Write, last: str) -> None:
    with pytest.raises(InputError, match=r"two tasks called 'backwards' \(lines 4 and 1\d\)"):
        load(str(write(last=last)))


def test_one_task_under_two_names_and_one_made_from_another_are_one(write: Write) -> None:
    last = "import dataclasses\nalias = backwards\n"
    assert len(load(str(write(last=last)))) == 1
    last = "import dataclasses\nbackwards = dataclasses.replace(backwards, noise=0.1)\n"
    (task,) = load(str(write(last=last)))
    assert task.noise == 0.1


@pytest.mark.parametrize(
    ("first", "body", "said"),
    [
        ("BUF = []", "BUF[:] = reversed(xs); return BUF", "it hands out the same list again"),
        ("", "xs.reverse(); return xs", "it changes its argument xs="),
        ("", "xs.append(0); return xs[:-1][::-1]", "it changes its argument xs="),
    ],
)
def test_outputs_are_copied_and_side_effects_are_told(
    write: Write, first: str, body: str, said: str
) -> None:
    (task,) = load(str(write(first, body)))
    assert faults(task) == []
    (sentence,) = warnings(task)
    assert said in sentence
    examples = draw_training(task, 32, 0, frozenset())
    assert all(
        out == row["xs"][::-1] for row, out in zip(examples.rows(), examples.outputs, strict=True)
    )


def test_outputs_are_copied_in_the_process_itself_too(write: Write) -> None:
    file = write("BUF = []", "BUF[:] = reversed(xs); return BUF")
    (task,) = registry.load(str(file))
    examples = draw_training(task, 32, 0, frozenset())
    assert len({tuple(each) for each in examples.outputs}) > 16


def test_a_call_may_take_a_part_of_what_a_trial_may() -> None:
    assert call_seconds(300.0) == CALL_SECONDS
    assert call_seconds(10.0) == 10.0
    assert call_seconds(1.0) == 10.0  # an import takes its time on a busy machine


def test_an_interrupt_is_not_taken_for_the_task_s(write: Write) -> None:
    (task,) = registry.load(str(write(body="raise KeyboardInterrupt")))
    with pytest.raises(KeyboardInterrupt):
        task.answer({"xs": []})


@pytest.fixture
def dlcompare(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command in a process of its own."""

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "dlcompare", *words],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )

    return call


RUN = ("--learner", "copy", "--preset", "smoke", "--train-sizes", "4", "--out", "out")


@pytest.mark.parametrize(
    ("words", "status"),
    [(("check",), 1), (("tasks",), 2), (("run", *RUN), 2)],
    ids=lambda words: words[0] if isinstance(words, tuple) else str(words),
)
def test_a_command_outlives_a_task_and_leaves_nothing_behind(
    dlcompare: Callable[..., subprocess.CompletedProcess[str]],
    write: Write,
    words: tuple[str, ...],
    status: int,
) -> None:
    name, *options = words
    file = write(body="if len(xs) > 7: __import__('os')._exit(0)")
    done = dlcompare(name, str(file), *options)
    assert done.returncode == status
    said = done.stdout if name == "check" else done.stderr
    assert "task 'backwards' ended its process with status 0 on {'xs': [" in said
    assert "Traceback" not in done.stderr + done.stdout
    assert not (file.parent / "out").exists()


@pytest.mark.parametrize("words", [("tasks", "--json"), ("run", "--json", *RUN)], ids="-".join)
def test_what_a_task_prints_is_no_result(
    dlcompare: Callable[..., subprocess.CompletedProcess[str]],
    write: Write,
    words: tuple[str, ...],
) -> None:
    name, *options = words
    first = "import os\nprint('loading')\nos.write(1, b'raw')\nos.system('echo from a shell')"
    file = write(first, body="print('answering')")
    done = dlcompare(name, str(file), *options)
    assert done.returncode == 0
    json.loads(done.stdout)
    assert "loading" in done.stderr
    assert "raw" in done.stderr
    assert "from a shell" in done.stderr


def test_a_run_and_its_resume_judge_by_the_file_s_own_accepts(
    dlcompare: Callable[..., subprocess.CompletedProcess[str]], write: Write
) -> None:
    file = write(arguments=f"{USUAL}, accepts=lambda inputs, answer: answer == inputs['xs']")
    done = dlcompare("run", str(file), "--json", *RUN)
    assert done.returncode == 0, done.stderr
    its = json.loads(done.stdout)["tasks"]["backwards"]["learners"]["copy"]
    assert its["curve"][0]["exact_match"]["mean"] == 1.0
    again = dlcompare("run", str(file), "--json", "--resume", *RUN, "--seeds", "2")
    its = json.loads(again.stdout)["tasks"]["backwards"]["learners"]["copy"]
    assert its["curve"][0]["exact_match"]["seeds"] == [1.0, 1.0]


def test_nothing_runs_on_once_the_tasks_are_dropped(write: Write) -> None:
    pids = write().parent / "pids"
    first = f"import os, pathlib; pathlib.Path({str(pids)!r}).write_text(str(os.getpid()))"
    tasks: list[Task] = load(str(write(first)))
    pid = pids.read_text()
    assert Path(f"/proc/{pid}").exists() or sys.platform != "linux"
    tasks.clear()
    for _ in range(100):
        if not Path(f"/proc/{pid}").exists():
            break
        time.sleep(0.05)
    assert not Path(f"/proc/{pid}").exists()


def test_an_unknown_task_of_a_file_comes_with_the_closest_match(write: Write) -> None:
    with pytest.raises((UnknownNameError, InputError), match="did you mean 'backwards'"):
        load(f"{write()}:backward")
