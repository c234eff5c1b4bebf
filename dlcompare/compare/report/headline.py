"""The headline of a report: sentences computed from the numbers of a run.

The sentences favour nobody: the learner that needed the fewest examples comes first, whoever it is,
and a baseline that did as well is named.
"""

from collections.abc import Mapping, Sequence

from dlcompare.compare.report.formats import PERCENT, join, level, share, trained_on
from dlcompare.compare.statistics.seeds import GOOD
from dlcompare.compare.summary.learner_result import LearnerResult, ProgramResult
from dlcompare.compare.summary.summary import AxisResult, ControlResult, TaskResult
from dlcompare.compare.trials.protocol import clipped
from dlcompare.synthesis.proofs.proof import Proof
from dlcompare.synthesis.proofs.trying import Tried

__all__ = [
    "control_sentence",
    "failure_counts",
    "headline",
    "name_in_prose",
    "proof_in_brief",
    "proof_sentence",
    "shared_time",
    "status_words",
    "warnings",
]

_ARTICLE_LESS = frozenset({"synthesis"})


def headline(task: TaskResult, train_sizes: Sequence[int] = ()) -> list[str]:
    """Return the result of one task: examples needed, how far learners hold, what failed.

    Parameters
    ----------
    task : TaskResult
    train_sizes : sequence of int
        The numbers of training examples asked for.

    Returns
    -------
    list of str
        Sentences, the most important first; never empty.
    """
    measured = [learner for learner in task.contenders if learner.curve]
    sentences = [_needs(measured)] if measured else [_nobody(task)]
    sentences += [_capital(_holds(measured, axis)) for axis in task.axes]
    return [sentence for sentence in sentences if sentence] + warnings(task, train_sizes)


def warnings(task: TaskResult, train_sizes: Sequence[int] = ()) -> list[str]:
    """Return what weakens the result: a baseline as good, failed trials, too few examples."""
    found = (_baselines(task), _failures(task), _fewer(task, train_sizes))
    return [sentence for sentence in found if sentence]


def _fewer(task: TaskResult, train_sizes: Sequence[int]) -> str:
    if not task.available or task.available >= max(train_sizes, default=0):
        return ""
    sizes = ", ".join(f"{n:,}" for n in clipped(train_sizes, task.available))
    return f"There are {task.available:,} examples to learn from: the training sizes are {sizes}."


def proof_sentence(program: ProgramResult) -> str:
    """Return what is known of a program beyond its tests; empty if nothing was tried."""
    return "; ".join(filter(None, (program.exceptions, _proof(program))))


def _proof(program: ProgramResult) -> str:
    """Say what is known of a program from proofs and trials; empty if nothing was tried."""
    proof = program.proof
    if proof is None:
        tried = "" if program.is_grammar else _tried(program.tried)
        return f"not proved; {tried}" if tried else ""
    bound = _bound(proof)
    reason = f": {proof.reason}" if proof.reason else ""
    match proof.status:
        case "proved":
            within = f" for every input up to {bound}" if bound else " for every input"
            if proof.method == "induction":
                within, reason = f"{within} by induction", ""
            return f"proved right{within}{_covered(proof)}{reason}"
        case "refuted":
            wrong = _wrong(proof.counterexample)
            return f"proved wrong{f': {wrong}' if wrong else reason}"
        case "unknown":
            tried = _tried(program.tried)
            return f"not proved{reason}{f'; {tried}' if tried else ''}"


def proof_in_brief(program: ProgramResult) -> str:
    """Return what is known of a program in two or three words; empty if nothing was tried."""
    proof, tried = program.proof, program.tried
    if proof is not None and proof.status == "proved":
        bound = _bound(proof)
        return f"proved up to {bound}" if bound else "proved"
    if proof is not None and proof.status == "refuted":
        return "proved wrong"
    if tried is not None and tried.wrong_at:
        return "wrong beyond"
    known = proof is not None or (tried is not None and not program.is_grammar)
    return "not proved" if known else ""


def _covered(proof: Proof) -> str:
    """Say in brackets what a proof rests on."""
    parts = [
        f"{level(proof.covered[name])} {words}"
        for name, words in (("paths", "paths"), ("inputs", "inputs tried"))
        if proof.covered.get(name)
    ]
    return f" ({', '.join(parts)})" if parts else ""


def _tried(tried: Tried | None) -> str:
    """Say in words what came of trying a program; empty if it was not tried."""
    if tried is None:
        return ""
    if tried.wrong_at is not None:
        return f"wrong at {_inputs(tried.wrong_at.get('inputs'), '=')}"
    if tried.reason is not None:
        return tried.reason
    return f"right on {level(tried.inputs)} inputs beyond those drawn" if tried.inputs else ""


COUNTED = {"rounds": "rounds of a loop", "bits": "bits"}
"""Bounds that are counts; others are levels."""


def _bound(proof: Proof) -> str:
    """Say up to which bound a program is proved; empty if it is proved for all inputs."""
    return join(
        [
            f"{level(value)} {COUNTED[name]}" if name in COUNTED else f"{name} {level(value)}"
            for name, value in (proof.bound or {}).items()
        ]
    )


def _wrong(example: Mapping[str, object] | None) -> str:
    """Describe a counterexample in words, as far as it says anything."""
    if example is None:
        return ""
    given = _inputs(example.get("inputs"))
    if "output" in example:
        return f"for {given} it answers {example['output']!r}"
    return f"for {given} it raises {example.get('raises')}"


