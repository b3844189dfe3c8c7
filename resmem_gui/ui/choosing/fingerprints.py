"""Keeps the fingerprints of images, made when they are first compared."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.images.errors import ImageError
from resmem_gui.images.likeness import BYTES, SIGHT, distances, fingerprint


class Fingerprints:
    """By image id, in memory: 26 bytes an image. To be used on one thread at a time.

    Attributes:
        unreadable: Images that could not be read. They are like no other.
    """

    def __init__(self, load: Callable[[str, int], Image.Image]) -> None:
        """Prepare.

        Args:
            load: Returns the upright pixels of a file, with both sides at most so long; raises `ImageError`.
        """
        self._load = load
        self._paths: dict[int, str] = {}
        self._bits = np.zeros((0, BYTES), dtype=np.uint8)
        self._looked = np.zeros(0, dtype=np.bool_)
        self._has_bits = np.zeros(0, dtype=np.bool_)
        self._current: Sequence[str] = ()
        self.unreadable: set[int] = set()

    def prepare(self, paths: Sequence[str]) -> None:
        """Take the paths of all images, by id. Files that moved or could not be read are looked at anew."""
        room = max(0, len(paths) - len(self._looked))
        self._bits = np.pad(self._bits, ((0, room), (0, 0)))
        self._looked = np.pad(self._looked, (0, room))
        self._has_bits = np.pad(self._has_bits, (0, room))
        for image_id, path in self._paths.items():
            if paths[image_id] != path or image_id in self.unreadable:
                self._looked[image_id] = False
        self.unreadable.clear()
        self._current = paths

    def distances(self, image_id: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how far an image is from others, shape (n,); infinite where either cannot be compared."""
        for unknown in (image_id, *others[~self._looked[others]].tolist()):
            self._look(unknown)
        apart = distances(self._bits[image_id], self._bits[others]).astype(np.float64)
        apart[~(self._has_bits[others] & self._has_bits[image_id])] = np.inf
        return apart

    def _look(self, image_id: int) -> None:
        if self._looked[image_id]:
            return
        path = self._current[image_id]
        try:
            bits = fingerprint(self._load(path, SIGHT))
        except ImageError:
            self.unreadable.add(image_id)  # told to the user with the choice
            bits = None
        self._paths[image_id] = path
        self._looked[image_id] = True
        self._has_bits[image_id] = bits is not None
        if bits is not None:
            self._bits[image_id] = bits
