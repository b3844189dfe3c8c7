"""What to say about lists besides how they match: their mix, what was left out, what is not known."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from resmem_gui.analysis.conditions import Mix
from resmem_gui.ui import wording
from resmem_gui.ui.conditions.work import Made

#: More categories are counted in the table only.
_MOST_TOLD: Final = 6
#: A group of near-duplicates that is larger is rather one of different things on like grounds.
_LARGE_GROUP: Final = 20


def facts(made: Made) -> str:
    """Return what a person must know before using lists, a line for each subject."""
    return "\n".join(_facts(made))


def _facts(made: Made) -> Iterator[str]:
    if len(made.categories) > 1:
        yield _mix(made)
    yield _drawn_from(made)
    floored = made.balance.at_floor
    if floored:
        yield (
            f"{wording.count_text(floored, 'image')} of the lists {'is' if floored == 1 else 'are'} at the "
            "model’s floor, where it does not tell images apart."
        )
    if made.found is None:
        yield "Near-duplicates are not kept apart: whoever has seen one knows the other."
    else:
        yield _near_duplicates(made)
        unknown = _unknown(made)
        if unknown:
            yield unknown


def _mix(made: Made) -> str:
    counts, of = made.balance.counts[0], len(made.categories)
    has = np.flatnonzero(counts)
    if of > _MOST_TOLD:
        share = f"all {of:,}" if len(has) == of else f"{len(has):,} of {of:,}"
        text = f"Each list has images of {share} categories, as many as the table shows."
    else:
        text = f"Each list has {_enumerated([f'{counts[i]:,} {made.categories[i]}' for i in has.tolist()])}"
        lacking = of - len(has)
        if lacking:
            text += f", and no image of {lacking:,} other categor{'y' if lacking == 1 else 'ies'}"
        text += "."
    in_list = made.task.wanted.in_list
    if made.task.wanted.mix is Mix.EVEN and len(np.unique(counts)) > 1:
        text += f" {in_list:,} images cannot be divided evenly among {of:,} categories."
    return text


def _drawn_from(made: Made) -> str:
    lists, summary = made.lists, made.balance.drawn_from
    text = (
        f"Drawn from {wording.count_text(summary.n, 'image')} with a mean of {summary.mean:.3f} "
        f"(SD {summary.sd:.3f})"
    )
    out = len(made.task.image_ids) - summary.n - lists.set_aside
    if out:
        text += f"; {wording.count_text(out, 'image')} left out by choice"
    return f"{text}."


def _near_duplicates(made: Made) -> str:
    assert made.found is not None
    sizes = made.found.sizes
    if not len(sizes):
        return "No near-duplicates were found."
    aside = wording.count_text(made.lists.set_aside, "near-duplicate")
    groups = "the group" if len(sizes) == 1 else f"each of {len(sizes):,} groups"
    was = "was" if made.lists.set_aside == 1 else "were"
    text = f"{aside} {was} set aside: one image of {groups} stayed, drawn by the seed."
    if sizes.max() > _LARGE_GROUP:
        text += (
            f" The largest group has {sizes.max():,} images: different things on plain grounds may pass for "
            "near-duplicates."
        )
    return text


def _unknown(made: Made) -> str:
    """Return for how many images near-duplicates are not known, empty if for none."""
    found = made.found
    assert found is not None
    lines = []
    unlooked, plain = int(found.unlooked.sum()), int(found.plain.sum())
    if unlooked:
        what = "near-duplicates and cautions" if made.task.without_cautions else "near-duplicates"
        lines.append(
            f"For {wording.count_text(unlooked, 'image')} {what} are not known yet. Such images are looked "
            "at while nothing is being scored: open this window again later."
        )
    if plain:
        lines.append(
            f"{wording.count_text(plain, 'image')} {'is' if plain == 1 else 'are'} plain all over and could "
            "not be compared."
        )
    drawn = found.uncompared(made.lists.image_ids)
    if lines:
        lines.append(f"The lists have {drawn:,} of them.")
    return " ".join(lines)


def _enumerated(parts: list[str]) -> str:
    return " and ".join(part for part in (", ".join(parts[:-1]), parts[-1]) if part)
