"""ResMem as a scorer."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring import weights
from resmem_gui.scoring.load_order import load_torch
from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError

if TYPE_CHECKING:
    from resmem_gui.scoring.lanes import Lane


class ResMemScorer:
    """ResMem (Needell & Bainbridge 2022) with the weights that the package `resmem` ships."""

    def __init__(self) -> None:
        self.name = f"ResMem {weights.RESMEM_VERSION}"
        self.weights_sha256 = weights.RESMEM_SHA256
        self.preprocessing = Preprocessing()
        self.device = ""
        self.device_label = ""
        self.batch_size = 1
        self._lane: Lane | None = None

    def load(self, device: str) -> None:
        """See `Scorer.load`."""
        self._lane = None  # a second load must not hold two networks
        # torch takes seconds to import: only the thread that scores waits for it.
        load_torch()
        from resmem_gui.scoring.device import choose_device, label
        from resmem_gui.scoring.lanes import open_lane
        from resmem_gui.scoring.loading import load_network

        path = weights.find_weights()
        weights.verify(path, weights.RESMEM_SHA256)
        chosen = choose_device(device)
        self.device, self.device_label = chosen.type, label(chosen)
        try:
            self._lane = open_lane(load_network(path, chosen), chosen)
        except RuntimeError as error:
            if device == "auto" and chosen.type != "cpu":
                raise DeviceLostError(str(error)) from error
            raise
        self.batch_size = self._lane.batch_size

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """See `Scorer.prepare`: shape (227, 227, 3)."""
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Scorer.score`. The batch has shape (n, 227, 227, 3)."""
        assert self._lane is not None, "load() comes first"
        try:
            return self._lane.score(batch)
        except RuntimeError as error:
            import torch

            # CUDA has an exception of its own for it, Apple's GPUs and the CPU have words.
            if isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error):
                raise OutOfMemoryError(str(error)) from error
            # Whatever else a GPU says: nothing is wrong with the batch, so the CPU can do it.
            if self.device != "cpu":
                raise DeviceLostError(str(error)) from error
            raise
