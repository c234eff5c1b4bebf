"""Choose the program of a learner to show."""

from dlcompare.compare.summary.learner_result import LearnerResult, ProgramResult

__all__ = ["agreement", "shown_program"]


def shown_program(learner: LearnerResult) -> ProgramResult | None:
    """Return the program to show: at the largest n, the most frequent one, then the smallest."""
    rivals = _rivals(learner)
    if not rivals:
        return None
    agreeing = {p.code: sum(rival.code == p.code for rival in rivals) for p in rivals}
    return min(rivals, key=lambda p: (-agreeing[p.code], p.nodes or 0, len(p.python), p.seed))


def agreement(learner: LearnerResult, program: ProgramResult) -> tuple[int, int]:
    """Return how many seeds found the text of a program at the largest n, and how many any."""
    rivals = _rivals(learner)
    return sum(rival.code == program.code for rival in rivals), len(rivals)


def _rivals(learner: LearnerResult) -> list[ProgramResult]:
    largest = max((program.n for program in learner.programs), default=0)
    return [program for program in learner.programs if program.n == largest]
