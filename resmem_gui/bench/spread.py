"""A figure that was measured several times."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Spread:
    """A figure measured several times, once at least."""

    values: tuple[float, ...]

    @classmethod
    def of(cls, values: Iterable[float]) -> "Spread":
        """Return the spread of at least one value."""
        return cls(tuple(values))

    @property
    def median(self) -> float:
        """The middle one."""
        return statistics.median(self.values)

    @property
    def best(self) -> float:
        """The greatest: of rates, the one that was disturbed least."""
        return max(self.values)

    def cells(self, digits: int = 3) -> list[str]:
        """Return least, middle and greatest value as table cells."""
        return [f"{value:.{digits}f}" for value in (min(self.values), self.median, self.best)]


#: The headings over `Spread.cells`.
SPREAD: Final = ("min", "median", "max")


def repeat(measure: Callable[[], float], times: int) -> Spread:
    """Measure several times."""
    return Spread.of(measure() for _ in range(times))
