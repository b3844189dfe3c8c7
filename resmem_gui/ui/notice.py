"""What there is to tell a person, wherever it comes from; the window shows it above the images."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Level(Enum):
    """How much a notice matters; the value is its icon's name."""

    INFO = "info"
    SUCCESS = "check"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True)
class Notice:
    """A message with at most one thing to do about it.

    Attributes:
        key: A newer notice with the same key takes the place of the older one.
        level: How much it matters.
        text: The message.
        action_text: What the button says.
        action: What the button does; None for no button.
    """

    key: str
    level: Level
    text: str
    action_text: str = ""
    action: Callable[[], None] | None = None

    @property
    def goes_by_itself(self) -> bool:
        """Whether it needs no closing: what a person asked for was done, and there is nothing more to do."""
        return self.level is Level.SUCCESS and self.action is None

    def is_like(self, other: "Notice") -> bool:
        """Return whether it differs from another one in the words at most: as progress does."""
        mine = (self.key, self.level, self.action_text, self.action is None)
        return mine == (other.key, other.level, other.action_text, other.action is None)
