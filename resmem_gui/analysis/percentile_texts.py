"""Percentiles in words, for window and report alike."""

from resmem_gui.analysis.reference import Reference


def percentile_text(percentile: float) -> str:
    """Return a percentile as a short label, such as "83rd percentile"; "of" and a reference can follow.

    Nothing is at the 100th or the 0th: a score beyond the whole reference is "above all" or "below all".
    """
    return _beyond(percentile) or f"{_ordinal(percentile)} percentile"


def percentile_cell(percentile: float) -> str:
    """Return a percentile as a cell has it, without false precision: "83".

    Beyond the whole reference it is ">99.9" or "<0.1".
    """
    if _beyond(percentile):
        return ">99.9" if percentile else "<0.1"
    return str(_whole(percentile))


def percentile_of(percentile: float, reference: Reference) -> str:
    """Return a percentile where there is little room and images have several references."""
    return f"{_beyond(percentile) or _ordinal(percentile)} of {reference.name}"


def percentile_sentence(percentile: float, reference: Reference) -> str:
    """Return a percentile with the reference it is taken from and how many images that has.

    Such as "83rd percentile of LaMem, n = 58,741", or "above all 58,741 of LaMem".
    """
    beyond = _beyond(percentile)
    if beyond:
        return f"{beyond} {reference.n:,} of {reference.name}"
    return f"{percentile_text(percentile)} of {reference.name}, n\u00a0=\u00a0{reference.n:,}"


def _beyond(percentile: float) -> str:
    """Return where a score beyond the whole reference lies; empty for one within."""
    return {100.0: "above all", 0.0: "below all"}.get(percentile, "")


def _whole(percentile: float) -> int:
    return min(99, max(1, round(percentile)))


def _ordinal(percentile: float) -> str:
    whole = _whole(percentile)
    suffix = "th" if whole % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(whole % 10, "th")
    return f"{whole}{suffix}"
