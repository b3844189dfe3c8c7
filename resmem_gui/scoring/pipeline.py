"""Walks images through decoding and the network, some ahead of the others."""

import logging
import time
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.file_state import FileState
from resmem_gui.images.decoding import DecodedImage, decode, fit
from resmem_gui.scoring.batch_scores import batch_scores
from resmem_gui.scoring.batch_sizes import BatchSizes
from resmem_gui.scoring.cores import usable_cores
from resmem_gui.scoring.decoding_ahead import DecodingAhead
from resmem_gui.scoring.failures import prepared_or_reason
from resmem_gui.scoring.scorer import DeviceLostError, Scorer, load_scorer
from resmem_gui.traits import Traits

if TYPE_CHECKING:
    from concurrent.futures import Future

_log = logging.getLogger(__name__)

#: Decoded images that wait for the network, at most, in batches: only their inputs and thumbnails, 350 kB.
_BATCHES_AHEAD: Final = 2


@dataclass(frozen=True, slots=True)
class Request:
    """An image to be scored. The id is the caller's and comes back with the outcome."""

    image_id: int
    path: str


@dataclass(frozen=True, slots=True)
class Scored:
    """An image that got its score.

    Attributes:
        request: What was asked.
        score: 0 to 1.
        device: Where the network ran when it gave this score.
        size: Width and height in pixels, after orientation.
        sha256: Of the file, hexadecimal.
        state: Of the file just before it was read.
        is_settled: Whether each change after that leads to another state.
        thumbnail: RGB, if the pipeline was told to make one.
        traits: What the pixels tell besides the score, if the pipeline was told to look.
    """

    request: Request
    score: float
    device: str
    size: tuple[int, int]
    sha256: str
    state: FileState
    is_settled: bool
    thumbnail: Image.Image | None = None
    traits: Traits | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """An image that could not be scored, and why, as a plain sentence."""

    request: Request
    reason: str


Outcome = Scored | Failed


@dataclass(frozen=True, slots=True)
class KnownScore:
    """A score that the same scorer gave the same content before, and the device that it ran on."""

    score: float
    device: str


#: Returns by hash (SHA-256, hexadecimal) the known scores of those contents that have one.
Recall = Callable[[Sequence[str]], Mapping[str, KnownScore]]

