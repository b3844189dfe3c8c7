"""Sends a batch through the network, whatever happens there."""

import logging
import time
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from resmem_gui.scoring.batch_sizes import BatchSizes
from resmem_gui.scoring.failures import first_line
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError, Scorer

_log = logging.getLogger(__name__)


def batch_scores(scorer: Scorer, inputs: Sequence[NDArray[np.uint8]], sizes: BatchSizes) -> list[float | str]:
    """Return for each network input its score, or why there is none. Out of memory, batches become smaller.

    Args:
        scorer: Loaded.
        inputs: All of one shape; together they are one batch.
        sizes: Told how long the batch took, or that it was too large.

    Raises:
        DeviceLostError: The scorer's GPU does not work any more.
    """
    if not inputs:
        return []
    try:
        began = time.perf_counter()
        scores = scorer.score(np.stack(inputs)).tolist()
    except OutOfMemoryError:
        pass  # the retry comes below: in here the exception keeps the tensors of the failed batch alive
    except DeviceLostError:
        if scorer.device != "cpu":
            raise
        return ["The network failed on this image."] * len(inputs)
    except Exception as error:  # noqa: BLE001 - whatever a network does, the run goes on with a reason
        _log.error("the network failed on a batch of %d", len(inputs), exc_info=error)
        return [f"The network failed on this image ({first_line(error)})."] * len(inputs)
    else:
        sizes.note(len(inputs), time.perf_counter() - began)
        return [*scores]
    if len(inputs) == 1:
        if scorer.device != "cpu":
            raise DeviceLostError("not enough memory for a single image")
        return ["The device has not enough memory for a single image. Close other programs."]
    middle = len(inputs) // 2
    sizes.limit(middle)
    _log.warning("the device is out of memory: batches of %d from now on", middle)
    return [*batch_scores(scorer, inputs[:middle], sizes), *batch_scores(scorer, inputs[middle:], sizes)]
