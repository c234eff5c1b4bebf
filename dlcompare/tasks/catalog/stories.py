"""Short stories with a question, after the bAbI tasks of Weston et al. (2016)."""

import numpy as np

from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task

PEOPLE = ("Mary", "John", "Daniel", "Sandra")
PLACES = ("bathroom", "hallway", "garden", "office", "bedroom", "kitchen")
THINGS = ("apple", "football", "milk")
LENGTHS = [8, 12, 16, 32, 64]


def journeys(rng: np.random.Generator, setting: Setting) -> Inputs:
    """People who go from place to place, and one of them. Knob: sentences."""
    count = setting.get("sentences", 4)
    who = [PEOPLE[i] for i in rng.integers(0, len(PEOPLE), size=int(count))]
    where = [PLACES[i] for i in rng.integers(0, len(PLACES), size=int(count))]
    story = [f"{p} went to the {place}" for p, place in zip(who, where, strict=True)]
    return {"story": story, "person": who[rng.integers(count)]}


@task(
    inputs=journeys,
    train={"sentences": range(1, 7)},
    test={"sentences": LENGTHS},
    ensures=lambda story, person, result: any(
        sentence == f"{person} went to the {result}"
        and not any(later.startswith(person) for later in story[i + 1 :])
        for i, sentence in enumerate(story)
    ),
)
def where_is(story: list[str], person: str) -> str:
    """The place of a person at the end of a story: bAbI 1, one supporting fact.

    where_is(["Mary went to the office", "John went to the garden"], "Mary") == "office"
    """
    last = [sentence for sentence in story if sentence.split()[0] == person][-1]
    return last.split()[-1]


def handling(rng: np.random.Generator, setting: Setting) -> Inputs:
    """One to two people who take and drop things, and one of them. Knob: sentences."""
    held: dict[str, str] = {}
    story = []
    for _ in range(setting.get("sentences", 4)):
        thing = THINGS[rng.integers(len(THINGS))]
        person = held.pop(thing, None)
        if person is None:
            person = held[thing] = PEOPLE[rng.integers(2)]
            story.append(f"{person} took the {thing}")
        else:
            story.append(f"{person} dropped the {thing}")
    return {"story": story, "person": PEOPLE[rng.integers(2)]}


@task(
    inputs=handling,
    train={"sentences": range(1, 7)},
    test={"sentences": LENGTHS},
    ensures=lambda story, person, result: (
        result
        == sum(s.startswith(f"{person} took") for s in story)
        - sum(s.startswith(f"{person} dropped") for s in story)
    ),
)
def how_many_carried(story: list[str], person: str) -> int:
    """The number of things that a person carries at the end of a story: bAbI 7, counting.

    how_many_carried(["Mary took the milk", "Mary took the apple"], "Mary") == 2
    """
    words = [sentence.split() for sentence in story]
    return sum({"took": 1, "dropped": -1}[w[1]] for w in words if w[0] == person)
