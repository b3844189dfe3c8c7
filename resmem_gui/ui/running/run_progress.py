"""What there is to say about a run while it is under way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class RunProgress:
    """How far a run is.

    Attributes:
        state: In a word or two, such as "Scoring" or "Paused".
        done: Images with an outcome, of `total`.
        rate: Images a second, None while unknown.
        seconds_left: None while unknown.
        current: Name of the image that comes next.
        device: Where the network runs.
        busy: Whether something is under way whose end is not known.
    """

    state: str
    done: int = 0
    total: int = 0
    rate: float | None = None
    seconds_left: float | None = None
    current: str = ""
    device: str = ""
    busy: bool = False

    @property
    def headline(self) -> str:
        """The shortest way to say it."""
        return f"{self.state} {self.done:,} of {self.total:,}" if self.total else self.state
