"""SCAN (Lake & Baroni, 2018): simple commands to the actions that carry them out.

The 20,910 commands are generated from the published grammar:

    command   phrase | phrase "and" phrase | phrase "after" phrase
    phrase    step | step "twice" | step "thrice"
    step      walk | look | run | jump
              verb left | verb right                    the verbs and "turn"
              verb opposite left | verb opposite right
              verb around left | verb around right

and split as published. Examples are distinct commands, so that n counts what was seen.
"""

from functools import cache

import numpy as np

from dlcompare.tasks.declaration import InputSampler
from dlcompare.tasks.problem import Inputs
from dlcompare.tasks.samplers import Setting
from dlcompare.tasks.task import task

VERBS = ("walk", "look", "run", "jump")
SIDES = {"left": "LTURN", "right": "RTURN"}
LONGEST_TRAINED = 22
"""Actions of the longest command that the published length split trains on."""


def carry_out(command: list[str]) -> list[str]:
    """The actions of a command."""
    for word, swapped in (("and", False), ("after", True)):
        if word in command:
            at = command.index(word)
            first, second = carry_out(command[:at]), carry_out(command[at + 1 :])
            return second + first if swapped else first + second
    *step, last = command
    if last in ("twice", "thrice"):
        return carry_out(step) * (2 if last == "twice" else 3)
    verb = [] if command[0] == "turn" else [command[0].upper()]
    if len(command) == 1:
        return verb
    turn = [SIDES[last]]
    manner = command[1] if len(command) == 3 else ""
    return {"": turn + verb, "opposite": turn * 2 + verb, "around": (turn + verb) * 4}[manner]


@cache
def commands() -> tuple[tuple[str, ...], ...]:
    """Every command of the grammar."""
    steps: list[tuple[str, ...]] = [(verb,) for verb in VERBS]
    for verb in (*VERBS, "turn"):
        for side in SIDES:
            steps += [(verb, side), (verb, "opposite", side), (verb, "around", side)]
    phrases = [(*step, *often) for often in ((), ("twice",), ("thrice",)) for step in steps]
    joined = [(*p, word, *q) for word in ("and", "after") for p in phrases for q in phrases]
    return (*phrases, *joined)


def regions(command: tuple[str, ...]) -> frozenset[str]:
    """The published test sets that a command belongs to."""
    text = " ".join(command)
    belongs = {
        "length": len(carry_out(list(command))) > LONGEST_TRAINED,
        "add_jump": "jump" in command and len(command) > 1,
        "around_right": "around right" in text,
    }
    return frozenset(name for name, holds in belongs.items() if holds)


@cache
def pool(split: str, held_out: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    """The commands of one value of the axis `split`.

    ``seen``: outside all regions held out, without the lone "jump" where add_jump is one of them;
    ``jump``: that command alone, so that it is trained on early and never tested; a region: the
    commands in it and in no other.
    """
    if split == "jump":
        return (("jump",),)
    chosen = {split} & set(held_out)
    alone = {("jump",)} if "add_jump" in held_out and not chosen else set()
    return tuple(c for c in commands() if regions(c) & set(held_out) == chosen and c not in alone)


def drawn(*held_out: str) -> InputSampler:
    """Commands, uniformly from the pool of the axis `split`."""

    def sample(rng: np.random.Generator, setting: Setting) -> Inputs:
        choices = pool(setting.get("split", "seen"), held_out)
        return {"command": list(choices[rng.integers(len(choices))])}

    return sample


@task(
    inputs=drawn("length", "add_jump", "around_right"),
    train={"split": ["seen", "jump"]},
    test={"split": ["length", "add_jump", "around_right"]},
)
def scan(command: list[str]) -> list[str]:
    """Turn a command into actions; three kinds of commands are held out, each a level.

    scan(["jump", "left", "after", "walk", "twice"]) == ["WALK", "WALK", "LTURN", "JUMP"]

    Trained on commands of at most 22 actions without "around right", and without "jump" but for
    the command "jump" itself. `scan_length` and its kin hold out one kind only, as published.
    """
    return carry_out(command)


@task(inputs=drawn())
def scan_simple(command: list[str]) -> list[str]:
    """Turn a command into actions: the simple split, training and test from all commands.

    scan_simple(["look", "opposite", "right"]) == ["RTURN", "RTURN", "LOOK"]
    """
    return carry_out(command)


@task(inputs=drawn("length"), train={"split": ["seen"]}, test={"split": ["length"]})
def scan_length(command: list[str]) -> list[str]:
    """Turn a command into actions: trained on up to 22 actions, tested on 24 to 48.

    scan_length(["turn", "left", "thrice"]) == ["LTURN", "LTURN", "LTURN"]
    """
    return carry_out(command)


@task(inputs=drawn("add_jump"), train={"split": ["seen", "jump"]}, test={"split": ["add_jump"]})
def scan_add_jump(command: list[str]) -> list[str]:
    """Turn a command into actions: "jump" is trained on alone, tested within longer commands.

    scan_add_jump(["jump", "twice"]) == ["JUMP", "JUMP"]
    """
    return carry_out(command)


@task(inputs=drawn("around_right"), train={"split": ["seen"]}, test={"split": ["around_right"]})
def scan_around_right(command: list[str]) -> list[str]:
    """Turn a command into actions: trained without "around right", tested on it.

    scan_around_right(["turn", "around", "right"]) == ["RTURN", "RTURN", "RTURN", "RTURN"]

    The split of Loula, Baroni & Lake (2018).
    """
    return carry_out(command)
