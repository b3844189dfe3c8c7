"""What was published of LaMem and MemCat comes out of the summaries that ship.

`python -m tests.benchmarks.published_figures` computes the same from the scores themselves.
"""

import numpy as np
import pytest

from resmem_gui.analysis.reference import Reference
from resmem_gui.resources import resource

PROBABILITIES = (0.05, 0.10, 0.25, 0.50, 0.75, 0.90, 0.95)
#: Mean, sd, quantiles at `PROBABILITIES`, per cent below 0.411, percentile of 0.70: plain hit rates.
MEMCAT = {
    "memcat": (0.7585, 0.131, (0.490, 0.569, 0.687, 0.786, 0.855, 0.903, 0.926), 1.7, 27),
    "memcat-food": (0.853, 0.077, (0.709, 0.752, 0.814, 0.865, 0.909, 0.936, 0.951), 0.0, 4),
    "memcat-animal": (0.803, 0.093, (0.621, 0.672, 0.750, 0.816, 0.872, 0.910, 0.929), 0.15, 13),
    "memcat-sports": (0.781, 0.087, (0.621, 0.663, 0.733, 0.792, 0.844, 0.883, 0.905), 0.15, 17),
    "memcat-vehicle": (0.757, 0.094, (0.585, 0.632, 0.699, 0.766, 0.827, 0.869, 0.893), 0.05, 25),
    "memcat-landscape": (0.598, 0.133, (0.378, 0.424, 0.500, 0.598, 0.695, 0.776, 0.816), 8.0, 76),
}


def load(name: str) -> Reference:
    return Reference.from_file(resource(f"resources/references/{name}.json"))


def below(reference: Reference, score: float) -> float:
    """Return the share below a score in per cent."""
    return float(reference.percentile([score])[0])


@pytest.mark.parametrize("name", MEMCAT)
def test_memcat_has_its_published_quantiles(name: str) -> None:
    mean, sd, quantiles, tail, percentile = MEMCAT[name]
    reference = load(name)
    assert reference.n == (10_000 if name == "memcat" else 2_000)
    assert reference.mean == pytest.approx(mean, abs=0.0006)
    assert reference.sd == pytest.approx(sd, abs=0.0006)
    probabilities = np.linspace(0, 1, len(reference.quantiles))
    found = np.interp(PROBABILITIES, probabilities, reference.quantiles)
    assert found == pytest.approx(quantiles, abs=0.0006)
    assert below(reference, 0.411) == pytest.approx(tail, abs=0.12)
    assert below(reference, 0.70) == pytest.approx(percentile, abs=0.6)


def test_tails_of_lamem_and_memcat_together() -> None:
    lamem, memcat = load("lamem"), load("memcat")
    n = lamem.n + memcat.n
    under_half = 100 * sum(int(each.counts[:50].sum()) for each in (lamem, memcat)) / n
    # Published: “3 %”.
    assert under_half == pytest.approx(3.33, abs=0.005)
    under_floor = (lamem.n * below(lamem, 0.411) + memcat.n * below(memcat, 0.411)) / n
    # Published: 0.5 to 0.6 % of the images that ResMem was tested with, drawn at random. Of all scores it is
    # 0.83 %, and why these differ is not known; the benchmark of this name says what was tried.
    assert under_floor == pytest.approx(0.83, abs=0.06)
    assert below(lamem, 0.411) == pytest.approx(0.69, abs=0.06)


def test_lamems_mean_is_that_of_the_lab_and_not_of_the_page() -> None:
    lamem = load("lamem")
    assert lamem.n == 58_741
    assert lamem.mean == pytest.approx(0.756, abs=0.0005)
