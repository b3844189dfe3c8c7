"""Measures how the scores of images move when they are framed a little differently."""

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from resmem_gui.images.decoding import decode
from resmem_gui.images.errors import ImageError
from resmem_gui.scoring.batch_scores import batch_scores
from resmem_gui.scoring.batch_sizes import BatchSizes
from resmem_gui.scoring.decoding_ahead import DecodingAhead
from resmem_gui.scoring.failures import prepared_or_reason
from resmem_gui.scoring.framings import framings, recipe
from resmem_gui.scoring.scorer import DeviceLostError, Scorer

if TYPE_CHECKING:
    from concurrent.futures import Future

#: Images decoded before the network gets to them: each goes through it ten times, so that few will do.
_AHEAD: Final = 4
_DECODERS: Final = 2
#: Devices and releases of torch differ by less. A standard framing that scores otherwise than the image did
#: says that the score was made in another way.
_SAME_SCORE: Final = 0.005

_CHANGED: Final = "The file is not what it was when it was scored. Score it again first."
_OTHER_SCORE: Final = "Its score was made in another way than the program scores now. Score it again first."
_NO_SCORES: Final = "The network answered something else than scores: the device failed on it."
_OTHER_INPUT: Final = "This scorer prepares images in its own way; other framings are known for ResMem only."


@dataclass(frozen=True, slots=True)
class FramingRequest:
    """An image whose sensitivity is to be measured.

    Attributes:
        image_id: The caller's; it comes back with the outcome.
        path: Of its file.
        sha256: Of the file when it was scored, hexadecimal.
        score: That it got then.
        recipe: Id of the ways of framing.
    """

    image_id: int
    path: str
    sha256: str
    score: float
    recipe: str


@dataclass(frozen=True, slots=True)
class Measured:
    """An image that was scored in every framing of the recipe.

    Attributes:
        request: What was asked.
        scores: In the recipe's order, 0 to 1.
    """

    request: FramingRequest
    scores: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Unmeasured:
    """An image whose sensitivity could not be measured, and why, as a plain sentence."""

    request: FramingRequest
    reason: str


FramingOutcome = Measured | Unmeasured

#: Returns by hash (SHA-256, hexadecimal) the scores in all framings of those contents whose are known; asked
#: with the hashes and the id of the recipe.
RecallFramings = Callable[[Collection[str], str], Mapping[str, tuple[float, ...]]]


def judged(request: FramingRequest, scores: Sequence[float]) -> FramingOutcome:
    """Return scores as an outcome, if they are scores and belong to the score that the image has."""
    if any(not 0.0 <= score <= 1.0 for score in scores):  # also NaN
        return Unmeasured(request, _NO_SCORES)
    standard = scores[recipe(request.recipe).standard]
    if not math.isclose(standard, request.score, abs_tol=_SAME_SCORE):
        return Unmeasured(request, _OTHER_SCORE)
    return Measured(request, tuple(scores))


class SensitivityPipeline:
    """Measures the images submitted to it, one a step.

    As `Pipeline`: threads decode ahead while the caller's thread runs the network inside `step`, and all
    methods are called on that one thread.
    """

    def __init__(self, scorer: Scorer, recall: RecallFramings = lambda _, __: {}) -> None:
        """Begin with nothing to do; threads start when there is something to decode.

        Args:
            scorer: Loaded.
            recall: Looks up what was measured before, so that the same content is measured once.
        """
        self._scorer = scorer
        self._sizes = BatchSizes(scorer.batch_size)
        self._recall = recall
        self._decoding: DecodingAhead[FramingRequest, NDArray[np.uint8]] = DecodingAhead(
            self._prepare, lambda: _AHEAD, _DECODERS, "framings"
        )

    @property
    def pending(self) -> int:
        """How many submitted images have no outcome yet."""
        return len(self._decoding)

    @property
    def current(self) -> FramingRequest | None:
        """The image that comes next, None when there is none."""
        return self._decoding.current

    def submit(self, requests: Iterable[FramingRequest]) -> None:
        """Add images behind those that wait. Nothing is decoded before the next step: scores go first."""
        self._decoding.add(requests)

    def step(self, patience: float = 0.5) -> list[FramingOutcome]:
        """Measure the next image that is decoded and return its outcome.

        Args:
            patience: How long to wait for one, in seconds. Nothing is returned without one then.

        Raises:
            DeviceLostError: The scorer's GPU does not work any more. No image is lost: after the scorer has
                been loaded anew and `fall_back` the next step goes on with the same one.
        """
        self._decoding.begin()
        self._decoding.wait(1, patience)
        ready = self._decoding.take(1)
        try:
            return [self._outcome(*entry) for entry in ready]
        except DeviceLostError:
            self._decoding.put_back(ready)
            raise

    def fall_back(self) -> None:
        """Note that the scorer was loaded on another device."""
        self._sizes = BatchSizes(self._scorer.batch_size)

    def give_up(self, reason: str) -> list[FramingOutcome]:
        """Drop all that is pending, and return for each of them why it is not measured."""
        requests = self._decoding.requests
        self.cancel()
        return [Unmeasured(request, reason) for request in requests]

    def cancel(self) -> None:
        """Drop all that is pending. An image being decoded at this moment is finished and forgotten."""
        self._decoding.cancel()

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop some images, as far as they have no outcome yet."""
        self._decoding.withdraw(image_ids)

    def close(self) -> None:
        """Cancel, and end the threads as soon as the images in their hands are decoded."""
        self._decoding.close()

    def _prepare(self, request: FramingRequest) -> NDArray[np.uint8]:
        """Decode one file and return all its framings; runs on a decoding thread."""
        preprocessing = self._scorer.preprocessing
        image = decode(request.path, upright=preprocessing.upright, least_edge=preprocessing.decode_edge)
        if image.sha256 != request.sha256:
            raise ImageError(_CHANGED)
        asked = recipe(request.recipe)
        found = framings(image.pixels, asked)
        if not np.array_equal(found[asked.standard], self._scorer.prepare(image.pixels)):
            raise ImageError(_OTHER_INPUT)
        return found

    def _outcome(self, request: FramingRequest, future: "Future[NDArray[np.uint8]]") -> FramingOutcome:
        known = self._recall([request.sha256], request.recipe)
        if request.sha256 in known:
            return judged(request, known[request.sha256])
        found = prepared_or_reason(future)
        if isinstance(found, str):
            return Unmeasured(request, found)
        scores: list[float] = []
        while len(scores) < len(found):
            batch = found[len(scores) : len(scores) + self._sizes.wanted]
            answers = batch_scores(self._scorer, list(batch), self._sizes)
            reason = next((answer for answer in answers if isinstance(answer, str)), None)
            if reason is not None:
                return Unmeasured(request, reason)
            scores += [answer for answer in answers if not isinstance(answer, str)]
        return judged(request, scores)
