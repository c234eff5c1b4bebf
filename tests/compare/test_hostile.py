"""A learner that writes into its sockets harms its own trial, and nothing beside it."""

import contextlib
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlcompare import load_run, run
from dlcompare.compare.execution import conversation
from dlcompare.compare.execution.channel import Incoming, frame
from dlcompare.compare.execution.messages import Failed, Fitted, Predicted
from dlcompare.compare.execution.supervisor import Supervisor
from dlcompare.compare.execution.wire import GarbledError, decode, encode
from dlcompare.compare.trials.trial import Trial
from dlcompare.tasks.cost import Cost
from dlcompare.tasks.problem import Unfinished
from dlcompare.tasks.progress import FitProgress

FILE = Path(__file__).with_name("hostile.py")
KINDS = (FitProgress, Fitted, Predicted, Failed)
SILENT = ("half", "closing", "closing_all")


def does(what: str, **options: object) -> str:
    its = ",".join(f"{key}={value}" for key, value in {"does": what, **options}.items())
    return f"{FILE}:create:{its}"


@pytest.fixture(scope="module")
def trials(
    tmp_path_factory: pytest.TempPathFactory, tiny_source: str, hostile_writes: tuple[str, ...]
) -> dict[str, Trial]:
    """The outcomes of one run of learners that are hostile in every way, and one that is not."""
    folder = tmp_path_factory.mktemp("hostile")
    (folder / "tiny.py").write_text(tiny_source)
    learners = {what: does(what) for what in (*hostile_writes, *SILENT, "late", "nothing")}
    learners["pickle"] = does("pickle", file=folder / "unpickled")
    run(str(folder / "tiny.py"), list(learners.values()), "smoke", [8], 2, out=folder / "run")
    assert not (folder / "unpickled").exists()
    by_learner: dict[str, list[Trial]] = {}
    for trial in load_run(folder / "run").trials:
        by_learner.setdefault(trial.learner, []).append(trial)
    assert all(len(its) == 2 for its in by_learner.values())
    names = {trial.learner: trial.learner for its in by_learner.values() for trial in its}
    found = {}
    for what in learners:
        (name,) = (name for name in names if f"does={what}" in name.split(":")[-1].split(","))
        first, second = by_learner[name]
        assert first.status == second.status
        found[what] = first
    return found


@pytest.fixture(scope="module")
def hostile_writes() -> tuple[str, ...]:
    """The files that the hostile learner can write."""
    namespace: dict[str, Any] = {"__name__": "hostile"}
    exec(FILE.read_text(), namespace)
    return tuple(namespace["WRITTEN"])


def test_what_no_trial_sends_is_an_error_of_that_trial(
    trials: dict[str, Trial], hostile_writes: tuple[str, ...]
) -> None:
    for what in (*hostile_writes, "pickle", "late"):
        trial = trials[what]
        assert trial.status == "error", (what, trial.reason)
        assert str(trial.reason).startswith("its process sent what no trial sends: "), what
        assert len(str(trial.reason)) < 500


def test_a_trial_that_closes_its_sockets_or_breaks_off_is_a_crash(
    trials: dict[str, Trial],
) -> None:
    assert {what: trials[what].status for what in SILENT} == dict.fromkeys(SILENT, "crash")
    assert trials["nothing"].status == "ok"


def test_one_that_tells_without_end_is_ended(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation, "_MOST_MESSAGES", 5_000)
    (trial,) = run(str(tiny), [does("endless")], "smoke", [8], out=tiny.parent / "run").trials
    assert (trial.status, "more than 5000 messages" in str(trial.reason)) == ("error", True)


def test_one_that_closes_its_socket_and_goes_on_has_its_time(tiny: Path) -> None:
    done = run(str(tiny), [does("silent")], "smoke", [8], timeout=1, out=tiny.parent / "run")
    assert [trial.status for trial in done.trials] == ["timeout"]


def test_a_worker_that_reads_nothing_holds_up_no_other(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    import deaf  # type: ignore[import-not-found]

    with Supervisor([]) as supervisor:
        large = supervisor.launch(deaf.Deaf(), lambda: lambda _: "x" * 2**24, 3.0, 10**9)
        small = supervisor.launch(deaf.Asking(), lambda: lambda _: 7, 60.0, 10**9)
        endings = {}
        while len(endings) < 2:
            endings |= dict(supervisor.wait())
    assert list(endings) == [small, large]
    assert endings[small].messages == (Cost(1), Cost(7))
    assert endings[large].cause == "timeout"


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.integers(-(2**200), 2**200) | st.text(),
    lambda inner: st.lists(inner) | st.lists(inner).map(tuple),
    max_leaves=8,
)


@settings(max_examples=50, deadline=None)
@given(st.lists(VALUES | st.lists(VALUES).map(Unfinished)))
def test_values_arrive_as_they_were_sent(values: list[Any]) -> None:
    sent = Predicted(0.5, 0.0, (values, []))
    (body,) = Incoming().feed(frame(encode(sent)))
    received = decode(body, KINDS)
    assert received == sent
    assert repr(received) == repr(sent), "True is not 1, and a tuple is no list"


def test_integers_of_any_size_arrive() -> None:
    sent = Predicted(0.0, 0.0, ([10**5000, -(10**5000), 2**63, -(2**63) - 1],))
    assert decode(encode(sent), KINDS) == sent


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner)
        | st.dictionaries(
            st.text()
            | st.sampled_from(
                [
                    "$int",
                    "$tuple",
                    "$unfinished",
                    "seconds",
                    "cost",
                    "predictions",
                    "status",
                    "reason",
                ]
            ),
            inner,
        )
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(
    st.binary()
    | JSON.map(lambda its: json.dumps(its).encode())
    | st.tuples(st.sampled_from([kind.__name__ for kind in KINDS]), JSON).map(
        lambda its: json.dumps(its).encode()
    )
    | VALUES.map(pickle.dumps)
)
def test_whatever_arrives_is_a_message_or_refused(body: bytes) -> None:
    with contextlib.suppress(GarbledError):
        assert isinstance(decode(body, KINDS), KINDS)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_a_changed_byte_is_another_message_or_refused(data: st.DataObject) -> None:
    sent = encode(Fitted(1.5, Cost(3), {"width": 64, "loss": 0.25}, None))
    place = data.draw(st.integers(0, len(sent) - 1))
    changed = sent[:place] + data.draw(st.binary(min_size=0, max_size=3)) + sent[place + 1 :]
    with contextlib.suppress(GarbledError):
        assert isinstance(decode(changed, KINDS), Fitted)
