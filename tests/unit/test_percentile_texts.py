"""How percentiles are written, beyond a whole reference too."""

import pytest

from resmem_gui.analysis import percentile_texts
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.ui import wording

LAMEM = load_lamem()
SMALL = Reference.from_scores([0.4, 0.5, 0.6], "My lab", {}, "user-my-lab")


@pytest.mark.parametrize(
    ("percentile", "label", "cell", "short", "sentence"),
    [
        (100.0, "above all", ">99.9", "above all of LaMem", "above all 58,741 of LaMem"),
        (0.0, "below all", "<0.1", "below all of LaMem", "below all 58,741 of LaMem"),
        (30.2, "30th percentile", "30", "30th of LaMem", "30th percentile of LaMem, n = 58,741"),
    ],
)
def test_no_score_is_at_the_hundredth_percentile(
    percentile: float, label: str, cell: str, short: str, sentence: str
) -> None:
    assert percentile_texts.percentile_text(percentile) == label
    assert percentile_texts.percentile_cell(percentile) == cell
    assert percentile_texts.percentile_of(percentile, LAMEM) == short
    assert percentile_texts.percentile_sentence(percentile, LAMEM).replace("\u00a0", " ") == sentence


@pytest.mark.parametrize(
    ("percentile", "label", "cell"),
    [(99.99, "99th percentile", "99"), (0.01, "1st percentile", "1"), (50.4, "50th percentile", "50")],
)
def test_within_a_reference_percentiles_go_from_the_first_to_the_ninety_ninth(
    percentile: float, label: str, cell: str
) -> None:
    assert percentile_texts.percentile_text(percentile) == label
    assert percentile_texts.percentile_cell(percentile) == cell


@pytest.mark.parametrize(("score", "told"), [(0.6, "83rd percentile"), (0.61, "above all 3 of My lab")])
def test_the_best_of_a_reference_is_not_above_all_of_it(score: float, told: str) -> None:
    assert percentile_texts.percentile_sentence(float(SMALL.percentile(score)), SMALL).startswith(told)


def test_a_line_of_its_own_begins_with_a_capital() -> None:
    assert wording.capital("above all 3 of R&D") == "Above all 3 of R&D"
    assert wording.capital("") == ""
