"""How long an evaluation takes, beside SciPy's bootstrap of the rank correlation alone."""

import time

import numpy as np
from scipy import stats

from resmem_gui.analysis.evaluation import evaluate
from resmem_gui.analysis.resampling import RESAMPLES
from tests.benchmarks.common import argument_parser

_SCIPY_RESAMPLES = 100


def main() -> int:
    """Measure and print."""
    argument_parser(__doc__).parse_args()
    evaluate([0.5, 0.6, 0.7], [0.6, 0.5, 0.9])  # imports SciPy
    print(f"{'images':>8} {'evaluation':>11} {'SciPy, rho alone':>17}   {RESAMPLES:,} resamples")
    for count in (100, 1_000, 10_000, 60_000):
        chance = np.random.default_rng(count)
        measured = np.clip(chance.normal(0.75, 0.13, count), 0, 1)
        predicted = np.clip(0.7 + 0.5 * (measured - 0.75) + chance.normal(0, 0.07, count), 0.41, 1)
        begin = time.perf_counter()
        evaluate(predicted, measured)
        ours = time.perf_counter() - begin
        begin = time.perf_counter()
        stats.bootstrap(
            (predicted, measured),
            lambda x, y: stats.spearmanr(x, y).statistic,
            paired=True,
            vectorized=False,
            n_resamples=_SCIPY_RESAMPLES,
            method="percentile",
        )
        theirs = (time.perf_counter() - begin) * RESAMPLES / _SCIPY_RESAMPLES
        print(f"{count:8,} {ours:9.2f} s {theirs:15.2f} s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
