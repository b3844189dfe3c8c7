"""Turns what goes wrong with one image into a sentence, so that the others go on."""

import logging
from typing import TYPE_CHECKING, TypeVar

from resmem_gui.images.errors import ImageError

if TYPE_CHECKING:
    from concurrent.futures import Future

_log = logging.getLogger(__name__)
_Item = TypeVar("_Item")


def prepared_or_reason(future: "Future[_Item]") -> _Item | str:
    """Return what a decoding thread made, or why it made nothing."""
    try:
        return future.result()
    except ImageError as error:
        return str(error)
    except MemoryError:
        return "There is not enough memory to decode this image."
    except Exception as error:  # noqa: BLE001 - one image that nobody foresaw does not end the run
        _log.error("an image could not be prepared", exc_info=error)
        return f"The image could not be prepared for the network ({first_line(error)})."


def first_line(error: Exception) -> str:
    """Return what an exception says, in one line."""
    return str(error).partition("\n")[0].rstrip(".") or type(error).__name__
