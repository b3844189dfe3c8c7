"""What an evaluation leaves out, and why: a few words for a table, and all there is to say."""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from resmem_gui.library.ground_truth import GroundTruth
from resmem_gui.library.matching import Ambiguity, Matching, Why
from resmem_gui.library.records import readable
from resmem_gui.ui.wording import count_text

#: A table may come from Windows.
_SLASH: Final = re.compile(r"[\\/]")
_MOST_NAMED: Final = 10
_REASONS: Final = {
    Why.SEVERAL_IMAGES: "Fits several images",
    Why.SEVERAL_ROWS: "Several rows name it",
}
_ADVICE: Final = {
    Why.SEVERAL_IMAGES: "Write enough of the path into the table to tell them apart.",
    Why.SEVERAL_ROWS: "Which one counts is not guessed: leave one of them in the table.",
}


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A row or an image that cannot be compared.

    Attributes:
        what: Which, without folders.
        why: In a few words.
        in_full: The same with folders, and what can be done.
    """

    what: str
    why: str
    in_full: str


def left_out(
    truth: GroundTruth, matching: Matching, paths: Mapping[int, str], unscored: Sequence[int] = ()
) -> Iterator[LeftOut]:
    """Yield rows and images that cannot be compared, and why; of 100,000 only the first are wanted.

    Args:
        truth: The human scores.
        matching: Their images.
        paths: By image id.
        unscored: Ids of images that were matched and have no score.
    """
    # A row that cannot be used may have named one of those.
    no_row = "No row that can be used" if truth.problems else "Not in the table"
    for each in truth.problems:
        yield LeftOut(f"Line {each.line:,}", each.sentence, f"Line {each.line:,}: {each.sentence}")
    for case in matching.ambiguous:
        yield _ambiguous(truth, case, paths)
    for row in matching.unmatched_rows:
        yield _row(truth, row)
    for image_id in unscored:
        yield _image(paths[image_id], "Has no score")
    for image_id in matching.unmatched_ids:
        yield _image(paths[image_id], no_row)


def count_left_out(truth: GroundTruth, matching: Matching, unscored: Sequence[int] = ()) -> int:
    """Return how many `left_out` yields."""
    parts = (truth.problems, matching.ambiguous, matching.unmatched_rows, unscored, matching.unmatched_ids)
    return sum(map(len, parts))


def unscored_text(count: int) -> str:
    """Return that so many images were matched and have no score, with a blank before it; empty for none."""
    if not count:
        return ""
    return f" {count_text(count, 'matched image')} {'has' if count == 1 else 'have'} no score: left out."


def _ambiguous(truth: GroundTruth, case: Ambiguity, paths: Mapping[int, str]) -> LeftOut:
    lines = ", ".join(f"{truth.lines[row]:,}" for row in case.rows[:_MOST_NAMED])
    lines += ", …" if len(case.rows) > _MOST_NAMED else ""
    what = f"{'Lines' if len(case.rows) > 1 else 'Line'} {lines}: {_name(truth.keys[case.rows[0]])}"
    images = [readable(paths[image_id]) for image_id in case.image_ids[:_MOST_NAMED]]
    images += ["…"] if len(case.image_ids) > _MOST_NAMED else []
    everything = "\n".join([f"{what}: {case.why.value}.", *images, _ADVICE[case.why]])
    return LeftOut(what, _REASONS[case.why], everything)


def _row(truth: GroundTruth, row: int) -> LeftOut:
    key, line, why = truth.keys[row], truth.lines[row], "No such image here"
    return LeftOut(f"Line {line:,}: {_name(key)}", why, f"Line {line:,}: {readable(key)}\n{why}.")


def _image(path: str, why: str) -> LeftOut:
    return LeftOut(readable(os.path.basename(path)), why, f"{readable(path)}\n{why}.")


def _name(key: str) -> str:
    """Return what names an image in a row, without folders."""
    return readable(_SLASH.split(key)[-1] or key)
