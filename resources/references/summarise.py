"""Summarises human memorability scores into a reference distribution that can ship with the program.

    python resources/references/summarise.py lamem PATH/lamem_scores.csv

writes `lamem.json` beside this file: counts in bins of 0.01, 1,001 quantiles, n, mean, sd, provenance. The
scores of single images stay out of the project.
"""

import argparse
import csv
import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np

BINS = 100
QUANTILES = 1001

PROVENANCE = {
    "lamem": {
        "name": "LaMem",
        "column": "memorability",
        "source": "LaMem, train, validation and test of split 1 joined",
        "citation": "Khosla, A., Raju, A. S., Torralba, A., & Oliva, A. (2015). Understanding and predicting "
        "image memorability at a large scale. Proceedings of ICCV 2015, 2390-2398.",
        "measure": "memorability as published: the share of people who recognised the repeated image",
    },
}


def summarise(scores: np.ndarray[Any, np.dtype[np.float64]]) -> dict[str, Any]:
    """Return the numbers of a summary. Counts use bins closed on the left, the last one on both sides."""
    # Edges made by division: those that NumPy makes of a range put a score of 0.7 into the bin below.
    counts, _ = np.histogram(scores, bins=np.arange(BINS + 1) / BINS)
    quantiles = np.quantile(scores, np.linspace(0.0, 1.0, QUANTILES))
    return {
        "n": int(scores.size),
        "mean": round(float(scores.mean()), 6),
        "sd": round(float(scores.std(ddof=1)), 6),
        "counts": [int(count) for count in counts],
        "quantiles": [round(float(value), 6) for value in quantiles],
    }


def main() -> None:
    """Read the scores named on the command line and write their summary."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("reference", choices=sorted(PROVENANCE))
    parser.add_argument("scores", type=Path, help="a CSV file with one image a row")
    arguments = parser.parse_args()

    provenance = dict(PROVENANCE[arguments.reference])
    name, column = provenance.pop("name"), provenance["column"]
    content = arguments.scores.read_bytes()
    rows = csv.DictReader(content.decode("utf-8").splitlines())
    scores = np.array([float(row[column]) for row in rows], dtype=np.float64)
    if not (scores.size and np.isfinite(scores).all() and scores.min() >= 0 and scores.max() <= 1):
        parser.error(f"{arguments.scores} must hold scores from 0 to 1 in the column {column}")

    provenance |= {"file": arguments.scores.name, "sha256": hashlib.sha256(content).hexdigest()}
    summary = {"name": name, **summarise(scores), "provenance": provenance}
    target = Path(__file__).with_name(f"{arguments.reference}.json")
    target.write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(f"{target.name}: n = {summary['n']:,}, mean {summary['mean']:.4f}, sd {summary['sd']:.4f}")


if __name__ == "__main__":
    main()
