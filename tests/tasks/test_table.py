"""Tables of examples: a column has one type, and what is wrong is said with its line."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.errors import InputError
from dlcompare.tasks.table import read_table


def write(folder, text):
    file = folder / "examples.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_the_last_column_is_the_output_unless_another_is_named(tmp_path):
    file = write(tmp_path, 'xs,k,first ones\n"[1, 2]",1,[1]\n\n[],3,[]\n')
    problem = read_table(file)
    assert str(problem.signature) == "examples(xs: list[int], k: int) -> list[int]"
    assert problem.examples.outputs == ([1], [])
    other = read_table(file, output="k")
    assert str(other.signature) == "examples(xs: list[int], first_ones: list[int]) -> int"
    assert other.held_out is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "line 1: the file is empty"),
        ("\n\n", "line 1: the file is empty"),
        ("x,y\n", "line 1: there is no example"),
        ("x\n1\n", "line 1: there is one column, 'x'"),
        ("x,x\n1,2\n", "line 1: the column name 'x' must be given, and only once"),
        ("x,\n1,2\n", "line 1: the column name '' must be given"),
        ("x,y\n1,2\n\n3\n", "line 4: the header has 2 columns, this row 1"),
        ("x,y\n1,2\n3,4,5\n", "line 3: the header has 2 columns, this row 3"),
        ("x,y\n1,2\n3,many\n", "line 3: the column 'y' has 'many', which is not a whole number"),
        ("x,y\n1,true\n3,4\n", "line 3: the column 'y' has '4', which is not true or false"),
        ("x,y\n1,[1]\n3,[true]\n", "line 3: the outputs are of mixed types"),
        ("x,y\n1,[1]\n3,[1\n", "line 3: the column 'y' has '[1', which is not a list"),
        ("x,y\n1,1.5\n3,2\n4,1\n", None),
        ('x,y\n1,"2\n', "line 2: this is no table"),
    ],
)
def test_a_faulty_table_is_a_sentence_with_its_line(tmp_path, text, sentence):
    file = write(tmp_path, text)
    if sentence is None:  # the first cell decides: text
        assert read_table(file).examples.outputs == ("1.5", "2", "1")
        return
    with pytest.raises(InputError) as caught:
        read_table(file)
    assert str(caught.value).startswith(f"{file}, {sentence}")


def test_a_column_that_is_none_is_a_sentence(tmp_path):
    file = write(tmp_path, "count,y\n1,2\n")
    with pytest.raises(InputError, match="did you mean 'count'"):
        read_table(file, output="cuont")
    with pytest.raises(InputError, match="there is no column 'z'"):
        read_table(file, text=["z"])


TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\r"))  # a line end is a line end
VALUES = st.sampled_from(
    [st.booleans(), st.integers(), st.lists(st.integers()), st.lists(st.text())]
)


@given(VALUES.flatmap(lambda values: st.lists(values, min_size=1)), st.lists(TEXTS, min_size=1))
def test_whatever_a_table_says_is_kept(tmp_path_factory, column, texts):
    count = min(len(column), len(texts))
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["text", "value"])
    for text, value in zip(texts, column, strict=False):
        writer.writerow([text, json.dumps(value)])
    file = tmp_path_factory.mktemp("table") / "examples.csv"
    file.write_bytes(stream.getvalue().encode())
    problem = read_table(file, text=["text"])
    assert problem.examples.outputs == tuple(column[:count])
    assert list(problem.examples.inputs["text"]) == texts[:count]
