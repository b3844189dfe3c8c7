"""How many images go through the network at once."""

from typing import Final

#: The first batch of a run: two cost little more time than one, and are decoded side by side.
_FIRST: Final = 2
#: How long a batch may take, in seconds: nothing else can be done in the scoring thread meanwhile.
_LONGEST_S: Final = 1.25


class BatchSizes:
    """Chooses the size of the next batch from how long the last ones took.

    Attributes:
        most: No batch is larger.
    """

    def __init__(self, most: int, *, fixed: int | None = None) -> None:
        """Begin with nothing measured.

        Args:
            most: The largest batch that suits the device.
            fixed: A size that somebody asked for; it is kept unless the device is out of memory.
        """
        self.most = most if fixed is None else fixed
        self._fixed = fixed is not None
        self._image_s = 0.0
        self.begin()

    @property
    def wanted(self) -> int:
        """The size of the next batch."""
        return min(self._next, self.most)

    def begin(self) -> None:
        """Begin a run: the first scores are wanted soon."""
        self._next = self.most if self._fixed else _FIRST

    def note(self, images: int, seconds: float) -> None:
        """Note how long a batch took."""
        if self._fixed:
            return
        image_s = seconds / images
        # The first batch of all also pays for what is set up then; later ones are smoothed against chance.
        self._image_s = min(image_s, self._image_s or image_s) * 0.5 + image_s * 0.5
        fitting = int(_LONGEST_S / self._image_s) if self._image_s > 0 else self.most
        self._next = max(1, min(2 * self._next, fitting, self.most))

    def limit(self, most: int) -> None:
        """Make no larger batch from now on."""
        self.most = max(1, most)
