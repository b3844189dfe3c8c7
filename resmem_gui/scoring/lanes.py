"""How a batch gets to the network and its scores come back, for each kind of device."""

from typing import Final, Protocol

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from resmem_gui.scoring.loading import precision
from resmem_gui.scoring.network import ResMemNetwork
from resmem_gui.scoring.preprocessing import INPUT_EDGE

_CPU_BATCH: Final = 8
_MPS_BATCH: Final = 16
#: What an image takes of a GPU's memory in the widest layers, half precision, with room for the libraries.
_GPU_BYTES_AN_IMAGE: Final = 32 * 2**20
_GPU_BATCHES: Final = (8, 256)
#: A GPU's batch goes in parts of this many images: one is copied while another is computed.
_PART: Final = 64


class Lane(Protocol):
    """The way to a network on a device.

    Attributes:
        batch_size: How many images at once suit it, at most.
    """

    batch_size: int

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the scores, shape (n,), of network inputs, shape (n, 227, 227, 3).

        Raises:
            RuntimeError: What torch says of a device that fails or has not enough memory.
        """


def open_lane(network: ResMemNetwork, device: torch.device) -> Lane:
    """Return the way to a network that is on `device`."""
    if device.type == "cuda":
        return OverlappedLane(network, device)
    if device.type == "cpu":
        return PlainLane(network, device, batch_size=_CPU_BATCH, least=2)
    return PlainLane(network, device, batch_size=_MPS_BATCH, least=1)


class PlainLane:
    """Copies a batch to the device, computes, and copies the scores back."""

    def __init__(self, network: ResMemNetwork, device: torch.device, *, batch_size: int, least: int) -> None:
        """Take a network.

        Args:
            network: On the device.
            device: Where it is.
            batch_size: See `Lane`.
            least: A smaller batch is filled up with copies, because it would take longer (`build_packed`).
        """
        self.batch_size = batch_size
        self._network = network
        self._device = device
        self._least = least

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Lane.score`."""
        count = len(batch)
        if count < self._least:
            batch = np.repeat(batch, self._least, axis=0)
        with torch.inference_mode():
            images = _network_images(torch.from_numpy(batch).to(self._device), torch.float32)
            scores: NDArray[np.float32] = self._network(images).cpu().numpy()
        return scores[:count]


class OverlappedLane:
    """Computes one part of a batch on an NVIDIA GPU while the next one is copied there from pinned memory."""

    def __init__(self, network: ResMemNetwork, device: torch.device) -> None:
        """Take a network on the GPU, and the memory for two parts of a batch."""
        self._network = network
        self._device = device
        self._precision = precision(device)
        free, _ = torch.cuda.mem_get_info(device)
        self.batch_size = gpu_batch_size(free)
        self._copying = torch.cuda.Stream(device)  # type: ignore[no-untyped-call]
        shape = (min(_PART, self.batch_size), INPUT_EDGE, INPUT_EDGE, 3)
        self._pinned = [torch.empty(shape, dtype=torch.uint8, pin_memory=True) for _ in range(2)]
        self._copied = [torch.cuda.Event() for _ in range(2)]  # type: ignore[no-untyped-call]

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Lane.score`."""
        part = len(self._pinned[0])
        with torch.inference_mode(), torch.cuda.device(self._device):
            made = [
                self._network(_network_images(self._copy(batch[start : start + part], slot), self._precision))
                for slot, start in enumerate(range(0, len(batch), part))
            ]
            scores: NDArray[np.float32] = torch.cat(made).float().cpu().numpy()
        return scores

    def _copy(self, images: NDArray[np.uint8], number: int) -> Tensor:
        """Return the images on the GPU; they arrive there before anything is computed from them."""
        slot = number % len(self._pinned)
        self._copied[slot].synchronize()  # what was copied from this memory before
        pinned = self._pinned[slot][: len(images)]
        pinned.copy_(torch.from_numpy(images))
        computing = torch.cuda.current_stream(self._device)
        with torch.cuda.stream(self._copying):
            there = pinned.to(self._device, non_blocking=True)
            self._copied[slot].record()
        computing.wait_stream(self._copying)
        there.record_stream(computing)
        return there


def gpu_batch_size(free_bytes: int) -> int:
    """Return how many images at once suit a GPU with so much free memory: half of it, a power of two."""
    least, most = _GPU_BATCHES
    fitting = max(least, free_bytes // 2 // _GPU_BYTES_AN_IMAGE)
    return min(most, 1 << (fitting.bit_length() - 1))


def _network_images(pixels: Tensor, dtype: torch.dtype) -> Tensor:
    """Return the network's images, values 0 to 1, of pixels on the device, shape (n, 227, 227, 3)."""
    # The axes change places without a copy: that is what "channels last" means.
    return pixels.permute(0, 3, 1, 2).to(torch.float32).div_(255.0).to(dtype)
