"""Which column of a table holds human scores, told by titles and by what stands in it."""

import re
from collections.abc import Callable
from typing import Final

from resmem_gui.human_scores.tables import MISSING, TextTable, number

_TITLES: Final = (
    "memorability_wo_fa_correction", "memorability", "memorability_score", "mem_score", "mem", "hit_rate",
    "hitrate", "mean_hit_rate", "hr", "human_memorability", "human_score", "human", "score",
)  # fmt: skip
_LIKELY_TITLE: Final = re.compile(r"memorab|hit_?rate|(^|_)hr(_|$)|score")
_UNCORRECTED_TITLE: Final = re.compile(r"(^|_)(wo|without|no|not|non|un|before)_?(fa|false|corr)|uncorrected")
_CORRECTED_TITLE: Final = re.compile(
    r"correct(ed|ion)|korrigiert|corrig|false_?alarm|(^|_)(fa[rs]?|d_?prime)(_|$)|^pr$"
)
_SAMPLE_ROWS: Final = 200
#: A column of which so large a share are scores holds scores.
_MOSTLY: Final = 0.9


def plain_title(title: str) -> str:
    """Return a title in small letters and digits with underscores between its words."""
    return re.sub(r"[^a-z0-9]+", "_", title.casefold()).strip("_")


def titled(table: TextTable, wanted: tuple[str, ...]) -> str | None:
    """Return the title of the column that is called by one of some names, earlier names first."""
    titles = {plain_title(title): title for title in reversed(table.columns)}
    return next((titles[name] for name in wanted if name in titles), None)


def beginning(table: TextTable, title: str) -> list[str]:
    """Return the first cells of a column, enough to tell what it holds."""
    place = table.columns.index(title)
    return [row[place] for row in table.rows[:_SAMPLE_ROWS]]


def is_corrected(title: str) -> bool:
    """Return whether a column seems to hold scores with false alarms subtracted, or false alarms."""
    plain = plain_title(title)
    return not _UNCORRECTED_TITLE.search(plain) and _CORRECTED_TITLE.search(plain) is not None


def score_column(table: TextTable) -> str | None:
    """Return the title of the column that seems to hold human scores; None if none does.

    A column without correction for false alarms goes before a corrected one: ResMem was trained on the
    former.
    """
    return titled(table, _TITLES) or _best([title for title in table.columns if _holds_scores(table, title)])


def first_plain(table: TextTable, fits: Callable[[str], bool]) -> str | None:
    """Return the first title that fits, those of corrected columns last."""
    found = [title for title in table.columns if fits(title)]
    return next((title for title in found if not is_corrected(title)), found[0] if found else None)


def _best(titles: list[str]) -> str | None:
    def likelihood(title: str) -> tuple[bool, bool]:
        return not is_corrected(title), _LIKELY_TITLE.search(plain_title(title)) is not None

    return max(titles, key=likelihood, default=None)


def _holds_scores(table: TextTable, title: str) -> bool:
    """Return whether most of the first cells of a column are scores, and not only zeros and ones.

    A slip such as "80 %" among them does not make it another column: it is told when the scores are read.
    """
    values = [number(cell) for cell in beginning(table, title) if cell.casefold() not in MISSING]
    scores = [value for value in values if value is not None and 0 <= value <= 1]
    return len(scores) >= max(1, _MOSTLY * len(values)) and any(0 < value < 1 for value in scores)