#: Returns what upright RGB pixels tell besides the score, given how many pictures their file holds.
FindTraits = Callable[[Image.Image, int], Traits]


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A decoded image on its way to the network."""

    network_input: NDArray[np.uint8]
    size: tuple[int, int]
    sha256: str
    state: FileState
    is_settled: bool
    thumbnail: Image.Image | None
    traits: Traits | None


class Pipeline:
    """Scores the images submitted to it, a batch a step.

    A few threads decode ahead while the caller's thread runs the network inside `step`. All methods are
    called on that one thread, so whoever drives the steps (a Qt worker, the command line) can add images,
    pause or cancel between two of them, and nothing needs a lock.

    The first batch of a run is small, so that its scores come early. Those after it grow as long as one takes
    about a second: that is how long pausing and cancelling may have to wait.

    The same content goes through the network once: scores known from before are recalled, and equal images in
    a batch share one.
    """

    def __init__(
        self,
        scorer: Scorer,
        *,
        batch_size: int | None = None,
        decoders: int | None = None,
        thumbnail_edge: int | None = None,
        recall: Recall = lambda _: {},
        traits: FindTraits | None = None,
    ) -> None:
        """Start the decoding threads.

        Args:
            scorer: Loaded.
            batch_size: Images that go through the network at once; by default as many as suit the scorer, the
                machine and the run.
            decoders: Decoding threads; as many as there are cores by default.
            thumbnail_edge: Side of the thumbnails to make on the way, in pixels; none by default.
            recall: Looks up scores that are known from before; none are by default.
            traits: Looks at the pixels of upright images for what they tell besides the score. Called on the
                decoding threads; by default nobody looks.
        """
        self._scorer = scorer
        self._fixed_size = batch_size
        self._sizes = BatchSizes(scorer.batch_size, fixed=batch_size)
        self._thumbnail_edge = thumbnail_edge
        self._recall = recall
        self._find_traits = traits
        self._decoding: DecodingAhead[Request, _Prepared] = DecodingAhead(
            self._prepare, self._most_ahead, decoders or usable_cores(), "decode"
        )

    @property
    def pending(self) -> int:
        """How many submitted images have no outcome yet."""
        return len(self._decoding)

    @property
    def current(self) -> Request | None:
        """The image that comes next, None when there is none."""
        return self._decoding.current

    def submit(self, requests: Iterable[Request]) -> None:
        """Add images behind those that wait, and begin to decode."""
        if self.pending == 0:
            self._sizes.begin()
        self._decoding.add(requests)
        self._decoding.begin()

    def step(self, patience: float = 0.5) -> list[Outcome]:
        """Score the next images, at most a batch of them, and return their outcomes.

        It waits for a full batch, which is worth more than many small ones. Images come in order of
        submission as far as they are decoded: a slow file holds back neither those before nor behind it.

        Args:
            patience: How long to wait, in seconds. Without a single decoded image then, nothing is returned.

        Raises:
            DeviceLostError: The scorer's GPU does not work any more. No image is lost: after `fall_back` the
                next step goes on with the same ones.
        """
        self._decoding.wait(self._sizes.wanted, patience)
        batch = self._decoding.take(self._sizes.wanted)
        decoded = [(request, _ready(future)) for request, future in batch]
        try:
            return self._outcomes(decoded)
        except DeviceLostError:
            self._decoding.put_back(batch)
            raise

    def fall_back(self) -> None:
        """After a lost device, load the scorer on the CPU; the next step goes on there.

        Raises:
            ScorerError: It cannot be loaded there either.
        """
        load_scorer(self._scorer, "cpu", _log.warning)
        self._sizes = BatchSizes(self._scorer.batch_size, fixed=self._fixed_size)

    def give_up(self, reason: str) -> list[Outcome]:
        """Drop all that is pending, and return for each of them that it failed, unless its score is known."""
        decoded = [(request, _ready(future)) for request, future in self._decoding if future.done()]
        contents = [item.sha256 for _, item in decoded if isinstance(item, _Prepared)]
        known = self._recall(contents)
        outcomes: list[Outcome] = [
            _outcome(request, item, known[item.sha256])
            for request, item in decoded
            if isinstance(item, _Prepared) and item.sha256 in known
        ]
        has_outcome = {outcome.request.image_id for outcome in outcomes}
        requests = self._decoding.requests
        self.cancel()
        left = [request for request in requests if request.image_id not in has_outcome]
        return [*outcomes, *(Failed(request, reason) for request in left)]

    def cancel(self) -> None:
        """Drop all that is pending. An image being decoded at this moment is finished and forgotten."""
        self._decoding.cancel()

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop some images, as far as they have no outcome yet."""
        self._decoding.withdraw(image_ids)
        self._decoding.begin()

    def close(self) -> None:
        """Cancel, and end the threads as soon as the images in their hands are decoded."""
        self._decoding.close()

    def _most_ahead(self) -> int:
        return _BATCHES_AHEAD * self._sizes.most

    def _prepare(self, request: Request) -> _Prepared:
        """Decode one file for the network; runs on a decoding thread."""
        recipe, edge = self._scorer.preprocessing, self._thumbnail_edge
        now = time.time_ns()
        image = decode(request.path, upright=recipe.upright, least_edge=recipe.decode_edge)
        return _Prepared(
            network_input=self._scorer.prepare(image.pixels),
            size=image.size,
            sha256=image.sha256,
            state=image.state,
            is_settled=image.state.is_settled(now),
            # people see images upright, whatever the network is given
            thumbnail=fit(image.pixels, edge) if edge and recipe.upright else None,
            traits=self._traits(image, request.path) if recipe.upright else None,
        )

    def _traits(self, image: DecodedImage, path: str) -> Traits | None:
        """Look at an image's pixels. Whatever comes of it, the image keeps its score."""
        if self._find_traits is None:
            return None
        try:
            return self._find_traits(image.pixels, image.frames)
        except Exception as error:  # noqa: BLE001 - whatever a detector does, the score stands without it
            _log.error("nothing could be found out about %s besides its score", path, exc_info=error)
            return None

    def _outcomes(self, batch: list[tuple[Request, _Prepared | str]]) -> list[Outcome]:
        contents = {item.sha256: item for _, item in batch if isinstance(item, _Prepared)}
        known: dict[str, KnownScore | str] = {**self._recall(list(contents))}
        new = [item for sha256, item in contents.items() if sha256 not in known]
        scores = batch_scores(self._scorer, [item.network_input for item in new], self._sizes)
        for item, score in zip(new, scores, strict=True):
            known[item.sha256] = score if isinstance(score, str) else KnownScore(score, self._scorer.device)
        return [
            Failed(request, item) if isinstance(item, str) else _outcome(request, item, known[item.sha256])
            for request, item in batch
        ]


def _ready(future: "Future[_Prepared]") -> _Prepared | str:
    """Return what a decoding thread made, or why it made nothing."""
    found = prepared_or_reason(future)  # by itself: mypy takes the union for what the future holds else
    return found  # noqa: RET504


def _outcome(request: Request, prepared: _Prepared, known: KnownScore | str) -> Outcome:
    if isinstance(known, str):
        return Failed(request, known)
    score = known.score
    if not 0.0 <= score <= 1.0:  # also NaN
        return Failed(request, f"The network answered {score} instead of a score: the device failed on it.")
    return Scored(
        request=request,
        score=score,
        device=known.device,
        size=prepared.size,
        sha256=prepared.sha256,
        state=prepared.state,
        is_settled=prepared.is_settled,
        thumbnail=prepared.thumbnail,
        traits=prepared.traits,
    )
