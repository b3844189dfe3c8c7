"""ResMem as a scorer."""

import logging
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring import weights
from resmem_gui.scoring.load_order import load_torch
from resmem_gui.scoring.preprocessing import Preprocessing, network_input
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError

if TYPE_CHECKING:
    import torch

    from resmem_gui.scoring.lanes import Lane

_log = logging.getLogger(__name__)


class ResMemScorer:
    """ResMem (Needell & Bainbridge 2022) with the weights that the package `resmem` ships."""

    def __init__(self) -> None:
        self.name = f"ResMem {weights.RESMEM_VERSION}"
        self.weights_sha256 = ""
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

        path = weights.find_weights()
        weights.verify(path, weights.RESMEM_SHA256)
        chosen = choose_device(device)
        try:
            lane = self._open_lane(chosen)
        except RuntimeError as error:
            if device != "auto" or chosen.type == "cpu":
                raise
            _log.warning("the GPU cannot be used, the CPU takes its place: %s", error)
            chosen = choose_device("cpu")
            lane = self._open_lane(chosen)
        self._lane = lane
        self.weights_sha256 = weights.RESMEM_SHA256
        self.device, self.device_label = chosen.type, label(chosen)
        self.batch_size = lane.batch_size

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """See `Scorer.prepare`: shape (227, 227, 3)."""
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Scorer.score`. The batch has shape (n, 227, 227, 3)."""
        assert self._lane is not None, "load() comes first"
        try:
            return self._lane.score(batch)
        except RuntimeError as error:
            raise self._translated(error) from error

    def _open_lane(self, device: "torch.device") -> "Lane":
        from resmem_gui.scoring.lanes import open_lane
        from resmem_gui.scoring.loading import load_network

        return open_lane(load_network(weights.find_weights(), device), device)

    def _translated(self, error: RuntimeError) -> Exception:
        """Return in the words of `Scorer.score` what torch raised."""
        import torch

        # CUDA has an exception of its own for it, Apple's GPUs and the CPU have words.
        if isinstance(error, torch.OutOfMemoryError) or "out of memory" in str(error):
            return OutOfMemoryError(str(error))
        # The same batch that a GPU cannot do is none that a CPU cannot do: whatever it says, it is lost.
        return error if self.device == "cpu" else DeviceLostError(str(error))
