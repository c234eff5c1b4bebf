"""The compiled search core, with a compile cache that is never stale.

numba's file cache does not notice an edited callee in another file. So the cache folder is keyed
by a hash of everything that is compiled or decides what is: the source of this package's kernels
and primitives, and the versions of numba and Python (numba itself keys its entries by the CPU).
``DLCOMPARE_CACHE`` names another place for it than the user's cache folder.
"""

import hashlib
import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, cast

from dlcompare.synthesis.packing import TABULATED, TABULATED_FROM, UNDEFINED
from dlcompare.synthesis.primitives import PRIMITIVES
from dlcompare.synthesis.primitives.primitive import INTS, INVALID, Primitive
from dlcompare.tasks.types import BOOL, INT, Type

__all__ = ["OPS", "load"]

OPS: tuple[Primitive, ...] = tuple(PRIMITIVES.values())
"""The primitives by operation number."""

_DISPATCHERS = ("call", "scalar_result", "list_result")

_HERE = Path(__file__).parent


@cache
def load() -> Any:
    """The kernels, compiled for all primitives: the contents of `terms` and `folds`."""
    folder = _cache_folder()
    dispatch = folder / "dispatch.py"
    text = dispatch_source(OPS)
    if not dispatch.exists() or dispatch.read_text() != text:
        partial = folder / f"dispatch.{os.getpid()}"
        partial.write_text(text)
        partial.replace(dispatch)
    import numba

    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(folder)
    try:
        dispatchers = _execute("dlcompare_dispatch", dispatch, {})
        given = {name: getattr(dispatchers, name) for name in _DISPATCHERS}
        terms = _execute("dlcompare_kernels_terms", _HERE / "kernels" / "terms.py", given)
        given |= {"Call": terms.Call, "linearise": terms.linearise}
        folds = _execute("dlcompare_kernels_folds", _HERE / "kernels" / "folds.py", given)
        return SimpleNamespace(**vars(terms) | vars(folds))
    finally:
        config.CACHE_DIR = before


def _execute(name: str, file: Path, namespace: dict[str, object]) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    vars(module).update(namespace)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _cache_folder() -> Path:
    import numba

    digest = hashlib.sha256(f"{numba.__version__} {platform.python_version()}".encode())
    folders = (_HERE / "primitives", _HERE / "kernels")
    sources = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    for file in [*sources, _HERE / "packing.py", Path(__file__)]:
        digest.update(file.read_bytes())
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    base = Path(os.environ.get("DLCOMPARE_CACHE") or Path(home) / "dlcompare")
    folder = base / digest.hexdigest()[:16]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:  # a read-only home: compile anew in every process
        return Path(tempfile.mkdtemp(prefix="dlcompare-"))


def with_call(number: int, call: object) -> FunctionType:
    """The kernel of an operation, with `call` bound to the compiled one."""
    kernel = cast(FunctionType, OPS[number].kernel)
    return FunctionType(kernel.__code__, {**kernel.__globals__, "call": call}, kernel.__name__)


_CALL = f"""
@njit(cache=True)
def call(here, y):
    code, sizes, values, registers, free, deepest, f, start = here
    place = np.int64(y) - {TABULATED_FROM}
    if start >= 0 and 0 <= place < {TABULATED}:
        value = np.int64(values[start + place])
        return {INVALID} if value == {UNDEFINED} else value
    registers[0] = y
    for i in range(sizes[f] - 1, -1, -1):
        node = 4 * (f * deepest + i)
        value = pure_result(
            code[node],
            registers[code[node + 1]],
            registers[code[node + 2]],
            registers[code[node + 3]],
        )
        if value == {INVALID}:
            return value
        registers[1 + free + i] = value
    return registers[1 + free] if sizes[f] else {INVALID}
"""


def dispatch_source(ops: Sequence[Primitive]) -> str:
    """Python source of the functions that call a kernel by its operation number."""
    scalar = [i for i, op in enumerate(ops) if _is_scalar(op.result)]
    pure = [i for i in scalar if all(map(_is_scalar, _types(ops[i])))]
    lists = [i for i, op in enumerate(ops) if not _is_scalar(op.result)]
    everything = "xs, x0, n, ys, y0, m, function"
    return "\n".join(
        [
            '"""Made by dlcompare.synthesis.engine."""',
            "import numpy as np",
            "from numba import njit",
            "from dlcompare.synthesis.engine import OPS, with_call",
            *(f"kernel_{i} = njit(forceinline=True)(OPS[{i}].kernel)" for i in pure),
            _dispatcher("pure_result", "s0, s1, s2", ops, pure),
            _CALL,
            *(
                f"kernel_{i} = njit(forceinline=True)(with_call({i}, call))"
                for i in range(len(ops))
                if i not in pure
            ),
            _dispatcher("scalar_result", f"s0, s1, s2, {everything}", ops, scalar),
            _dispatcher("list_result", f"s0, s1, s2, {everything}, out, at", ops, lists),
        ]
    )


def _dispatcher(name: str, parameters: str, ops: Sequence[Primitive], chosen: list[int]) -> str:
    branches = [
        f"    if op == {i}:\n        return kernel_{i}({', '.join(_arguments(ops[i]))})"
        for i in chosen
    ]
    head = f"@njit(cache=True, forceinline=True)\ndef {name}(op, {parameters}):"
    return "\n".join([head, *branches, f"    return {INVALID}", ""])


def _arguments(op: Primitive) -> list[str]:
    """How the kernel of `op` is called: scalars by position, lists in order, then the output."""
    lists = iter(["xs, x0, n", "ys, y0, m"])
    arguments = []
    for position, type_ in enumerate(_types(op)):
        if _is_scalar(type_):
            arguments.append(f"s{position}")
        else:
            arguments.append(next(lists) if type_ == INTS else "function")
    return arguments if _is_scalar(op.result) else [*arguments, "out, at"]


def _types(op: Primitive) -> list[Type]:
    return [type_ for _, type_ in op.parameters]


def _is_scalar(type_: Type) -> bool:
    return type_ in (INT, BOOL)
