"""A network that is saved and read again is the same network; other files are a sentence."""

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from dlcompare.neural import learner as learners
from dlcompare.neural.checkpoints import _FORMAT, load_predictor, save_predictor
from dlcompare.tasks.errors import InputError
from dlcompare.tasks.problem import Budget, Examples, Problem, Signature
from dlcompare.tasks.types import INT, STR, list_of, tuple_of

SIGNATURE = Signature("f", (("xs", list_of(INT)), ("s", STR)), tuple_of(STR, list_of(INT)))
LISTS = ([3, 11], [], [-5], [2, 2, 9])
EXAMPLES = Examples(
    {"xs": LISTS, "s": ("a", "b c", "", "ß")}, tuple(("a", xs[::-1]) for xs in LISTS)
)


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("transformer", {"positions": "learned"}),
        ("decoder", {"positions": "place_value", "values": "symbols"}),
        ("lstm", {}),
    ],
)
def test_a_network_read_from_its_file_answers_the_same(
    kind: str, options: dict[str, str], tmp_path: Path
) -> None:
    learner = learners.create(kind, {"width": "16"} | options, "cpu")
    predictor = learner.fit(Problem(SIGNATURE, EXAMPLES), Budget(gradient_steps=30), 0)
    path = tmp_path / "network.safetensors"
    save_predictor(predictor, path)
    again = load_predictor(path)
    rows = [*EXAMPLES.rows(), {"xs": list(range(40)), "s": "new"}]
    assert again.predict_with_confidence(rows) == predictor.predict_with_confidence(rows)
    assert (again.prior, again.cost, again.encoding) == (
        predictor.prior,
        predictor.cost,
        predictor.encoding,
    )
    assert [file.name for file in tmp_path.iterdir()] == ["network.safetensors"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    learner = learners.create("transformer", {"width": "16"}, "cpu")
    predictor = learner.fit(Problem(SIGNATURE, EXAMPLES), Budget(gradient_steps=1), 0)
    taken = tmp_path / "network.safetensors"
    taken.mkdir()
    (taken / "file").touch()
    with pytest.raises(OSError, match=r"network\.safetensors"):
        save_predictor(predictor, taken)
    assert [each.name for each in tmp_path.iterdir()] == ["network.safetensors"]


def test_other_files_are_a_sentence(tmp_path: Path) -> None:
    other = tmp_path / "other.safetensors"
    save_file({"x": torch.zeros(1)}, other)
    text = tmp_path / "text"
    text.write_text("no weights")
    for path, sentence in (
        (other, "not a network saved by dlcompare"),
        (text, "cannot be read as a safetensors file"),
        (tmp_path / "missing", "cannot be read as a safetensors file"),
    ):
        with pytest.raises(InputError, match=sentence):
            load_predictor(path)


@pytest.mark.parametrize(
    "description",
    ["", "5", "{}", "[" * 100_000 + "]" * 100_000, '{"parameters": 5}', '{"parameters": [[]]}'],
)
def test_a_header_that_describes_no_network_is_a_sentence(tmp_path: Path, description: str) -> None:
    file = tmp_path / "evil.safetensors"
    header = {"format": _FORMAT, "description": description}
    save_file({"x": torch.zeros(1)}, file, header)
    with pytest.raises(InputError, match="has not the network that its header describes"):
        load_predictor(file)
