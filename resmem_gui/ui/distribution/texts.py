"""Two distributions in words and numbers: for the table, the sentences and what is copied."""

import html
import math
from typing import Final

import numpy as np

from resmem_gui.analysis.description import FEW, Description
from resmem_gui.analysis.ranking import FLOOR
from resmem_gui.analysis.reference import Reference
from resmem_gui.export.text_cells import inert
from resmem_gui.ui.distribution.charts import parts_of
from resmem_gui.ui.distribution.work import Answer
from resmem_gui.ui.wording import count_text

_NONE: Final = "–"
_MINUS: Final = "\u2212"
AT_FLOOR: Final = f"Below {FLOOR:.2f}"
#: What rows of the table mean that do not say it themselves.
ROW_HINTS: Final = {
    "sd": "Standard deviation of the scores",
    AT_FLOOR: "The model’s floor: below it images are not told apart. People’s scores go on below it.",
    "Bandwidth": (
        "How far the curve spreads each score: standard deviation of the Gaussian (Silverman’s rule of thumb)"
    ),
}

Row = tuple[str, str, str, str]


def table(answer: Answer) -> list[Row]:
    """Return the rows of the table: a name, the numbers of both, and the first's less the second's."""
    first, second = answer.comparison.first, answer.comparison.second
    rows: list[Row] = [("Scores (n)", f"{first.n:,}", f"{second.n:,}", "")]
    rows += [
        _row(title, one, other)
        for title, one, other in (
            ("Mean", first.mean, second.mean),
            ("sd", first.sd, second.sd),
            ("5th percentile", first.p5, second.p5),
            ("First quartile", first.q1, second.q1),
            ("Median", first.median, second.median),
            ("Third quartile", first.q3, second.q3),
            ("95th percentile", first.p95, second.p95),
        )
    ]
    rows.append((AT_FLOOR, _percent(first.share_at_floor), _percent(second.share_at_floor), ""))
    one, other = map(_number, _bandwidths(answer))
    rows.append(("Bandwidth", one, other, ""))
    return rows


def _row(title: str, one: float, other: float) -> Row:
    return title, _number(one), _number(other), _difference(one - other)


def _number(value: float) -> str:
    return _NONE if math.isnan(value) else f"{value:.3f}"


def _difference(value: float) -> str:
    if math.isnan(value):
        return _NONE
    rounded = round(value, 3)
    sign = "+" if rounded > 0 else _MINUS if rounded < 0 else ""
    return f"{sign}{abs(rounded):.3f}"


def _percent(share: float) -> str:
    return _NONE if math.isnan(share) else f"{100 * share:.1f}\u00a0%"


def _bandwidths(answer: Answer) -> list[float]:
    """Return the bandwidths of both curves; NaN for what has none: of a few images each is a line."""
    parts = parts_of(answer)
    return [
        math.nan if part.lines or not part.distribution.n else part.distribution.bandwidth for part in parts
    ]


def headings(answer: Answer) -> Row:
    """Return the titles of the columns."""
    first, second = answer.titles
    return "", first, second, "Difference"


def warning(answer: Answer) -> str:
    """Return what forbids to make much of it: no scores, or too few; empty if nothing does."""
    comparison = answer.comparison
    pairs = list(zip(answer.names, (comparison.first, comparison.second), strict=True))
    for name, found in pairs:
        if found.n == 0:
            return f"There is nothing to compare: none of {name} has a score."
    few = [f"{name}: only {count_text(found.n, 'score')}" for name, found in pairs if found.is_few]
    if not few:
        return ""
    told = _capital(" and ".join(few))
    return f"{told}. With fewer than {FEW}, curve and numbers change with each further image."


