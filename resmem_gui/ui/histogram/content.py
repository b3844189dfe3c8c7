"""What the histogram shows, and the same in words."""

from dataclasses import dataclass

import numpy as np

from resmem_gui.analysis.histogram import Distribution
from resmem_gui.ui.histogram.options import Options, View
from resmem_gui.ui.wording import count_text

#: Low and high; the high end does not belong to it, except 1.0, as in `library.filtering.Range`.
ScoreRange = tuple[float, float]


@dataclass(frozen=True)
class Content:
    """All that is drawn, at one moment.

    Attributes:
        library: Of the images in the window.
        reference: What it is compared with.
        reference_name: As people write it.
        selection: Of the selected images.
        marks: Scores that get a line of their own: those of a small selection.
        chosen: The range that a person has chosen, if any.
    """

    library: Distribution
    reference: Distribution
    reference_name: str
    selection: Distribution
    marks: tuple[float, ...] = ()
    chosen: ScoreRange | None = None

    @property
    def draws_selection(self) -> bool:
        """Whether the selection is drawn as a distribution."""
        return self.selection.n > 0 and not self.marks

    def summary(self) -> str:
        """Return what there is to see, in sentences."""
        reference = self.reference
        measured = f"{self.reference_name}, {reference.n:,} images measured on people"
        if self.library.n == 0:
            return f"No scores yet. {measured}: mean {reference.mean:.2f}, sd {reference.sd:.2f}."
        sentences = [_numbers(self.library)]
        above = 1 - self.library.share_below(reference.quantile(0.5))
        counted = f"{round(above * self.library.n):,} ({percent(above)})"
        sentences.append(f"Above the median of {self.reference_name}: {counted}.")
        sentences.append(f"{measured}: mean {reference.mean:.2f}, sd {reference.sd:.2f}.")
        if self.chosen is not None:
            share = percent(self.library.share_in(*self.chosen))
            sentences.append(f"Range {range_text(self.chosen)}: {self._count_in_range()} ({share}).")
        if self.selection.n:
            sentences.append(f"Selected: {self.selection.n:,}, mean {self.selection.mean:.2f}.")
        return " ".join(sentences)

    def _count_in_range(self) -> str:
        return count_text(round(self.library.count_in(*self.chosen)) if self.chosen else 0, "image")

    def range_label(self) -> str:
        """Return the chosen range and how many images are in it; empty if there is none."""
        return f"{range_text(self.chosen)}: {self._count_in_range()}" if self.chosen else ""

    def hover_text(self, bar: ScoreRange, options: Options) -> str:
        """Return what stands at a bar, a line for each distribution."""
        if options.view is View.CUMULATIVE:
            return self._up_to(bar[1], options)
        lines = [range_text(bar)]
        count = round(self.library.count_in(*bar))
        if self.library.n:
            share = percent(self.library.share_in(*bar))
            lines.append(f"{count:,} of your {count_text(self.library.n, 'image')} ({share})")
        if options.shows_reference:
            lines.append(f"{self.reference_name}: {percent(self.reference.share_in(*bar))}")
        if self.selection.n:
            lines.append(f"Selected: {round(self.selection.count_in(*bar)):,} of {self.selection.n:,}")
        return "\n".join(lines)

    def _up_to(self, score: float, options: Options) -> str:
        word = "At most" if score >= 1.0 else "Below"
        lines = [f"{word} {limit_text(score)}"]
        if self.library.n:
            share = percent(self.library.share_in(0.0, score))
            lines.append(f"{share} of your {count_text(self.library.n, 'image')}")
        if options.shows_reference:
            lines.append(f"{self.reference_name}: {percent(self.reference.share_in(0.0, score))}")
        if self.selection.n:
            lines.append(f"Selected: {percent(self.selection.share_in(0.0, score))}")
        return "\n".join(lines)


def caption(options: Options) -> str:
    """Return what the heights mean."""
    if options.view is View.CURVE:
        return "Density, smoothed (Gaussian kernel)"
    if options.view is View.CUMULATIVE:
        return "Share of images below each score"
    return f"Density in bars of {options.bin_width:.2f}"


def _numbers(library: Distribution) -> str:
    text = f"Your images: {library.n:,}, mean {library.mean:.2f}"
    if np.isnan(library.sd):
        return f"{text}."
    quartiles = [library.quantile(probability) for probability in (0.25, 0.5, 0.75)]
    return f"{text}, sd {library.sd:.2f}, quartiles {', '.join(f'{score:.2f}' for score in quartiles)}."


def range_text(chosen: ScoreRange) -> str:
    """Return a range, such as "0.70 to 0.82"."""
    return f"{limit_text(chosen[0])} to {limit_text(chosen[1])}"


def limit_text(score: float) -> str:
    """Return an end of a range: two decimals, or three where it needs them."""
    text = f"{score:.3f}"
    return text.removesuffix("0")


def percent(share: float) -> str:
    """Return a share of 0 to 1 in per cent; only none is 0 and only all is 100."""
    if share in (0.0, 1.0):
        return f"{share:.0%}".replace("%", "\u00a0%")
    return f"{min(max(100 * share, 0.1), 99.9):.1f}\u00a0%"
