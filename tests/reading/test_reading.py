"""Text that is read does what Python does, or is refused; it reaches nothing outside itself."""

import copy
import inspect
import textwrap

import numpy as np
import pytest

from dlcompare.synthesis.dsl.limits import StepLimitError
from dlcompare.synthesis.dsl.primitives import PRIMITIVES
from dlcompare.synthesis.dsl.reading import ReadingError, read
from dlcompare.tasks.beyond import small_inputs, unusual_inputs
from dlcompare.tasks.problem import Signature
from dlcompare.tasks.registry import catalogue
from dlcompare.tasks.types import INT, STR, list_of
from tests.reading import written

XS = Signature("f", (("xs", list_of(INT)),), INT)
TEXT = Signature("f", (("xs", STR),), INT)

WRITTEN = {name: each for name, each in vars(written).items() if callable(each)}


def outcome(function, inputs):
    try:
        result = function(**copy.deepcopy(inputs))
    except StepLimitError:
        raise
    except Exception as error:
        return type(error).__name__
    return type(result).__name__, repr(result)


def inputs_for(signature):
    yield from small_inputs(signature, 60)
    yield from unusual_inputs(signature, np.random.default_rng(0), 40)


@pytest.mark.parametrize("name", WRITTEN)
def test_a_text_does_what_python_does(name):
    function = WRITTEN[name]
    read_function = read(inspect.getsource(function))
    for inputs in inputs_for(TEXT if name.startswith("text_") else XS):
        assert outcome(read_function, inputs) == outcome(function, inputs), inputs


def test_most_references_of_the_catalogue_are_read_and_do_what_python_does():
    """The others use modules or helpers of their own, and are refused when they are read."""
    same = 0
    tasks = [task for task in catalogue().values() if task.missing is None]
    for task in tasks:
        lines = textwrap.dedent(inspect.getsource(task.function)).splitlines()
        start = next(i for i, line in enumerate(lines) if line.startswith("def "))
        try:
            function = read("\n".join(lines[start:]))
        except ReadingError:
            continue
        rng = np.random.default_rng(0)
        for _ in range(20):
            inputs = task.draw(rng, {})
            assert outcome(function, inputs) == outcome(task.function, inputs), task.name
        same += 1
    assert same > len(tasks) // 2


def test_every_printed_primitive_is_read():
    for primitive in PRIMITIVES.values():
        names = [name for name, _ in primitive.parameters]
        modules = (name.rsplit(".", 1) for name in primitive.imports)
        lines = [f"from {module} import {name}" for module, name in modules]
        read("\n".join([*lines, f"def f({', '.join(names)}):", f"    return {primitive.python}"]))


HOSTILE = [
    "import os\ndef f(x): return os",
    "from os import system\ndef f(x): return system('id')",
    "from itertools import __builtins__\ndef f(x): return 1",
    "def f(x): return __import__('os')",
    "def f(x): return x.__class__.__mro__",
    "def f(x): return (1).__class__",
    "def f(x): return ''.format.__self__",
    "def f(x): return '{0.__class__}'.format(x)",
    "def f(x): return (y for y in x).gi_frame",
    "def f(x): return f.__globals__",
    "def f(x): return open('/etc/passwd')",
    "def f(x): return eval('1')",
    "def f(x): return getattr(x, 'y')",
    "def f(x): return type(x)",
    "def f(x): return globals()",
    "def f(x):\n    global y\n    y = 1",
    "def f(x):\n    class C: pass\n    return C",
    "class C:\n    print('hi')\ndef f(x): return 1",
    "print('hi')\ndef f(x): return 1",
    "@print\ndef f(x): return 1",
    "def f(x):\n    with x: pass",
    "def f(x):\n    yield x",
    "async def f(x): return 1",
    "def f(x): return await x",
    "def f(*x): return x",
    "def f(x): return print(**x)",
    "def f(x): return b'x'",
    "def f(x): return 1j",
    "def f(x): return ...",
    "x = 1",
    "",
    "def f(x) return",
    "def f(x): return " + "(" * 500 + ")" * 500,
    "def f(x): return " + "-" * 50_000 + "1",
    "def f(x): return '\x00'",
    "def f(x):\n    match x:\n        case 1: return 2",
    "def f(x):\n    del x",
    "x: print('hi') = 1\ndef f(x): return 1",
]


@pytest.mark.parametrize("source", HOSTILE)
def test_what_is_not_known_is_refused_in_a_sentence(source, capfd):
    with pytest.raises(ReadingError) as refused:
        read(source)
    assert "\n" not in str(refused.value)
    assert capfd.readouterr().out == ""


def test_annotations_defaults_and_reading_run_nothing(tmp_path):
    marker = tmp_path / "marker"
    opened = f"open({str(marker)!r}, 'w')"
    source = f"def f(x: {opened} = 1) -> {opened}:\n    y: exit() = x\n    return y"
    assert read(source)(3) == 3
    assert not marker.exists()
    with pytest.raises(ReadingError, match="line 1: the name 'open' is not known"):
        read(f"def f(x={opened}):\n    return x")


@pytest.mark.parametrize(
    "body",
    [
        "while True: x += 1",
        "return [y for y in range(10 ** 12)]",
        "return list(range(10 ** 12))",
        "return 10 ** 10 ** 10",
        "return 1 << 10 ** 12",
        "return 'a' * 10 ** 12",
        "return 10 ** 12 * [0]",
        "return sum(1 for y in iter(range(10 ** 7)) for z in range(10 ** 7))",
        "return f(x)",
        "return 'a'.ljust(10 ** 12)",
        "return f'{x:1000000000}'",
        "return ('a' * 10 ** 6).replace('a', 'b' * 10 ** 6)",
        "from itertools import count\n    return list(count())",
        "return list(iter(int, 1))",
        "from itertools import product\n    return list(product(range(100), repeat=9))",
        "from itertools import repeat\n    return sum(repeat(1))",
        "from operator import mul\n    return mul('a', 10 ** 12)",
        "return pow(10, 10 ** 10)",
        "s = 'ab'\n    for _ in range(100): s = s + s\n    return s",
        "s = [1]\n    for _ in range(100): s += s\n    return s",
        "n = 3\n    for _ in range(100): n = n * n\n    return n",
        "return [sum(range(10 ** 6)) for _ in range(10 ** 6)]",
        "return sorted(range(10 ** 6), key=lambda y: sum(range(1000)))",
    ],
)
def test_what_never_ends_or_grows_ends_at_the_step_limit(body):
    function = read(f"def f(x):\n    {body}", steps=100_000)
    with pytest.raises(StepLimitError):
        function(1)


def test_exhausted_steps_cannot_be_caught_and_come_back_with_the_next_call():
    function = read(
        "def f(n):\n    try:\n        return sum(1 for _ in range(n))\n    except Exception:\n"
        "        return -1\n    finally:\n        n = 0",
        steps=1_000,
    )
    with pytest.raises(StepLimitError):
        function(5_000)
    assert function(400) == 400
