"""ResMem as a scorer."""

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring import weights
from resmem_gui.scoring.load_order import set_up_threads
from resmem_gui.scoring.preprocessing import AS_STORED, UPRIGHT, network_input
from resmem_gui.scoring.scorer import OutOfMemoryError

if TYPE_CHECKING:
    import torch

    from resmem_gui.scoring.network import ResMemNetwork

_BATCH_SIZES: Final = {"cpu": 4, "mps": 16, "cuda": 32}


class ResMemScorer:
    """ResMem (Needell & Bainbridge 2022) with the weights that the package `resmem` ships."""

    def __init__(self, *, upright: bool = True) -> None:
        self.name = f"ResMem {weights.RESMEM_VERSION}"
        self.weights_sha256 = ""
        self.set_upright(upright=upright)
        self.device = ""
        self.device_label = ""
        self.batch_size = _BATCH_SIZES["cpu"]
        self._network: ResMemNetwork | None = None
        self._torch_device: torch.device | None = None

    def set_upright(self, *, upright: bool) -> None:
        """See `Scorer.set_upright`."""
        self.preprocessing = UPRIGHT if upright else AS_STORED

    def load(self, device: str) -> None:
        """See `Scorer.load`."""
        set_up_threads()
        # torch and torchvision take seconds to import: only the thread that scores waits for them.
        from resmem_gui.scoring.device import choose_device, label
        from resmem_gui.scoring.network import load_network

        path = weights.find_weights()
        weights.verify(path, weights.RESMEM_SHA256)
        chosen = choose_device(device)
        self._network = load_network(path, chosen)
        self._torch_device = chosen
        self.weights_sha256 = weights.RESMEM_SHA256
        self.device, self.device_label = chosen.type, label(chosen)
        self.batch_size = _BATCH_SIZES[chosen.type]

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """See `Scorer.prepare`: shape (227, 227, 3)."""
        return network_input(pixels)

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """See `Scorer.score`. The batch has shape (n, 227, 227, 3)."""
        import torch

        assert self._network is not None, "load() comes first"
        try:
            with torch.inference_mode():
                images = torch.from_numpy(batch).to(self._torch_device)
                # The axes change places without a copy: that is what "channels last" means.
                images = images.permute(0, 3, 1, 2).to(torch.float32).div_(255.0)
                scores: NDArray[np.float32] = self._network(images).cpu().numpy()
        except RuntimeError as error:
            # CUDA has an exception of its own for it, Apple's GPUs and the CPU have words.
            if not isinstance(error, torch.OutOfMemoryError) and "out of memory" not in str(error):
                raise
            torch.cuda.empty_cache()
            raise OutOfMemoryError(str(error)) from error
        return scores
