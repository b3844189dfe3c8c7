"""Summarises human memorability scores into the reference distributions that ship with the program.

    python resources/references/summarise.py FOLDER

reads `lamem_scores.csv` and `memcat_scores.csv` in the folder and writes, beside this file, one summary for
LaMem, one for MemCat, and one for each of MemCat's categories: counts in bins of 0.01, 1,001 quantiles, n,
mean, sd, provenance. The scores of single images stay out of the project.
"""

import argparse
import csv
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from resmem_gui.analysis.reference import Reference

#: The plain hit rate, which ResMem was trained on. Rates corrected for false alarms are other numbers.
COLUMN = "memorability"
MEASURE = "memorability as published: the share of people who recognised the repeated image"
LICENCE = (
    "None stated with the scores, which the authors published for research; only this summary of them "
    "ships with the program."
)


@dataclass(frozen=True)
class Dataset:
    """Scores that were published.

    Attributes:
        file: Their CSV file.
        id: Of the reference of all of them.
        name: As people write it.
        categories: Values of the column `category`, each with the name of its own reference.
        provenance: Where they come from.
    """

    file: str
    id: str
    name: str
    categories: dict[str, str]
    provenance: dict[str, str]


DATASETS = (
    Dataset(
        "lamem_scores.csv",
        "lamem",
        "LaMem",
        {},
        {
            "dataset": "LaMem",
            "column": COLUMN,
            "source": "LaMem, train, validation and test of split 1 joined",
            "citation": "Khosla, A., Raju, A. S., Torralba, A., & Oliva, A. (2015). Understanding and "
            "predicting image memorability at a large scale. Proceedings of ICCV 2015, 2390-2398.",
            "doi": "10.1109/ICCV.2015.275",
            "measure": MEASURE,
            "licence": LICENCE,
            "published": "2015",
        },
    ),
    Dataset(
        "memcat_scores.csv",
        "memcat",
        "MemCat",
        {
            "animal": "MemCat animals",
            "food": "MemCat food",
            "landscape": "MemCat landscapes",
            "sports": "MemCat sports",
            "vehicle": "MemCat vehicles",
        },
        {
            "dataset": "MemCat",
            "column": COLUMN,
            "source": "MemCat, all categories",
            "citation": "Goetschalckx, L., & Wagemans, J. (2019). MemCat: a new category-based image set "
            "quantified on memorability. PeerJ, 7, e8169.",
            "doi": "10.7717/peerj.8169",
            "measure": MEASURE + ", not corrected for false alarms",
            "licence": LICENCE,
            "published": "2019",
        },
    ),
)


def read_scores(path: Path) -> list[tuple[float, str]]:
    """Return score and category of each row, the category empty where there is none.

    Raises:
        ValueError: There are no scores from 0 to 1 in it.
    """
    with path.open(encoding="utf-8", newline="") as stream:
        rows = csv.DictReader(stream)
        try:
            scores = [(float(row[COLUMN]), row.get("category") or "") for row in rows]
        except (KeyError, TypeError, ValueError):
            scores = []
    if not scores or not all(0 <= score <= 1 for score, _ in scores):
        raise ValueError(f"{path} must hold scores from 0 to 1 in the column {COLUMN}")
    return scores


def summaries(dataset: Dataset, folder: Path, date: str) -> list[Reference]:
    """Return the summary of all scores and one of each category."""
    path = folder / dataset.file
    rows = read_scores(path)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    origin = {**dataset.provenance, "file": dataset.file, "sha256": digest, "summarised": date}
    made = [Reference.from_scores([score for score, _ in rows], dataset.name, origin, dataset.id)]
    for category, name in dataset.categories.items():
        scores = [score for score, of in rows if of == category]
        if len(scores) < 2:
            raise ValueError(f"{path} must hold scores of the category {category}")
        source = f"{dataset.name}, category {category}"
        made.append(
            Reference.from_scores(scores, name, origin | {"source": source}, f"{dataset.id}-{category}")
        )
    return made


def main() -> None:
    """Read the scores in the folder named on the command line and write their summaries."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("folder", type=Path, help="where lamem_scores.csv and memcat_scores.csv are")
    today = datetime.now(UTC).strftime("%Y-%m-%d")
    parser.add_argument("--date", default=today, help="of the summaries, by default today's")
    arguments = parser.parse_args()
    try:
        made = [one for dataset in DATASETS for one in summaries(dataset, arguments.folder, arguments.date)]
    except (OSError, ValueError) as error:
        parser.error(str(error))
    for reference in made:
        target = Path(__file__).with_name(f"{reference.id}.json")
        target.write_text(reference.as_json(), encoding="utf-8")
        print(f"{target.name}: n = {reference.n:,}, mean {reference.mean:.4f}, sd {reference.sd:.4f}")


if __name__ == "__main__":
    main()
