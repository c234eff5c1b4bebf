"""The essay's claims: a question and a rule for each, and the verdict of a run on it.

Each claim is a module that defines `CLAIM`; this list is their order in a report.
"""

from dlcompare.compare.claims import (
    adversarial_inputs,
    deeper_networks,
    dense_sampling,
    driving,
    local_generalisation,
    moon_landing,
    morphing,
    perception,
    programs,
    sorting,
    understanding,
    writing_code,
)
from dlcompare.compare.claims.claim import Claim

__all__ = ["CLAIMS"]

CLAIMS: tuple[Claim, ...] = (
    sorting.CLAIM,
    writing_code.CLAIM,
    dense_sampling.CLAIM,
    local_generalisation.CLAIM,
    deeper_networks.CLAIM,
    adversarial_inputs.CLAIM,
    understanding.CLAIM,
    morphing.CLAIM,
    moon_landing.CLAIM,
    driving.CLAIM,
    perception.CLAIM,
    programs.CLAIM,
)
