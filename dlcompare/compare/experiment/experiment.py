"""Carry out a run, from its settings to its last trial. The results are in its folder."""

import datetime
import time
from collections import deque
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from dlcompare.compare.execution.backend import Assignment, Backend
from dlcompare.compare.execution.compiling import must_compile, with_compiled
from dlcompare.compare.execution.environment import hardware, versions
from dlcompare.compare.execution.messages import Checked, Failed
from dlcompare.compare.execution.opening import open_backend
from dlcompare.compare.execution.worker import Check
from dlcompare.compare.experiment.events import Beginning, Progress
from dlcompare.compare.experiment.folders import make_folder, unmake_folder
from dlcompare.compare.experiment.named_only import refuse_unnamed
from dlcompare.compare.experiment.proving import prove_all
from dlcompare.compare.experiment.publish import Publisher
from dlcompare.compare.experiment.run_options import RunOptions
from dlcompare.compare.experiment.summarise import summarise
from dlcompare.compare.learners.learner_table import LearnerName, parse
from dlcompare.compare.trials.draws import Drawn, draw, label, resolve
from dlcompare.compare.trials.protocol import Planned, clipped, plan, task_name
from dlcompare.compare.trials.stacks import FitStack, shares, together
from dlcompare.compare.trials.store import About, Record, Store
from dlcompare.compare.trials.trial import Trial, conclude, job, skip
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.task import Task

__all__ = ["carry_out"]

_PRELOAD = ("numpy", "dlcompare.compare.learners.baselines", "dlcompare.tasks.registry")
_CHECK_SECONDS = 300.0
_CHECK_BYTES = 64 * 10**9


def carry_out(tasks: Sequence[Task], options: RunOptions, folder: Path, progress: Progress) -> None:
    """Make the trials of a run that are still missing in its folder.

    Summary and report are refreshed meanwhile, and written at the end, even after an interrupt.

    Parameters
    ----------
    tasks : sequence of Task
        The tasks named; of others in the folder only the catalogue's are loaded.
    options : RunOptions
        Its learners are those named; of others in the folder only the built-in ones are made.
    folder : Path
    progress : Progress
        The listener that is told how the run goes.

    Raises
    ------
    InputError
        If the folder, a learner, the device or a task cannot be used; a folder made for nothing is
        removed again.
    KeyboardInterrupt
        When interrupted; finished trials are kept.
    """
    settings = options.settings(list(map(label, tasks)))
    own = _own(list(map(parse, options.learners)))
    made = make_folder(folder, options.resume)
    begun = False
    try:
        with Store(folder) as store:
            earlier = store.about()
            named = {task.name: task for task in tasks}
            if earlier is not None:
                refuse_unnamed(earlier.settings, settings, own, folder)
            names = {each.name: own.get(each.name, each.name) for each in settings.learners}
            for each in earlier.settings.learners if earlier else ():
                names.setdefault(each.name, own.get(each.name, each.name))
            preload = with_compiled(_preload(names), [task.signature for task in tasks])
            if must_compile(preload):
                progress.compile()
            with open_backend(
                options.backend, options.address, preload, options.jobs, options.memory_bytes
            ) as backend:
                device, gpu, stacking = _check(backend, names, settings.device)
                stack = device == "cuda" if settings.stack is None else settings.stack
                settings = replace(settings, device=device, stack=stack)
                if earlier is not None:
                    settings = earlier.settings.joined(settings, str(folder))
                drawn = {
                    task.name: draw(task, settings)
                    for task in resolve([named.get(task_name(t), t) for t in settings.tasks])
                }
                if not any(each.available for each in drawn.values()):
                    sizes = ",".join(map(str, settings.train_sizes))
                    raise InputError(
                        f"no trial can be made: {', '.join(drawn)}: no example is left to learn "
                        f"from beside the tests (--train-sizes {sizes}); widen the samplers"
                    )
                about = About(
                    settings,
                    versions(),
                    {**hardware(gpu), **backend.place()},
                    earlier.started if earlier else _now(),
                    {name: parse(loadable).key for name, loadable in names.items()},
                )
                outdated = store.outdated({n: d.fingerprint for n, d in drawn.items()}, about.keys)
                store.begin(about, {name: (d.fingerprint, d.card()) for name, d in drawn.items()})
                begun = True
                _make_trials(
                    store, backend, drawn, names, outdated, progress, stacking if stack else ()
                )
    except BaseException:
        if not begun:
            unmake_folder(made)
        raise


def _own(learners: Sequence[LearnerName]) -> dict[str, str]:
    """Return, for learners in users' files, the names by which processes find them."""
    found: dict[str, str] = {}
    for each in learners:
        if each.own and found.setdefault(str(each), each.loadable) != each.loadable:
            raise InputError(
                f"{found[str(each)]} and {each.loadable} are both called {str(each)!r} in a run; "
                "give the files different names, or run dlcompare in a folder above both"
            )
    return found


