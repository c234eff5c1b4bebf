"""The charting library (Vega, Vega-Lite and vega-embed) as one script.

Bundling it takes seconds, so the script is kept in the user's cache, one file for each version of
vl-convert. If no such file can be written, the script is bundled again each time.
"""

import contextlib
import os
from functools import lru_cache
from importlib import metadata
from pathlib import Path

from dlcompare.compare.atomic import write_text

__all__ = ["cached_library", "charting_library"]


def cached_library() -> Path:
    """Return the path of the cached script: below ``XDG_CACHE_HOME``, or ``~/.cache``."""
    cache = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser()
    return cache / "dlcompare" / f"vega-{metadata.version('vl-convert-python')}.js"


@lru_cache(maxsize=1)
def charting_library() -> str:
    """Return the script; once it has run, ``window.vegaEmbed`` is defined."""
    file = cached_library()
    with contextlib.suppress(OSError, UnicodeDecodeError):
        return file.read_text(encoding="utf-8")
    import vl_convert

    script: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
    with contextlib.suppress(OSError):
        file.parent.mkdir(parents=True, exist_ok=True)
        write_text(file, script)
    return script
