"""Stands for the network in tests that are about everything around it."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.scorer import OutOfMemoryError

EDGE = 4

Answer = Callable[[NDArray[np.uint8]], NDArray[np.float32] | None]


class FakeScorer:
    """Scores an image by its mean brightness, so that every outcome can be told beforehand.

    Attributes:
        batches: How many images each batch held that was asked for.
        memory: The largest batch that fits; None for any.
        load_errors: What loading raises, by device.
        answer: Called with a batch before it is scored; may raise, or return other scores.
    """

    def __init__(self) -> None:
        self.name = "Fake 1.0"
        self.weights_sha256 = "f" * 64
        self.preprocessing = Preprocessing()
        self.device = "cpu"
        self.device_label = "a fake CPU"
        self.batch_size = 4
        self.batches: list[int] = []
        self.memory: int | None = None
        self.answer: Answer = lambda batch: None
        self.loaded_on = ""
        self.load_errors: dict[str, Exception] = {}

    def load(self, device: str) -> None:
        if device in self.load_errors:
            raise self.load_errors[device]
        self.loaded_on = device
        self.device = "cpu" if device == "auto" else device

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        return np.asarray(pixels.resize((EDGE, EDGE)))

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        assert batch.shape[1:] == (EDGE, EDGE, 3)
        self.batches.append(len(batch))
        if self.memory is not None and len(batch) > self.memory:
            raise OutOfMemoryError(f"{len(batch)} images do not fit")
        other = self.answer(batch)
        if other is not None:
            return other
        scores: NDArray[np.float32] = (batch.mean(axis=(1, 2, 3)) / 255).astype(np.float32)
        return scores
