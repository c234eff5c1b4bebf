"""A section of the report: what it shows, when, and how in each format.

A section is one module in `sections` and one line in its list.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from dlcompare.compare.report.styles import Style
from dlcompare.compare.summary.summary import Summary, TaskResult

if TYPE_CHECKING:
    from rich.console import RenderableType

__all__ = ["RunView", "Section", "TaskView", "View"]

_COMPACT = 12  # tasks whose live charts fit into two megabytes; more tasks get sketches


@dataclass(frozen=True, kw_only=True)
class RunView:
    """A run as a report shows it.

    Attributes
    ----------
    result : Summary
        The summary, as `printable.presented` returns it.
    styles : mapping of str to Style
        By learner name.
    width : int
        The columns of the terminal.
    """

    result: Summary
    styles: Mapping[str, Style]
    width: int = 80

    @property
    def many(self) -> bool:
        """True if there are several tasks."""
        return len(self.result.tasks) > 1

    @property
    def compact(self) -> bool:
        """True if there are so many tasks that a page shows each in short."""
        return len(self.result.tasks) > _COMPACT


@dataclass(frozen=True, kw_only=True)
class TaskView(RunView):
    """One task of a run as a report shows it, with its number, from 1."""

    task: TaskResult
    number: int


View = TypeVar("View", bound=RunView)


def _always(view: RunView) -> bool:
    del view
    return True


def _nothing(view: RunView) -> tuple[()]:
    del view
    return ()


def _no_names(view: RunView) -> Mapping[str, Any]:
    del view
    return {}


@dataclass(frozen=True)
class Section(Generic[View]):
    """A section of the report, on a run or on one of its tasks.

    Attributes
    ----------
    anchor : str
        Its name, unique among all sections; on a page, what a link to a section on a run points at.
    title : str
        Its heading on a page; a section without one continues that before it.
    shown : callable
        Whether there is anything to show.
    html : str
        A Jinja template, which has the attributes of the view, `anchor`, `title`, the functions of
        `html` and the values of `names`; empty if a page has no such section.
    names : callable
        The values that only this template needs, by name.
    markdown : callable
        Its paragraphs in Markdown.
    terminal : callable
        Its parts for a `rich.console.Console`.
    """

    anchor: str
    title: str = ""
    shown: Callable[[View], bool] = _always
    html: str = ""
    names: Callable[[View], Mapping[str, Any]] = _no_names
    markdown: Callable[[View], Sequence[str]] = _nothing
    terminal: Callable[[View], Iterable["RenderableType"]] = _nothing
