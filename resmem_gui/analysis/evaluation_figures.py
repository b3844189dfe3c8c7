"""What an evaluation finds: figures with their intervals, distributions, calibration, categories."""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resmem_gui.analysis.description import describe
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.resampling import CONFIDENCE, FEWEST_FOR_INTERVALS, RESAMPLES, Floats


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of an evaluation.

    Attributes:
        key: Its name in files.
        name: As people write it.
        value: NaN where it is not defined.
        low: Of its confidence interval; NaN without one.
        high: Likewise.
        meaning: In a plain sentence.
    """

    key: str
    name: str
    value: float
    low: float
    high: float
    meaning: str

    def fields(self) -> dict[str, float | None]:
        """Return its numbers for JSON."""
        return {"value": known(self.value), "low": known(self.low), "high": known(self.high)}


@dataclass(frozen=True, slots=True)
class Sample:
    """How scores of one kind are distributed.

    Attributes:
        n: How many.
        mean: Of them.
        sd: Sample standard deviation.
        quartiles: Scores at 25, 50 and 75 %.
    """

    n: int
    mean: float
    sd: float
    quartiles: tuple[float, float, float]

    @classmethod
    def of(cls, values: Floats) -> "Sample":
        """Return that of values, shape (n,), at least two."""
        found = describe(values)
        return cls(found.n, found.mean, found.sd, (found.q1, found.median, found.q3))

    def fields(self) -> dict[str, Any]:
        """Return it for JSON."""
        return {"n": self.n, "mean": self.mean, "sd": self.sd, "quartiles": list(self.quartiles)}


@dataclass(frozen=True, slots=True)
class CalibrationBin:
    """Images whose predicted scores are alike.

    Attributes:
        low: Lower end of the predicted scores.
        high: Upper end, outside but for 1.
        n: How many images, at least one.
        predicted: Mean predicted score.
        measured: Mean measured score.
        standard_error: Of the latter; NaN for a single image.
    """

    low: float
    high: float
    n: int
    predicted: float
    measured: float
    standard_error: float

    def fields(self) -> dict[str, float | None]:
        """Return it for JSON."""
        return {name: known(getattr(self, name)) for name in self.__dataclass_fields__}


@dataclass(frozen=True, slots=True)
class CategoryAgreement:
    """Agreement within one category.

    Attributes:
        name: Of the category; empty for images without one.
        n: How many images.
        spearman: Within the category; NaN below `evaluation.FEWEST_OF_CATEGORY` images.
        low: Of its confidence interval.
        high: Likewise.
        mae: Mean absolute error.
        bias: Mean of predicted less measured.
    """

    name: str
    n: int
    spearman: float
    low: float
    high: float
    mae: float
    bias: float

    def fields(self) -> dict[str, Any]:
        """Return it for JSON."""
        numbers = ("spearman", "low", "high", "mae", "bias")
        return {"category": self.name, "n": self.n, **{name: known(getattr(self, name)) for name in numbers}}


@dataclass(frozen=True)
class Evaluation:
    """Predicted scores beside measured ones.

    Attributes:
        predicted: Shape (n,).
        measured: Shape (n,).
        figures: By key, in the order in which they are shown.
        predicted_sample: How the former are distributed.
        measured_sample: How the latter are.
        spearman_at_floor: The rank correlation with all scores at the model's floor as ties.
        ks: Kolmogorov-Smirnov distance between the two distributions, 0 to 1.
        floor_count: How many predicted scores are at the model's floor.
        calibration: Bins of `evaluation.BIN_WIDTH` that have images.
        categories: Agreement in each category, the largest first; empty without categories.
        seed: Of the bootstrap.
        people: Median number of people who answered for an image; NaN if unknown.
        ceiling: What correlation a perfect model could reach against scores of so few people; NaN if unknown.
    """

    predicted: Floats
    measured: Floats
    figures: dict[str, Figure]
    predicted_sample: Sample
    measured_sample: Sample
    spearman_at_floor: float
    ks: float
    floor_count: int
    calibration: tuple[CalibrationBin, ...]
    categories: tuple[CategoryAgreement, ...]
    seed: int
    people: float = math.nan
    ceiling: float = math.nan

    @property
    def n(self) -> int:
        """How many images are compared."""
        return len(self.predicted)

    @property
    def residuals(self) -> Floats:
        """Measured less predicted, shape (n,): positive where people remember better than predicted."""
        return self.measured - self.predicted

    @property
    def floor_share(self) -> float:
        """Share of the predicted scores at the model's floor, 0 to 1."""
        return self.floor_count / self.n

    def largest_residuals(self, count: int) -> NDArray[np.int64]:
        """Return places of the images that are predicted worst, the worst first."""
        order: NDArray[np.int64] = np.argsort(-np.abs(self.residuals), kind="stable")[:count]
        return order

    def fields(self) -> dict[str, Any]:
        """Return all figures for JSON; what is not defined is None."""
        return {
            "n": self.n,
            "figures": {key: figure.fields() for key, figure in self.figures.items()},
            "predicted": self.predicted_sample.fields(),
            "measured": self.measured_sample.fields(),
            "ks_distance": self.ks,
            "floor": {
                "below": FLOOR,
                "count": self.floor_count,
                "share": self.floor_share,
                "spearman_floor_as_ties": known(self.spearman_at_floor),
            },
            "people_per_image_median": known(self.people),
            "ceiling_by_sampling": known(self.ceiling),
            "calibration": [each.fields() for each in self.calibration],
            "categories": [each.fields() for each in self.categories],
            "intervals": {
                "method": "percentile bootstrap, pairs resampled",
                "confidence": CONFIDENCE,
                "resamples": RESAMPLES,
                "fewest_images": FEWEST_FOR_INTERVALS,
                "seed": self.seed,
                "generator": "numpy.random.default_rng",
            },
        }


def known(value: float) -> float | None:
    """Return a number for JSON, which has no NaN."""
    return value if math.isfinite(value) else None
