"""An interpreter of a subset of Python, which runs text without ``exec``.

Syntax trees become closures. The subset covers printed programs and similar hand-written ones:
functions, loops, comprehensions, lambdas, generator expressions, exceptions, and the functions and
methods that `allowed` lists. Annotations are ignored. Anything else in a text (a class, a
decorator, ``with``, ``yield``, an unlisted import) raises a `ReadingError` that names the construct
and its line, before anything runs.

Read `frames` first, then `expression_closures` and `statement_closures`, and then `allowed`, which
bounds what a program may use and consume.
"""

import ast
from collections.abc import Callable

from dlcompare.synthesis.dsl.limits import MAX_ROUNDS, StepLimitError
from dlcompare.synthesis.dsl.reading.allowed import StepMeter
from dlcompare.synthesis.dsl.reading.frames import ReadingError
from dlcompare.synthesis.dsl.reading.statement_closures import StatementClosures
from dlcompare.tasks.types import Value

__all__ = ["ReadFunction", "ReadingError", "read"]

LONGEST_TEXT = 100_000
"""The most characters of a text."""


class ReadFunction:
    """A function read from text.

    Attributes
    ----------
    name : str
        Its name in the text.
    """

    def __init__(self, name: str, target: Callable[..., Value], meter: StepMeter) -> None:
        self.name = name
        self._target = target
        self._meter = meter

    def __call__(self, *args: Value, **kwargs: Value) -> Value:
        """Call the function, with Python's results and exceptions.

        Raises
        ------
        StepLimitError
            If the call takes too many steps, nests too deeply, or makes too large a value.
        """
        self._meter.left = self._meter.limit
        try:
            return self._target(*args, **kwargs)
        except (RecursionError, MemoryError) as error:
            raise StepLimitError(f"the program nests too deeply: {error}") from None


def read(source: str, steps: int = MAX_ROUNDS) -> ReadFunction:
    """Return the last function that a Python text defines.

    Parameters
    ----------
    source : str
        Function definitions and allowed imports, with nothing else at the top level.
    steps : int
        The most loop iterations, calls and sequence elements that one call may use.

    Raises
    ------
    ReadingError
        If the text is not Python, or contains a construct outside the subset.

    Examples
    --------
    >>> read("def total(xs):\\n    return sum(x * x for x in xs)")([1, 2, 3])
    14
    >>> read("def f(x: print('never')):\\n    return open(x)")
    Traceback (most recent call last):
    dlcompare.synthesis.dsl.reading.frames.ReadingError: line 2: the name 'open' is not known
    """
    if len(source) > LONGEST_TEXT:
        raise ReadingError(f"the text has more than {LONGEST_TEXT} characters")
    try:
        tree = ast.parse(source)
        meter = StepMeter(steps)
        name, target = StatementClosures(meter).module(tree)
        return ReadFunction(name, target, meter)
    except SyntaxError as error:
        raise ReadingError(f"line {error.lineno}: this is not Python: {error.msg}") from None
    except (RecursionError, MemoryError):
        raise ReadingError("the text is nested too deeply") from None
    except ValueError as error:
        if isinstance(error, ReadingError):
            raise
        raise ReadingError(f"this is not Python: {error}") from None
