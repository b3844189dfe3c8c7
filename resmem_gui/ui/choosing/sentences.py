"""What is said of a choice, in words."""

from dataclasses import dataclass

from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.ui import wording
from resmem_gui.ui.choosing.work import Outcome


@dataclass(frozen=True, slots=True)
class Counts:
    """Of the images shown.

    Attributes:
        shown: All of them.
        waiting: Those that wait for their score, without those that are rejected.
        failed: Those that cannot have one, likewise.
        rejected: Those that a person has rejected.
    """

    shown: int
    waiting: int
    failed: int
    rejected: int = 0

    @property
    def choosable(self) -> int:
        """How many can be chosen."""
        return self.shown - self.waiting - self.failed - self.rejected


def of_shown(counts: Counts) -> str:
    """Return what follows the number that is wanted."""
    return f"of {wording.count_text(counts.shown, 'shown image')}"


def left_out(counts: Counts) -> str:
    """Return who cannot be chosen; empty if all can."""
    reasons = _without_score(counts)
    score = f"{_listed(reasons)}: only scored images are chosen." if reasons else ""
    verb = "is" if counts.rejected == 1 else "are"
    rejected = f"{_rejected(counts)} {verb} never chosen." if counts.rejected else ""
    return " ".join(filter(None, (score, rejected)))


def result(outcome: Outcome, wanted: int, counts: Counts, worst: float) -> str:
    """Return what was chosen, what was passed over, and why it are not more.

    Args:
        outcome: Of the choice.
        wanted: How many images were wanted.
        counts: As it was when the choice began.
        worst: The lowest score chosen; NaN if nothing was.
    """
    choice = outcome.choice
    chosen, passed_over = len(choice.image_ids), len(choice.passed_over)
    shown = wording.count_text(counts.shown, "shown image")
    if chosen < wanted:
        reasons = [_near_duplicates(passed_over)] if passed_over else []
        if counts.rejected:
            reasons.append(f"{counts.rejected:,} {'is' if counts.rejected == 1 else 'are'} rejected")
        why = _listed([*reasons, *_without_score(counts)])
        text = f"Only {chosen:,} instead of {wanted:,} chosen of {shown}" + (f": {why}." if why else ".")
    else:
        kind = "a near-duplicate" if passed_over == 1 else "near-duplicates"
        over = f"; {passed_over:,} passed over as {kind}" if passed_over else ""
        text = f"{chosen:,} of {shown} chosen{over}."
        if counts.rejected:
            text += f" {_rejected(counts)} {'was' if counts.rejected == 1 else 'were'} left out."
    return " ".join(filter(None, (text, _ties(outcome, worst), _unreadable(outcome))))


def _near_duplicates(count: int) -> str:
    return f"{count:,} {'is a near-duplicate' if count == 1 else 'are near-duplicates'} of chosen ones"


def _rejected(counts: Counts) -> str:
    return wording.count_text(counts.rejected, "rejected image")


def _without_score(counts: Counts) -> list[str]:
    verb = "waits for its score" if counts.waiting == 1 else "wait for their score"
    waiting = [f"{counts.waiting:,} {verb}"] if counts.waiting else []
    return waiting + ([f"{counts.failed:,} could not be scored"] if counts.failed else [])


def _ties(outcome: Outcome, worst: float) -> str:
    """Say where it is chance, or the order of adding, that one was chosen and another not."""
    tied, out = outcome.choice.tied, outcome.choice.tied_out
    if not tied:
        return ""
    others = f"{out:,} not chosen"
    if worst < FLOOR:
        return (
            f"{tied:,} of them and {others} are at the model’s floor, where ResMem does not tell images "
            "apart: those added first were taken."
        )
    return f"{tied:,} of them and {others} have the same score: those added first were taken."


def _unreadable(outcome: Outcome) -> str:
    if not outcome.unreadable:
        return ""
    count = wording.count_text(outcome.unreadable, "image")
    return f"{count} could not be read for comparing and passed as unlike all others."


def _listed(parts: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))
