"""The sections of the report, in their order: one module each.

A page, a Markdown text and the terminal show the same sections, each as far as it has a form for
them. Every section is a `SECTION` (see `section`).
"""

from dlcompare.compare.report.section import RunView, Section, TaskView
from dlcompare.compare.report.sections import (
    all_tasks,
    answers,
    claims,
    curves,
    every_statistic,
    failed_trials,
    how_sure,
    level_by_level,
    prior_cards,
    prior_cards_of_run,
    programs_found,
    results,
    trained_at_level,
    untested,
    what_it_cost,
)

__all__ = ["AFTER_TASKS", "BEFORE_TASKS", "OF_EACH_TASK"]

BEFORE_TASKS: tuple[Section[RunView], ...] = (all_tasks.SECTION,)

OF_EACH_TASK: tuple[Section[TaskView], ...] = (
    results.SECTION,
    how_sure.SECTION,
    programs_found.SECTION,
    every_statistic.SECTION,
    curves.SECTION,
    level_by_level.SECTION,
    trained_at_level.SECTION,
    answers.SECTION,
    prior_cards.SECTION,
    what_it_cost.SECTION,
    failed_trials.SECTION,
    untested.SECTION,
)

AFTER_TASKS: tuple[Section[RunView], ...] = (prior_cards_of_run.SECTION, claims.SECTION)
