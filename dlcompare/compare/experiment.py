"""A run from its settings to its last trial. What it leaves is in its folder."""

import datetime
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dlcompare.compare.backends import Assignment, Backend
from dlcompare.compare.draws import Drawn, draw, resolve
from dlcompare.compare.environment import hardware, versions
from dlcompare.compare.folders import make_folder, unmake_folder
from dlcompare.compare.learners.registry import parse
from dlcompare.compare.progress import Beginning, Progress
from dlcompare.compare.protocol import Planned, Settings, plan
from dlcompare.compare.proving import prove_all
from dlcompare.compare.publish import Publisher
from dlcompare.compare.store import About, Record, Store
from dlcompare.compare.summary import summarise
from dlcompare.compare.trial import Trial, conclude, job, skip
from dlcompare.compare.worker import Check, Failed
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.task import Task

__all__ = ["carry_out"]

_PRELOAD = ("numpy", "dlcompare.compare.learners.baselines", "dlcompare.tasks.registry")
_CHECK_SECONDS = 300.0
_CHECK_BYTES = 64 * 10**9


def carry_out(
    settings: Settings,
    tasks: Sequence[Task],
    folder: Path,
    resume: bool,
    progress: Progress,
    open_backend: Callable[[Sequence[str]], Backend],
) -> None:
    """Make the trials of a run that are still missing in its folder.

    Summary and report are refreshed meanwhile, and written when it ends, also by an interrupt.

    Parameters
    ----------
    settings : Settings
    tasks : sequence of Task
    folder : Path
    resume : bool
        Whether the folder may be there already.
    progress : Progress
        Who is told how it goes.
    open_backend : callable
        The backend, for the modules that every trial is to find imported.

    Raises
    ------
    InputError
        If the folder, a learner, the device or a task cannot be used; a folder made for nothing is
        removed again.
    KeyboardInterrupt
        When interrupted; finished trials are kept.
    """
    made = make_folder(folder, resume)
    begun = False
    try:
        with Store(folder) as store:
            earlier = store.about()
            names = [each.name for each in settings.learners]
            if earlier is not None:
                names += [each.name for each in earlier.settings.learners if each.name not in names]
            with open_backend(_preload(names)) as backend:
                device, gpu = _check(backend, names, settings.device)
                settings = replace(settings, device=device)
                if earlier is not None:
                    settings = earlier.settings.joined(settings, str(folder))
                known = {task.address: task for task in tasks}
                drawn = {
                    task.name: draw(task, settings)
                    for task in resolve([known.get(each, each) for each in settings.tasks])
                }
                about = About(
                    settings,
                    versions(),
                    {**hardware(gpu), **backend.place()},
                    earlier.started if earlier else _now(),
                    {name: parse(name).key for name in names},
                )
                outdated = store.outdated({n: d.fingerprint for n, d in drawn.items()}, about.keys)
                store.begin(about, {name: (d.fingerprint, d.card()) for name, d in drawn.items()})
                begun = True
                _make_trials(store, backend, drawn, outdated, progress)
    except BaseException:
        if not begun:
            unmake_folder(made)
        raise


def _preload(learners: Sequence[str]) -> list[str]:
    modules = [*_PRELOAD, *(m for name in learners for m in parse(name).entry.preload)]
    return list(dict.fromkeys(modules))


def _check(backend: Backend, learners: Sequence[str], device: str) -> tuple[str, str | None]:
    """The device to use and the name of its GPU, once every learner could be made on it."""
    ending = backend.check(Check(tuple(learners), device), _CHECK_SECONDS, _CHECK_BYTES)
    answer = ending.messages[0] if ending.messages else None
    if isinstance(answer, Failed):
        raise InputError(answer.reason)
    if answer is None:
        raise InputError(
            f"the learners {', '.join(learners)} cannot be made: the process that tried was ended "
            f"({ending.cause} {ending.code}); it said: {ending.last_words or 'nothing'}"
        )
    return answer["device"], answer["gpu"]


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _make_trials(
    store: Store,
    backend: Backend,
    drawn: Mapping[str, Drawn],
    outdated: Mapping[str, int],
    progress: Progress,
) -> None:
    record = store.record()
    settings = record.about.settings
    planned = plan(settings, {name: each.available for name, each in drawn.items()})
    missing = deque(_missing(planned, record))
    progress.begin(
        Beginning(
            len(planned), len(planned) - len(missing), outdated, tuple(missing), backend.room()
        )
    )
    publisher = Publisher(store.folder)
    started = time.monotonic()
    running: dict[int, Planned] = {}

    def keep(trial: Trial) -> None:
        seconds = record.seconds + time.monotonic() - started
        store.add(trial, drawn[trial.task].fingerprint, seconds)
        progress.finish(trial)
        publisher.refresh(lambda: summarise(store.record()))

    def keep_proof(trial: Trial) -> None:
        seconds = record.seconds + time.monotonic() - started
        store.add(trial, drawn[trial.task].fingerprint, seconds)

    def launch(trial: Planned) -> None:
        its = drawn[trial.task]
        assignment = Assignment(
            job(trial, its, settings),
            its.questions(trial.levels),
            settings.timeout,
            int(settings.memory * 1e9),
            settings.device == "cuda" and parse(trial.learner).entry.uses_device,
        )
        number = backend.launch(assignment, lambda told: progress.hear(trial, told))
        running[number] = trial
        progress.start(trial)

    try:
        while missing or running:
            while missing and len(running) < backend.room():
                trial = missing.popleft()
                if trial.supplied:
                    launch(trial)
                else:
                    keep(skip(trial, drawn[trial.task].available))
            for number, ending in backend.wait():
                trial = running.pop(number)
                keep(conclude(trial, drawn[trial.task], settings, ending))
        prove_all(store.record().trials, drawn, backend, int(settings.memory * 1e9), keep_proof)
    except KeyboardInterrupt:
        publisher.finish(summarise(store.record()))
        raise
    publisher.finish(summarise(store.record()))


def _missing(planned: Sequence[Planned], record: Record) -> list[Planned]:
    """The trials without a stored outcome, or whose levels are asked for and were not measured."""
    measured = {
        (trial.task, trial.learner, trial.n, trial.seed): trial.measured_levels
        for trial in record.trials
    }
    return [
        each
        for each in planned
        if not measured.get((each.task, each.learner, each.n, each.seed), False)
        and (each.levels or (each.task, each.learner, each.n, each.seed) not in measured)
    ]
