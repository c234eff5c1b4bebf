"""Text and code in Markdown, so that text stays text and code stays code."""

import re

__all__ = ["escaped", "fenced"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$])")


def escaped(text: str) -> str:
    """Return text on one line, escaped so that it stays text."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def fenced(code: str, language: str) -> str:
    """Return code in a fence longer than any fence in it."""
    longest = max(map(len, re.findall(r"`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return "\n".join([f"{fence}{language}", code.strip("\n"), fence])
