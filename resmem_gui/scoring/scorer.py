"""What every scorer offers, and the registry through which scorers are found."""

import logging
from collections.abc import Callable
from importlib.metadata import entry_points
from typing import Final, Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.scoring.preprocessing import Preprocessing

_log = logging.getLogger(__name__)

DEFAULT_SCORER: Final = "resmem"
#: Where a network can be told to run.
DEVICES: Final = ("auto", "cpu", "cuda", "mps")
_GROUP: Final = "resmem_gui.scorers"


class ScorerError(Exception):
    """A scorer cannot be had or loaded. Its text is a plain sentence that says what to do."""


class OutOfMemoryError(Exception):
    """A batch did not fit into the device's memory; a smaller one may."""


class DeviceLostError(Exception):
    """A GPU failed: unplugged, reset, or its driver broke. Its text says what happened, for the log."""


class Scorer(Protocol):
    """A network that predicts memorability.

    Made cheaply on any thread; `load` and `score` are called on one thread only. `prepare` is called on many.

    Attributes:
        name: Of the scorer and its release, as exports write it.
        weights_sha256: Of the file of weights that `load` accepts.
        preprocessing: The recipe that images are prepared by; changed between two runs only.
        device: Where the network runs: "cpu", "cuda" or "mps"; empty before `load`.
        device_label: The device in words for people.
        batch_size: How many images at once suit the device, at most.
    """

    name: str
    weights_sha256: str
    preprocessing: Preprocessing
    device: str
    device_label: str
    batch_size: int

    def load(self, device: str) -> None:
        """Load the network onto "auto", "cpu", "cuda" or "mps".

        Called again, it leaves the device that it was on: this is how a run goes on after its GPU was lost.

        Raises:
            ScorerError: Weights or device are missing or not what they should be.
            DeviceLostError: The GPU that "auto" chose does not work; another load may ask for the CPU.
        """

    def prepare(self, pixels: Image.Image) -> NDArray[np.uint8]:
        """Return one image's network input, uint8."""

    def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
        """Return the scores, shape (n,), 0 to 1, of n network inputs stacked along the first axis.

        Raises:
            OutOfMemoryError: The batch is too large for the device.
            DeviceLostError: The device does not work any more.
        """


def load_scorer(scorer: Scorer, device: str, tell: Callable[[str], None]) -> None:
    """Load a scorer, on the CPU if the GPU that "auto" chose does not work.

    Args:
        scorer: Whatever its state.
        device: One of `DEVICES`.
        tell: Called with a sentence when the CPU has to do.

    Raises:
        ScorerError: It cannot be loaded.
    """
    try:
        _load(scorer, device)
    except DeviceLostError as error:
        _log.error("the GPU does not work: %s", error)
        tell(device_lost_sentence(scorer))
        _load(scorer, "cpu")


def _load(scorer: Scorer, device: str) -> None:
    try:
        scorer.load(device)
    except (ScorerError, DeviceLostError):
        raise
    except Exception as error:
        _log.exception("the scorer could not be loaded")
        raise ScorerError(f"{scorer.name} could not be loaded: {error}") from error


def device_lost_sentence(scorer: Scorer) -> str:
    """Return what a person is told when the scorer's GPU fails and the CPU takes over."""
    gpu = scorer.device_label
    return f"The GPU ({gpu}) failed. Scoring goes on with the CPU, more slowly; no image is lost."


def create_scorer(name: str = DEFAULT_SCORER) -> Scorer:
    """Return a scorer by the name under which it is registered as an entry point, not loaded yet.

    Args:
        name: In the entry point group `resmem_gui.scorers`.

    Raises:
        ScorerError: No scorer has this name, or the package that registered it is broken.
    """
    found = {entry.name: entry for entry in entry_points(group=_GROUP)}
    if name not in found:
        known = ", ".join(sorted(found)) or "none: install the program with pip, do not only copy it"
        raise ScorerError(f"There is no scorer called “{name}” (there is: {known}).")
    try:
        scorer: Scorer = found[name].load()()
    except Exception as error:
        _log.exception("the scorer %s could not be made", name)
        reason = str(error).rstrip(".") or type(error).__name__
        raise ScorerError(
            f"The scorer “{name}” cannot be used: {reason}. Install the package that it comes with again."
        ) from error
    return scorer