def distances(answer: Answer) -> list[tuple[str, str]]:
    """Return a heading and what it means here for means and distances; none without scores to compare."""
    comparison, names = answer.comparison, answer.names
    if not comparison.is_possible:
        return []
    means = ("Means", comparison.mean_sentence(*names))
    if answer.is_preview:
        return [means, ("Distances", "Computing…")]
    ks = comparison.ks_sentence(*names)
    if not answer.in_both:
        ks = f"{ks} {comparison.chance_sentence()}"
    return [
        means,
        (f"Kolmogorov–Smirnov distance {comparison.ks.value:.3f}", ks),
        (f"Wasserstein distance {comparison.wasserstein:.3f}", comparison.wasserstein_sentence(*names)),
    ]


def notes(answer: Answer) -> list[str]:
    """Return what should be known of the two before anything is made of them, in sentences."""
    question, second = answer.question, answer.question.second
    told = []
    unscored = int(np.isnan(question.first.scores).sum())
    if unscored:
        told.append(f"Left out: {count_text(unscored, 'image')} without a score.")
    if question.has_several_references and isinstance(second, Reference):
        told.append(f"These images have several references; {second.name}, the library’s own, is shown.")
    if answer.in_both:
        told.append(f"{count_text(answer.in_both, 'image')} in both groups: that makes them more alike.")
    if isinstance(second, Reference):
        measured = f"{second.name}: {count_text(second.n, 'image')} measured on people."
        told.append(f"{measured} {second.provenance.get('citation', '')}".strip())
    return told


def as_html(answer: Answer) -> str:
    """Return distances, their meaning and the notes as the window shows them."""
    parts = [
        f"<p><b>{html.escape(heading)}</b><br>{html.escape(text)}</p>" for heading, text in distances(answer)
    ]
    if answer.is_preview:  # what comes later comes below, so that nothing moves away from who reads
        return "".join(parts)
    meaning = answer.comparison.meaning(answer.names[1]) if answer.comparison.is_possible else ()
    if meaning:
        parts.append(f"<p><b>What this shows</b><br>{html.escape(' '.join(meaning))}</p>")
    parts += [f"<p>{html.escape(note)}</p>" for note in notes(answer)]
    return "".join(parts)


def as_text(answer: Answer) -> str:
    """Return everything in words and numbers, as plain text."""
    lines = [" against ".join(answer.titles), ""]
    if warning(answer):
        lines += [warning(answer), ""]
    rows = [headings(answer), *table(answer)]
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    for name, *numbers in rows:
        cells = [text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True)]
        lines.append("  ".join([name.ljust(widths[0]), *cells]).rstrip())
    lines += [f"\n{heading}\n{text}" for heading, text in distances(answer)]
    if answer.comparison.is_possible:
        lines.append("\nWhat this shows\n" + "\n".join(answer.comparison.meaning(answer.names[1])))
    lines += ["", *notes(answer)]
    return "\n".join(lines).strip() + "\n"


def as_tsv(answer: Answer) -> str:
    """Return all numbers, unrounded and with a decimal point, as a table for other programs."""
    first, second = answer.comparison.first, answer.comparison.second
    rows = [("", *(_cell(title) for title in answer.titles))]
    rows += [(name, _plain(one), _plain(other)) for name, one, other in _fields(first, second)]
    rows.append(("bandwidth", *map(_plain, _bandwidths(answer))))
    rows.append(("kolmogorov_smirnov_distance", _plain(answer.comparison.ks.value), ""))
    rows.append(("kolmogorov_smirnov_score", _plain(answer.comparison.ks.score), ""))
    rows.append(("wasserstein_distance", _plain(answer.comparison.wasserstein), ""))
    return "".join("\t".join(row) + "\n" for row in rows)


def _fields(first: Description, second: Description) -> list[tuple[str, float, float]]:
    return [(name, value, getattr(second, name)) for name, value in vars(first).items()]


def _plain(value: float) -> str:
    return "" if math.isnan(value) else repr(value)


def _cell(text: str) -> str:
    """Return a name that stays in its cell, and is no formula in a spreadsheet."""
    return inert(" ".join(text.split()))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
