"""Walks images through decoding and the network, some ahead of the others."""

import logging
import os
from collections import deque
from collections.abc import Collection, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.images.decoding import decode, fit
from resmem_gui.images.errors import ImageError
from resmem_gui.scoring.scorer import OutOfMemoryError, Scorer

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
        size: Width and height in pixels, after orientation.
        sha256: Of the file, hexadecimal.
        thumbnail: RGB, if the pipeline was told to make one.
    """

    request: Request
    score: float
    size: tuple[int, int]
    sha256: str
    thumbnail: Image.Image | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """An image that could not be scored, and why, as a plain sentence."""

    request: Request
    reason: str


Outcome = Scored | Failed


@dataclass(frozen=True, slots=True)
class _Prepared:
    """A decoded image on its way to the network."""

    network_input: NDArray[np.uint8]
    size: tuple[int, int]
    sha256: str
    thumbnail: Image.Image | None


class Pipeline:
    """Scores the images submitted to it, a batch a step.

    A few threads decode ahead while the caller's thread runs the network inside `step`. All methods are
    called on that one thread, so whoever drives the steps (a Qt worker, the command line) can add images,
    pause or cancel between two of them, and nothing needs a lock.
    """

    def __init__(
        self,
        scorer: Scorer,
        *,
        batch_size: int | None = None,
        decoders: int | None = None,
        thumbnail_edge: int | None = None,
    ) -> None:
        """Start the decoding threads.

        Args:
            scorer: Loaded.
            batch_size: Images that go through the network at once; the scorer's own choice by default.
            decoders: Decoding threads; half the cores by default, as the network needs the others.
            thumbnail_edge: Side of the thumbnails to make on the way, in pixels; none by default.
        """
        self._scorer = scorer
        self._batch_size = batch_size or scorer.batch_size
        self._thumbnail_edge = thumbnail_edge
        self._waiting: deque[Request] = deque()
        self._decoding: deque[tuple[Request, Future[_Prepared]]] = deque()
        self._pool = ThreadPoolExecutor(
            decoders or max(1, (os.cpu_count() or 2) // 2), thread_name_prefix="decode"
        )

    @property
    def pending(self) -> int:
        """How many submitted images have no outcome yet."""
        return len(self._waiting) + len(self._decoding)

    @property
    def current(self) -> Request | None:
        """The image that comes next, None when there is none."""
        if self._decoding:
            return self._decoding[0][0]
        return self._waiting[0] if self._waiting else None

    def submit(self, requests: Iterable[Request]) -> None:
        """Add images behind those that wait, and begin to decode."""
        self._waiting.extend(requests)
        self._decode_ahead()

    def step(self) -> list[Outcome]:
        """Score the next images, at most a batch of them, and return their outcomes in order of submission.

        It waits until one image is decoded and takes along those that are decoded by then: the first score
        comes early, and a slow file does not hold back the ones before it. Empty when nothing is pending.
        """
        batch: list[tuple[Request, _Prepared | str]] = []
        while self._decoding and len(batch) < self._batch_size:
            request, future = self._decoding[0]
            if batch and not future.done():
                break
            self._decoding.popleft()
            batch.append((request, _result(future)))
            self._decode_ahead()
        return self._outcomes(batch)

    def cancel(self) -> None:
        """Drop all that is pending. An image being decoded at this moment is finished and forgotten."""
        self._waiting.clear()
        for _, future in self._decoding:
            future.cancel()
        self._decoding.clear()

    def withdraw(self, image_ids: Collection[int]) -> None:
        """Drop some images, as far as they have no outcome yet."""
        self._waiting = deque(request for request in self._waiting if request.image_id not in image_ids)
        kept: deque[tuple[Request, Future[_Prepared]]] = deque()
        for request, future in self._decoding:
            if request.image_id in image_ids:
                future.cancel()
            else:
                kept.append((request, future))
        self._decoding = kept
        self._decode_ahead()

    def close(self) -> None:
        """Cancel, and end the threads as soon as the images in their hands are decoded."""
        self.cancel()
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _decode_ahead(self) -> None:
        while self._waiting and len(self._decoding) < _BATCHES_AHEAD * self._batch_size:
            request = self._waiting.popleft()
            self._decoding.append((request, self._pool.submit(self._prepare, request.path)))

    def _prepare(self, path: str) -> _Prepared:
        """Decode one file for the network; runs on a decoding thread."""
        image = decode(path, upright=self._scorer.preprocessing.upright)
        edge = self._thumbnail_edge
        return _Prepared(
            network_input=self._scorer.prepare(image.pixels),
            size=(image.width, image.height),
            sha256=image.sha256,
            # people see images upright, whatever the network is given
            thumbnail=fit(image.pixels, edge) if edge and self._scorer.preprocessing.upright else None,
        )

    def _outcomes(self, batch: list[tuple[Request, _Prepared | str]]) -> list[Outcome]:
        inputs = [item.network_input for _, item in batch if isinstance(item, _Prepared)]
        scores = iter(self._scores(inputs))
        return [
            Failed(request, item) if isinstance(item, str) else _outcome(request, item, next(scores))
            for request, item in batch
        ]

    def _scores(self, inputs: list[NDArray[np.uint8]]) -> list[float | str]:
        """Return for each input its score, or why there is none. Out of memory, batches become smaller."""
        if not inputs:
            return []
        try:
            return [float(score) for score in self._scorer.score(np.stack(inputs))]
        except OutOfMemoryError:
            pass  # the retry comes below: in here the exception keeps the tensors of the failed batch alive
        except Exception as error:  # noqa: BLE001 - whatever a device does, the run goes on with a reason
            _log.error("the network failed on a batch of %d", len(inputs), exc_info=error)
            return [f"The network failed on this image ({_first_line(error)})."] * len(inputs)
        if len(inputs) == 1:
            return ["The device has not enough memory for a single image. Close other programs."]
        middle = len(inputs) // 2
        self._batch_size = middle
        _log.warning("the device is out of memory: batches of %d from now on", middle)
        return [*self._scores(inputs[:middle]), *self._scores(inputs[middle:])]


def _result(future: "Future[_Prepared]") -> _Prepared | str:
    """Return what a decoding thread made, or why it made nothing."""
    try:
        return future.result()
    except ImageError as error:
        return str(error)
    except MemoryError:
        return "There is not enough memory to decode this image."
    except Exception as error:  # noqa: BLE001 - one image that nobody foresaw does not end the run
        _log.error("an image could not be prepared", exc_info=error)
        return f"The image could not be prepared for the network ({_first_line(error)})."


def _first_line(error: Exception) -> str:
    """Return what an exception says, in one line."""
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__


def _outcome(request: Request, prepared: _Prepared, score: float | str) -> Outcome:
    if isinstance(score, str):
        return Failed(request, score)
    if not 0.0 <= score <= 1.0:  # also NaN
        return Failed(request, f"The network answered {score} instead of a score: the device failed on it.")
    return Scored(request, score, prepared.size, prepared.sha256, prepared.thumbnail)