def _preload(learners: Iterable[str]) -> list[str]:
    modules = [*_PRELOAD, *(m for name in learners for m in parse(name).entry.preload)]
    return list(dict.fromkeys(modules))


def _check(
    backend: Backend, learners: Mapping[str, str], device: str
) -> tuple[str, str | None, list[str]]:
    """Return the device, the name of its GPU, and the learners that can fit trials at once.

    Raise an `InputError` unless every learner can be made on the device.
    """
    check = Check(tuple(learners.values()), device)
    ending = backend.check(check, _CHECK_SECONDS, _CHECK_BYTES)
    answer = ending.messages[0] if ending.messages else None
    if isinstance(answer, Failed):
        raise InputError(answer.reason)
    if not isinstance(answer, Checked) or ending.cause == "garbled":
        raise InputError(
            f"the learners {', '.join(learners)} cannot be made: the process that tried was ended "
            f"({ending.cause} {ending.code}); it said: {ending.last_words or 'nothing'}"
        )
    stacking = [name for name, loadable in learners.items() if loadable in answer.stacking]
    return answer.device, answer.gpu, stacking


def _now() -> str:
    return datetime.datetime.now().astimezone().isoformat(timespec="seconds")


def _make_trials(
    store: Store,
    backend: Backend,
    drawn: Mapping[str, Drawn],
    learners: Mapping[str, str],
    outdated: Mapping[str, int],
    progress: Progress,
    stacking: Collection[str],
) -> None:
    record = store.record()
    settings = record.about.settings
    planned = plan(settings, {name: each.available for name, each in drawn.items()})
    missing = _missing(planned, record)
    waiting = deque(together(missing, stacking))
    progress.begin(
        Beginning(
            len(planned),
            len(planned) - len(missing),
            outdated,
            tuple(missing),
            backend.room(),
            {
                name: clipped(settings.train_sizes, each.available)
                for name, each in drawn.items()
                if each.available < max(settings.train_sizes)
            },
            store.damage,
        )
    )
    publisher = Publisher(store.folder)
    started = time.monotonic()
    running: dict[int, tuple[Planned, ...]] = {}

    def keep(trial: Trial) -> None:
        seconds = record.seconds + time.monotonic() - started
        store.add(trial, drawn[trial.task].fingerprint, seconds)
        progress.finish(trial)
        publisher.refresh(lambda: summarise(store.record()))

    def keep_proof(trial: Trial) -> None:
        seconds = record.seconds + time.monotonic() - started
        store.add(trial, drawn[trial.task].fingerprint, seconds)

    def launch(trials: tuple[Planned, ...]) -> None:
        first, its = trials[0], drawn[trials[0].task]
        learner = learners[first.learner]
        jobs = tuple(job(trial, learner, its, settings) for trial in trials)
        assignment = Assignment(
            FitStack(jobs) if len(jobs) > 1 else jobs[0],
            its.questions(any(trial.levels for trial in trials)),
            settings.timeout * len(trials),
            # A stack on a GPU takes hardly more of the machine's memory than a trial.
            int(settings.memory * 1e9),
            settings.device == "cuda" and parse(first.learner).entry.uses_device,
            tuple(len(its.questions(trial.levels)) for trial in trials),
        )
        number = backend.launch(assignment, lambda told: progress.hear(first, told))
        running[number] = trials
        for trial in trials:
            progress.start(trial)

    try:
        while waiting or running:
            while waiting and len(running) < backend.room():
                trials = waiting.popleft()
                if trials[0].supplied:
                    launch(trials)
                else:
                    keep(skip(trials[0], drawn[trials[0].task].available))
            for number, ending in backend.wait():
                trials = running.pop(number)
                ends = dict(zip(trials, shares(ending, len(trials)), strict=True))
                for trial, its in ends.items():
                    if its is not None:
                        keep(conclude(trial, drawn[trial.task], settings, its, len(trials)))
                alone = [(trial,) for trial, its in ends.items() if its is None]
                waiting.extendleft(reversed(alone))
        prove_all(store.record().trials, drawn, backend, int(settings.memory * 1e9), keep_proof)
    except KeyboardInterrupt:
        publisher.finish(summarise(store.record()))
        raise
    publisher.finish(summarise(store.record()))


def _missing(planned: Sequence[Planned], record: Record) -> list[Planned]:
    """Return the trials without a stored outcome, or whose requested levels were not measured.

    A trial that was ended from outside has no outcome of its own.
    """
    measured = {
        (trial.task, trial.learner, trial.n, trial.seed): trial.measured_levels
        for trial in record.trials
        if not trial.cut_off
    }
    return [
        each
        for each in planned
        if not measured.get((each.task, each.learner, each.n, each.seed), False)
        and (each.levels or (each.task, each.learner, each.n, each.seed) not in measured)
    ]
