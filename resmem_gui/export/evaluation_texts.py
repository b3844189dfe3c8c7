"""An evaluation as text: a report for the terminal, and a table of figures."""

import csv
import io
import math
from collections.abc import Sequence
from typing import Final, TypeAlias

from resmem_gui.analysis.evaluation import BOOTSTRAP
from resmem_gui.analysis.evaluation_figures import Evaluation
from resmem_gui.analysis.evaluation_words import interval_text, number_text, range_text
from resmem_gui.export.evaluation import Comparison
from resmem_gui.export.path_texts import as_valid_text, for_terminal
from resmem_gui.export.text_cells import inert

_SHOWN: Final = 10
_WIDTH: Final = 24
#: Group, figure, its value with the ends of its interval, number of images.
_Line: TypeAlias = tuple[str, str, tuple[float, float, float], int]


def figures_csv(comparison: Comparison) -> str:
    """Return the table of figures, and that of categories, as one CSV table."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream)
    writer.writerow(["group", "figure", "value", "ci_low", "ci_high", "n"])
    for group, name, numbers, n in _table(comparison):
        writer.writerow([inert(group), name, *map(_cell, numbers), n])
    return stream.getvalue()


def _table(comparison: Comparison) -> list[_Line]:
    evaluation, nothing = comparison.evaluation, float("nan")
    n = evaluation.n
    rows: list[_Line] = [
        ("all", key, (figure.value, figure.low, figure.high), n) for key, figure in evaluation.figures.items()
    ]
    single = {
        "spearman_floor_as_ties": evaluation.spearman_at_floor,
        "ks_distance": evaluation.ks,
        "floor_share": evaluation.floor_share,
        "predicted_mean": evaluation.predicted_sample.mean,
        "predicted_sd": evaluation.predicted_sample.sd,
        "measured_mean": evaluation.measured_sample.mean,
        "measured_sd": evaluation.measured_sample.sd,
    }
    rows += [("all", key, (value, nothing, nothing), n) for key, value in single.items()]
    for each in evaluation.categories:
        group = as_valid_text(each.name) or "(none)"
        rows.append((group, "spearman", (each.spearman, each.low, each.high), each.n))
        rows.append((group, "mae", (each.mae, nothing, nothing), each.n))
        rows.append((group, "bias", (each.bias, nothing, nothing), each.n))
    return rows


def report(comparison: Comparison) -> str:
    """Return it as text that people read in a terminal."""
    evaluation = comparison.evaluation
    lines = [comparison.words.headline, *comparison.words.findings, ""]
    lines += _figure_lines(evaluation)
    if evaluation.categories:
        lines += ["", *_category_lines(evaluation)]
    lines += ["", "Predicted worst:", *_worst_lines(comparison)]
    lines += [
        "",
        f"{for_terminal(comparison.truth.name)}: {comparison.matching.sentence()}",
        _columns_line(comparison),
        *_left_out_lines(comparison),
    ]
    lines += [
        "",
        "Keep in mind:",
        *(f"- {text}" for text in (*comparison.truth.notes, *comparison.words.caveats)),
    ]
    lines += ["", f"Intervals: {BOOTSTRAP}, seed {evaluation.seed}."]
    return "\n".join(lines) + "\n"


def _columns_line(comparison: Comparison) -> str:
    """Return which columns were used: they may have been guessed wrongly."""
    columns = comparison.truth.columns
    used = {
        "images": columns.key,
        "scores": columns.score,
        "categories": columns.category,
        "number of people": columns.count,
    }
    named = [f"{what} “{for_terminal(title)}”" for what, title in used.items() if title]
    return f"Columns: {', '.join(named)}."


def _worst_lines(comparison: Comparison) -> list[str]:
    evaluation = comparison.evaluation
    return [
        f"  predicted {evaluation.predicted[place]:.3f}, people {evaluation.measured[place]:.3f}  "
        + for_terminal(comparison.paths[int(comparison.image_ids[place])])
        for place in evaluation.largest_residuals(_SHOWN).tolist()
    ]


def _left_out_lines(comparison: Comparison) -> list[str]:
    matching, truth = comparison.matching, comparison.truth
    keys = [f"line {truth.lines[row]}: {for_terminal(truth.keys[row])}" for row in matching.unmatched_rows]
    images = [for_terminal(comparison.paths[image_id]) for image_id in matching.unmatched_ids]
    without = [for_terminal(comparison.paths[image_id]) for image_id in comparison.unscored]
    ambiguous = [f"{for_terminal(truth.keys[each.rows[0]])}: {each.why.value}" for each in matching.ambiguous]
    problems = [f"line {each.line}: {each.sentence}" for each in truth.problems]
    # A row that cannot be used may have named one of those.
    without_row = "Images without a usable row" if problems else "Images that are not in the table"
    return [
        *_listed("Rows without an image", keys),
        *_listed(without_row, images),
        *_listed("Matched, but without a score", without),
        *_listed("Ambiguous, left out", ambiguous),
        *_listed("Rows that cannot be used", problems),
    ]


def _cell(value: float) -> str:
    return f"{value:.6f}" if math.isfinite(value) else ""


def _figure_lines(evaluation: Evaluation) -> list[str]:
    lines = []
    for figure in evaluation.figures.values():
        interval = interval_text(figure)
        lines.append(
            f"{figure.name:{_WIDTH}} {number_text(figure.value):>7}   {interval and f'[{interval}]'}"
        )
    for name, sample in (("People", evaluation.measured_sample), ("Predicted", evaluation.predicted_sample)):
        quartiles = ", ".join(f"{value:.3f}" for value in sample.quartiles)
        lines.append(f"{name:{_WIDTH}} mean {sample.mean:.3f}, sd {sample.sd:.3f}, quartiles {quartiles}")
    lines.append(f"{'KS distance':{_WIDTH}} {number_text(evaluation.ks):>7}")
    lines.append(f"{'At the model’s floor':{_WIDTH}} {100 * evaluation.floor_share:7.1f}\u00a0%")
    return [line.rstrip() for line in lines]


def _category_lines(evaluation: Evaluation) -> list[str]:
    lines = [f"{'Category':{_WIDTH}} {'n':>7} {'rho':>7}  {'95 % interval':18} {'MAE':>6} {'bias':>7}"]
    for each in evaluation.categories:
        name = for_terminal(each.name)[:_WIDTH] or "(none)"
        interval = range_text(each.low, each.high)
        numbers = f"{number_text(each.mae):>6} {number_text(each.bias):>7}"
        lines.append(f"{name:{_WIDTH}} {each.n:7,} {number_text(each.spearman):>7}  {interval:18} {numbers}")
    return lines


def _listed(title: str, things: Sequence[str]) -> list[str]:
    if not things:
        return []
    more = [f"  … and {len(things) - _SHOWN:,} more"] if len(things) > _SHOWN else []
    return [f"{title} ({len(things):,}):", *(f"  {thing}" for thing in things[:_SHOWN]), *more]
