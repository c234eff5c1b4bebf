"""Tables of examples: a column has one type, and what is wrong is said with its line."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dlcompare.tasks.csv_table import read_table
from dlcompare.tasks.errors import InputError


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
        ("x,y\n1,2\n3,\n", "line 3: the column 'y' has an empty cell, where others are a whole"),
        ("x,y\n1,true\n3,\n", "line 3: the column 'y' has an empty cell, where others are true or"),
        ("x,y\n1,[1]\n3,[true]\n", "line 3: the outputs are of mixed types"),
        ("x,y\n1,[1]\n3,[1\n", "line 3: the column 'y' has '[1', which is not a list"),
        ("x,y\n1,2\n3,1.5\n", "line 3: the column 'y' has '1.5'; programs compute with whole"),
        ('x;y\n1;2\n3;"1,5"\n', "line 3: the column 'y' has '1,5'; programs compute with whole"),
        ("x,y\n1,.5\n3,1e3\n", "line 2: the column 'y' has '.5'; programs compute with whole"),
        ("1,2\n3,4\n", "line 1: '1' is a value like those below it, not the name of a column"),
        ("-5,negative\n3,positive\n", "line 1: '-5' is a value like those below it"),
        ("4155550199,a\n2125551234,b\n", "line 1: '4155550199' is a value like those below it"),
        ("007,a\n12,b\n", "line 1: '007' is a value like those below it"),
        ("word,true\na,false\n", "line 1: 'true' is a value like those below it"),
        ('x,y\n1,"2\n', "line 2: this is no table"),
        ("x,y\n1," + "a" * 200_000 + "\n", "line 2: this is no table"),
        (",".join(f"c{i}" for i in range(20_000)) + "\n", "line 1: there are 20,000 columns"),
    ],
)
def test_a_faulty_table_is_a_sentence_with_its_line(tmp_path, text, sentence):
    file = write(tmp_path, text)
    with pytest.raises(InputError) as caught:
        read_table(file)
    assert str(caught.value).startswith(f"{file}, {sentence}")


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        (["007", "12", "3"], "line 2 has '007'"),
        (["80331", "01067"], "line 3 has '01067'"),
        (["+4930123456", "+15551234567"], "line 2 has '+4930123456'"),
        (["4155550199", "2125551234"], "line 2 has '4155550199'"),
        (["9" * 5_000, "2"], "line 2 has '99999999999999999999…'"),
        (["1", "2", "Fizz"], "line 4 has 'Fizz'"),
        (["n/a", "1"], "line 2 has 'n/a'"),
    ],
)
def test_numbers_that_are_no_quantities_are_text_and_the_reader_is_told(tmp_path, cells, why):
    file = write(tmp_path, "cell,y\n" + "".join(f"{cell},1\n" for cell in cells))
    problem = read_table(file)
    assert problem.examples.inputs["cell"] == tuple(cells)
    assert problem.notes == (f"column 'cell' is read as text, because {why}",)


def test_the_reader_is_told_what_columns_are_called_in_programs(tmp_path):
    problem = read_table(write(tmp_path, "first name,class,first_name,y\na,b,c,1\n"))
    names = [name for name, _ in problem.signature.parameters]
    assert len(set(names)) == 3
    assert all(name.isidentifier() for name in names)
    assert problem.notes[:2] == (
        f"column 'first name' is called {names[0]} in the program",
        f"column 'class' is called {names[1]} in the program",
    )


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
@pytest.mark.parametrize("suffix", [".csv", ".tsv"])
def test_delimiters_line_ends_and_byte_order_marks_are_read(tmp_path, delimiter, line_end, suffix):
    lines = [["a b", "n", "out"], ["x, y; z\tw", "-5", 'say "hi"'], ["two\nlines", "7", ""]]
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter, lineterminator=line_end).writerows(lines)
    file = tmp_path / f"t{suffix}"
    file.write_bytes(b"\xef\xbb\xbf" + stream.getvalue().encode())
    problem = read_table(file)
    assert dict(problem.examples.inputs) == {"a_b": ("x, y; z\tw", "two\nlines"), "n": (-5, 7)}
    assert problem.examples.outputs == ('say "hi"', "")


def test_a_file_in_another_encoding_is_a_sentence(tmp_path):
    file = tmp_path / "t.csv"
    for encoding in ("utf-16", "latin-1"):
        file.write_bytes("näme,y\nä,1\n".encode(encoding))
        with pytest.raises(InputError, match="is not text in UTF-8"):
            read_table(file)


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
    large = any(type(v) is int and abs(v) >= 2**31 for v in column[:count])
    wanted = [json.dumps(v) if large else v for v in column[:count]]
    assert problem.examples.outputs == tuple(wanted)
    assert list(problem.examples.inputs["text"]) == texts[:count]
