"""The compiled search core, with a compile cache that is never stale.

numba's file cache does not notice an edited callee in another file. So the cache folder is keyed
by a hash of everything that is compiled or decides what is: the source of this package's kernels
and primitives, and the versions of numba and Python (numba itself keys its entries by the CPU).
``DLCOMPARE_CACHE`` names another place for it than the user's cache folder. Only the families of
primitives that a problem needs are compiled; each set of families has modules of its own.
"""

import gc
import hashlib
import importlib
import importlib.util
import os
import platform
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from types import FunctionType, ModuleType, SimpleNamespace
from typing import Any, cast

from dlcompare.synthesis.dispatch import dispatch_source
from dlcompare.synthesis.primitives import FAMILIES
from dlcompare.synthesis.primitives.primitive import Primitive

__all__ = ["kernels", "load", "primitives_of"]

_HERE = Path(__file__).parent


@cache
def primitives_of(families: tuple[str, ...]) -> tuple[Primitive, ...]:
    """The primitives of some families; their places here are their numbers in the kernels."""
    return tuple(primitive for name in families for primitive in FAMILIES[name])


@cache
def kernels() -> Any:
    """The compiled loops that are the same for every language."""
    with _cache_in("loops"):
        from dlcompare.synthesis.kernels import cells, enumeration, folds, meeting, terms, trees
    modules = (terms, cells, enumeration, folds, trees, meeting)
    return SimpleNamespace(**{name: each for of in modules for name, each in vars(of).items()})


@cache
def load(families: tuple[str, ...]) -> tuple[tuple[int, ...], int]:
    """Compile the primitives of `families`: addresses of what evaluates each, and ``tabulate``."""
    folder, suffix = _cache_folder(), "_".join(families)
    dispatch = folder / f"dispatch_{suffix}.py"
    text = dispatch_source(families, primitives_of(families))
    if not dispatch.exists() or dispatch.read_text() != text:
        partial = folder / f"dispatch.{os.getpid()}"
        partial.write_text(text)
        partial.replace(dispatch)
    with _cache_in(suffix):
        module = _execute(f"dlcompare_dispatch_{suffix}", dispatch)
    return tuple(each.address for each in module.EVALUATE), module.tabulate.address


@contextmanager
def _cache_in(name: str) -> Iterator[None]:
    """Functions that are declared here are cached in a folder of this name."""
    import numba

    _keep_garbage()
    _leave_out_blas()
    config: Any = numba.config
    before = config.CACHE_DIR
    config.CACHE_DIR = str(_cache_folder() / name)
    try:
        yield
    finally:
        config.CACHE_DIR = before


@cache
def _keep_garbage() -> None:
    """Collect no garbage while numba compiles: what it makes mostly lasts (a sixth of its time)."""
    from numba.core import event

    depth, collected = 0, False

    class Compiling(event.Listener):
        def on_start(self, _: object) -> None:
            nonlocal depth, collected
            if not depth:
                collected = gc.isenabled()
                gc.disable()
            depth += 1

        def on_end(self, _: object) -> None:
            nonlocal depth
            depth -= 1
            if not depth and collected:
                gc.enable()

    register: Any = event.register
    register("numba:compile", Compiling())


@cache
def _leave_out_blas() -> None:
    """Load numba without SciPy's linear algebra, which no kernel uses (an eighth of a start).

    numba looks for it once and goes without where there is none.
    """
    if "scipy.linalg" not in sys.modules:
        absent: dict[str, ModuleType | None] = cast(Any, sys.modules)
        absent["scipy.linalg"] = None
        try:
            importlib.import_module("numba.np.arraymath")
        finally:
            del absent["scipy.linalg"]


def _execute(name: str, file: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module  # compiled functions look their module up
    spec.loader.exec_module(module)
    return module


@cache
def _cache_folder() -> Path:
    import numba

    digest = hashlib.sha256(f"{numba.__version__} {platform.python_version()}".encode())
    folders = (_HERE / "primitives", _HERE / "kernels")
    sources = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    for file in [*sources, _HERE / "packing.py", _HERE / "dispatch.py", Path(__file__)]:
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


def with_calls(families: tuple[str, ...], number: int, **calls: object) -> FunctionType:
    """The kernel of a primitive, with the functions that it calls compiled."""
    return _linked(cast(FunctionType, primitives_of(families)[number].kernel), calls)


def _linked(function: FunctionType, calls: Mapping[str, object]) -> FunctionType:
    known = function.__globals__
    own = {
        name: _compiled(known[name])
        for name in function.__code__.co_names
        if name not in calls and isinstance(known.get(name), FunctionType)
    }
    return FunctionType(function.__code__, {**known, **own, **calls}, function.__name__)


@cache
def _compiled(function: FunctionType) -> object:
    from dlcompare.synthesis.kernels.compiling import inner

    return cast(object, inner(_linked(function, {})))