def _inputs(inputs: object, sign: str = " = ") -> str:
    """Write an input in words: ``xs = [], k = 1``."""
    named = inputs.items() if isinstance(inputs, Mapping) else ()
    return ", ".join(f"{name}{sign}{value!r}" for name, value in named)


def control_sentence(control: ControlResult) -> str:
    """Return whether training at a level helped: not shown, or not learned."""
    told = (
        "it was not shown enough"
        if control.exact_match >= GOOD
        else "nor does showing it help enough"
    )
    return (
        f"The {control.label}, trained on {level(control.examples)} fresh examples at "
        f"{control.axis} {level(control.level)} itself ({level(control.updates)} updates), gets "
        f"{share(control.exact_match)} right there: {told}."
    )


def shared_time(task: TaskResult) -> str:
    """Return how the time of trials that were fitted at once is counted; empty without any."""
    stacked = [f"{x.stacked} of {x.label}" for x in task.learners if x.stacked]
    if not stacked:
        return ""
    return (
        f" Trials fitted at once, in one process per learner: {', '.join(stacked)}. Each of them "
        "counts an equal share of its time, whatever its number of examples."
    )


def failure_counts(learner: LearnerResult) -> str:
    """Return how many trials failed, by status: ``2 timeout, 1 no program``."""
    counts = [(c, s) for s, c in learner.trials.items() if s != "ok" and c]
    return ", ".join(f"{count} {status_words(status)}" for count, status in sorted(counts)[::-1])


def status_words(status: object) -> str:
    """Return a trial status in words: ``out_of_memory`` becomes out of memory."""
    return str(status).replace("_", " ")


def name_in_prose(learner: LearnerResult) -> str:
    """Return the name of a learner inside a sentence: synthesis, the transformer."""
    named = learner.family in _ARTICLE_LESS or ".py:" in learner.label
    return learner.label if named else f"the {learner.label}"


def _nobody(task: TaskResult) -> str:
    if task.learners and not task.contenders:
        return "Only baselines took part."
    return "No learner has a result yet."


def _needs(learners: Sequence[LearnerResult]) -> str:
    """Return the sentence on examples needed, the fewest first."""
    reached = sorted((x for x in learners if x.n_at_90 is not None), key=lambda x: x.n_at_90 or 0)
    short = [learner for learner in learners if learner.n_at_90 is None]
    if not reached:
        best = [f"{name_in_prose(x)} reaches {_best(x)}" for x in short]
        return f"No learner gets 90{PERCENT} of new inputs right: {join(best)}."
    clauses: list[str] = []
    for learner in reached:
        count = f"{learner.n_at_90:,}"
        if not clauses:
            count += " example" if learner.n_at_90 == 1 else " examples"
        if len(learner.curve) == 1:
            count += " (the only number tried)"
        elif learner.fewest_tried:
            count += " or fewer"
        goal = "" if clauses else f" to get 90{PERCENT} of new inputs right"
        clauses.append(f"{name_in_prose(learner)} needs {count}{goal}")
    clauses += [f"{name_in_prose(x)} does not get there: {_best(x)}" for x in short]
    return _capital("; ".join(clauses) + ".")


def _best(learner: LearnerResult) -> str:
    best = max(learner.curve, key=lambda point: point.exact_match.mean)
    unit = "example" if best.n == 1 else "examples"
    return f"{share(best.exact_match.mean)} with {level(best.n)} {unit}"


def _holds(learners: Sequence[LearnerResult], axis: AxisResult) -> str:
    """Return the sentence on how far each learner holds along one axis."""
    tested = [learner for learner in learners if learner.extrapolation.get(axis.name)]
    if not tested:
        return ""
    trained = trained_on(axis)
    start = f"Trained on {axis.name} {trained}" if trained else f"Along {axis.name}"
    if not axis.ordered:
        parts = []
        for x in tested:
            worst = min(x.extrapolation[axis.name], key=lambda p: p.exact_match.mean)
            right = share(worst.exact_match.mean)
            parts.append(f"{name_in_prose(x)} is right on {right} at worst ({worst.level})")
        return f"{start}, {join(parts)}."
    clauses = []
    for learner in sorted(tested, key=lambda x: -(x.horizon.get(axis.name) or float("-inf"))):
        points, horizon = learner.extrapolation[axis.name], learner.horizon.get(axis.name)
        if horizon is None:
            first = f"{share(points[0].exact_match.mean)} at {level(points[0].level)}"
            clauses.append(f"{name_in_prose(learner)} gets {first}, the first level tested")
        elif horizon == points[-1].level:
            clauses.append(
                f"{name_in_prose(learner)} holds up to {level(horizon)}, the last level tested"
            )
        else:
            clauses.append(f"{name_in_prose(learner)} holds up to {level(horizon)}")
    return f"{start}, {'; '.join(clauses)}."


def _baselines(task: TaskResult) -> str:
    """Warn of a baseline that masters the task: such a task says little about learning."""
    names = [f"{name_in_prose(x)} ({x.n_at_90:,})" for x in task.baselines if x.n_at_90 is not None]
    if not names:
        return ""
    return (
        f"Beware: a baseline gets 90{PERCENT} right too, with examples in brackets: {join(names)}."
    )


def _failures(task: TaskResult) -> str:
    failed = [learner for learner in task.learners if learner.failed]
    if not failed:
        return ""
    parts = [f"{name_in_prose(x)} {x.failed} of {x.finished} ({failure_counts(x)})" for x in failed]
    return f"Failed trials, counted as wrong: {'; '.join(parts)}."


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
