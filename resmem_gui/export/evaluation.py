"""Scores beside what people were measured to remember: matched, compared, and as JSON."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.evaluation import FEWEST, EvaluationError, evaluate
from resmem_gui.analysis.evaluation_figures import Evaluation
from resmem_gui.analysis.evaluation_words import Words, words
from resmem_gui.analysis.reference import Reference
from resmem_gui.export.path_texts import as_valid_text, path_as_text
from resmem_gui.library.ground_truth import GroundTruth
from resmem_gui.library.library import Library
from resmem_gui.library.matching import NAME_RULE, Images, Matching, looks_like_hash, match

#: Of the files of figures. Raised when a field changes its meaning.
FORMAT: Final = 1


@dataclass(frozen=True, slots=True)
class Predictions:
    """Scores of images, taken from a library at one moment.

    Attributes:
        images: All images.
        scores: Shape (n,), of each of them; NaN without one.
    """

    images: Images
    scores: NDArray[np.float64]

    @classmethod
    def of(cls, library: Library, *, hashes: bool) -> "Predictions":
        """Take them from a library.

        Args:
            library: Not changed meanwhile.
            hashes: Whether images may have to be found by SHA-256.
        """
        ids: list[int] = library.present_ids().tolist()
        paths = library.paths
        sha256s = [library.sha256(image_id) for image_id in ids] if hashes else []
        images = Images(ids, [paths[image_id] for image_id in ids], sha256s)
        return cls(images, library.scores[ids].astype(np.float64))


@dataclass(frozen=True)
class Comparison:
    """Human scores, the images that they belong to, and how well these are predicted.

    Attributes:
        truth: The human scores.
        matching: Which row belongs to which image.
        evaluation: Of the pairs with both scores.
        words: The same in sentences.
        image_ids: Of those pairs, shape (n,).
        rows: Places of those pairs in `truth`, shape (n,).
        unscored: Ids of images that were matched and have no score.
        paths: By image id, of all images.
        trained_on: Name of the training set that the images come from; empty if from none.
    """

    truth: GroundTruth
    matching: Matching
    evaluation: Evaluation
    words: Words
    image_ids: NDArray[np.int64]
    rows: NDArray[np.int64]
    unscored: tuple[int, ...]
    paths: Mapping[int, str]
    trained_on: str

    def fields(self, run: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Return everything for JSON.

        Args:
            run: Fields of the run record.
        """
        return {
            "format": FORMAT,
            "truth": self._truth_fields(),
            "matching": self._matching_fields(),
            "evaluation": self.evaluation.fields(),
            "headline": self.words.headline,
            "findings": list(self.words.findings),
            "caveats": list(self.words.caveats),
            "pairs": self._pairs(),
            "run": run,
        }

    def _truth_fields(self) -> dict[str, Any]:
        truth, columns = self.truth, self.truth.columns
        return {
            "file": as_valid_text(truth.name),
            "sha256": truth.sha256,
            "columns": {
                "key": columns.key,
                "score": columns.score,
                "category": columns.category,
                "count": columns.count,
            },
            "rows": len(truth.keys),
            "left_out": [{"line": each.line, "reason": each.sentence} for each in truth.problems],
            "notes": list(truth.notes),
            "training_set": self.trained_on or None,
        }

    def _matching_fields(self) -> dict[str, Any]:
        matching = self.matching
        ambiguous = [
            {
                "why": each.why.value,
                "rows": self._row_fields(each.rows),
                "images": self._path_texts(each.image_ids),
            }
            for each in matching.ambiguous
        ]
        return {
            "rule": NAME_RULE,
            "matched": {rule.value: count for rule, count in matching.counts().items()},
            "rows_without_image": self._row_fields(matching.unmatched_rows),
            "images_without_row": self._path_texts(matching.unmatched_ids),
            "images_without_score": self._path_texts(self.unscored),
            "ambiguous": ambiguous,
        }

    def _row_fields(self, rows: Sequence[int]) -> list[dict[str, Any]]:
        truth = self.truth
        return [{"line": int(truth.lines[row]), "key": as_valid_text(truth.keys[row])} for row in rows]

    def _path_texts(self, image_ids: Sequence[int]) -> list[str]:
        return [path_as_text(self.paths[image_id]) for image_id in image_ids]

    def _pairs(self) -> list[dict[str, Any]]:
        truth, evaluation = self.truth, self.evaluation
        pairs = []
        for place, (image_id, row) in enumerate(
            zip(self.image_ids.tolist(), self.rows.tolist(), strict=True)
        ):
            pair = {
                "path": path_as_text(self.paths[image_id]),
                "key": as_valid_text(truth.keys[row]),
                "line": int(truth.lines[row]),
                "predicted": round(float(evaluation.predicted[place]), 6),
                "measured": float(evaluation.measured[place]),
            }
            if truth.categories is not None:
                pair["category"] = as_valid_text(truth.categories[row])
            pairs.append(pair)
        return pairs

    def json_text(self, run: Mapping[str, Any] | None = None) -> str:
        """Return `fields` as text."""
        return json.dumps(self.fields(run), ensure_ascii=False, indent=1, allow_nan=False) + "\n"


