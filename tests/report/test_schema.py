"""The shape of summary.json."""

import json
from importlib.resources import files
from typing import Any

import jsonschema
import pytest


@pytest.fixture(scope="module")
def validator() -> Any:
    text = files("dlcompare.compare").joinpath("summary.schema.json").read_text(encoding="utf-8")
    schema = json.loads(text)
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(schema)


def test_a_realistic_summary_is_valid(validator, summary):
    validator.validate(summary)


def test_further_keys_may_stand_anywhere(validator, edited):
    def add(summary):
        summary["more"] = summary["run"]["more"] = summary["tasks"]["sorting"]["more"] = 1
        summary["tasks"]["sorting"]["learners"]["synthesis"]["curve"][0]["more"] = 1

    validator.validate(edited(add))


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.pop("schema"),
        lambda s: s["run"].pop("planned"),
        lambda s: s["tasks"]["sorting"].pop("untested"),
        lambda s: s["tasks"]["sorting"]["learners"]["copy"].pop("n_at_90"),
        lambda s: s["tasks"]["sorting"]["learners"]["copy"]["trials"].pop("timeout"),
        lambda s: s["tasks"]["sorting"]["learners"]["copy"]["curve"][0]["exact_match"].update(
            mean=1.2
        ),
        lambda s: s["tasks"]["sorting"]["learners"]["synthesis"]["programs"][0]["proof"].update(
            status="likely"
        ),
    ],
)
def test_what_the_design_promises_is_required(validator, edited, change):
    with pytest.raises(jsonschema.ValidationError):
        validator.validate(edited(change))
