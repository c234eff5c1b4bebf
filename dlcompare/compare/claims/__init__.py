"""The essay's claims: a question and a rule for each, and the verdict of a run on it.

Each claim is a module that defines `CLAIM`; this list is their order in a report.
"""

from dlcompare.compare.claims import (
    c01_sorting,
    c02_writing_code,
    c03_dense_sampling,
    c04_local_generalisation,
    c05_deeper_networks,
    c06_adversarial_inputs,
    c07_understanding,
    c08_morphing,
    c09_moon_landing,
    c10_driving,
    c11_perception,
    c12_programs,
)
from dlcompare.compare.claims.essay_claim import EssayClaim

__all__ = ["CLAIMS"]

CLAIMS: tuple[EssayClaim, ...] = (
    c01_sorting.CLAIM,
    c02_writing_code.CLAIM,
    c03_dense_sampling.CLAIM,
    c04_local_generalisation.CLAIM,
    c05_deeper_networks.CLAIM,
    c06_adversarial_inputs.CLAIM,
    c07_understanding.CLAIM,
    c08_morphing.CLAIM,
    c09_moon_landing.CLAIM,
    c10_driving.CLAIM,
    c11_perception.CLAIM,
    c12_programs.CLAIM,
)