def compare(
    truth: GroundTruth,
    predictions: Predictions,
    usual: Reference,
    *,
    trained_on: str | None = None,
    seed: int = 0,
    pause: Callable[[], None] = lambda: None,
) -> Comparison:
    """Match human scores with images, and compare.

    Args:
        truth: The human scores.
        predictions: The images with their scores.
        usual: What people's scores are usually like.
        trained_on: Training set that the images come from, empty for none; None to tell it by names.
        seed: Of the bootstrap.
        pause: Called now and then; may wait, or raise to give up.

    Raises:
        EvaluationError: Too few images have both scores.
    """
    matching = match(truth.keys, predictions.images, give_way=pause)
    score_of = dict(zip(predictions.images.ids, predictions.scores.tolist(), strict=True))
    pairs = [pair for pair in matching.pairs if score_of[pair.image_id] == score_of[pair.image_id]]
    scored = {pair.image_id for pair in pairs}
    unscored = tuple(pair.image_id for pair in matching.pairs if pair.image_id not in scored)
    if len(pairs) < FEWEST:
        raise EvaluationError(_too_few(len(pairs), matching, len(unscored)))
    rows = np.array([pair.row for pair in pairs], dtype=np.int64)
    if trained_on is None:
        trained_on = truth.looks_like.value if truth.looks_like else ""
    evaluation = evaluate(
        [score_of[pair.image_id] for pair in pairs],
        truth.scores[rows],
        categories=None if truth.categories is None else [truth.categories[row] for row in rows.tolist()],
        people=None if truth.counts is None else truth.counts[rows],
        seed=seed,
        pause=pause,
    )
    return Comparison(
        truth=truth,
        matching=matching,
        evaluation=evaluation,
        words=words(evaluation, usual, trained_on=trained_on),
        image_ids=np.array([pair.image_id for pair in pairs], dtype=np.int64),
        rows=rows,
        unscored=unscored,
        paths=dict(zip(predictions.images.ids, predictions.images.paths, strict=True)),
        trained_on=trained_on,
    )


def needs_hashes(keys: Sequence[str]) -> bool:
    """Return whether some of the keys are SHA-256s."""
    return any(looks_like_hash(key) for key in keys)


def _too_few(count: int, matching: Matching, unscored: int) -> str:
    text = f"At least {FEWEST} images with both scores are needed; there are {count}. {matching.sentence()}"
    if unscored:
        text += f" {unscored:,} of these have no score yet: score them first."
    elif not matching.pairs and matching.ambiguous:
        text += " The same names stand in several folders: name one folder, or write folders into the table."
    elif not matching.pairs:
        text += " Are these the images of that table? Choose the column that holds their file names."
    return text
