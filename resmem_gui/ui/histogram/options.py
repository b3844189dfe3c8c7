"""How the histogram is drawn, as plain values that can be remembered."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from resmem_gui.analysis.histogram import BIN_WIDTH, BIN_WIDTHS


class View(Enum):
    """What is drawn of a distribution; the value is how it is remembered."""

    BARS = "bars"
    CURVE = "curve"
    CUMULATIVE = "cumulative"


@dataclass(frozen=True)
class Options:
    """The choices of a person.

    Attributes:
        view: What is drawn.
        bin_width: Of the bars, and of the steps of a range; one of `BIN_WIDTHS`.
        shows_reference: Whether the reference is drawn.
    """

    view: View = View.BARS
    bin_width: float = BIN_WIDTH
    shows_reference: bool = True

    def plain(self) -> dict[str, str | float | bool]:
        """Return the choices as values that settings can hold."""
        return {
            "view": self.view.value,
            "bin_width": self.bin_width,
            "shows_reference": self.shows_reference,
        }

    @classmethod
    def of_plain(cls, values: Mapping[str, object]) -> "Options":
        """Return the choices that were remembered; what is missing or unknown is as it is at first.

        Args:
            values: As `plain` returns them, or as the texts that a settings file makes of them.
        """
        views = {view.value: view for view in View}
        widths = {str(width): width for width in BIN_WIDTHS}
        return cls(
            view=views.get(str(values.get("view")), View.BARS),
            bin_width=widths.get(str(values.get("bin_width")), BIN_WIDTH),
            shows_reference=str(values.get("shows_reference", True)).lower() not in ("false", "0"),
        )
