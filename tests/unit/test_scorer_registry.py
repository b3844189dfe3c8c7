"""Scorers are found by name."""

from importlib.metadata import EntryPoint

import pytest

from resmem_gui.scoring import scorer as registry
from resmem_gui.scoring.preprocessing import Preprocessing
from resmem_gui.scoring.resmem import ResMemScorer
from resmem_gui.scoring.scorer import DEFAULT_SCORER, ScorerError, create_scorer
from tests.unit.fakes import FakeScorer


def test_resmem_is_registered_and_the_default() -> None:
    assert DEFAULT_SCORER == "resmem"
    assert isinstance(create_scorer(), ResMemScorer)


def test_a_new_scorer_is_not_loaded() -> None:
    scorer = create_scorer()
    assert scorer.name == "ResMem 1.1.6"
    assert scorer.device == ""
    assert scorer.device == ""


def test_the_recipe_is_the_exact_one_on_upright_images() -> None:
    assert create_scorer().preprocessing == Preprocessing(upright=True, fast_decoding=False)


def test_an_unknown_name_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ScorerError, match=r"There is no scorer called “memnet” \(there is: .*resmem.*\)\."):
        create_scorer("memnet")


def test_a_copied_program_is_told_to_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "entry_points", lambda group: [])
    with pytest.raises(ScorerError, match="install the program with pip"):
        create_scorer()


@pytest.mark.parametrize("target", ["no_such_package:Scorer", "tests.unit.fakes:NoSuchScorer"])
def test_a_scorer_of_a_broken_package_is_refused_with_the_reason(
    monkeypatch: pytest.MonkeyPatch, target: str
) -> None:
    entry = EntryPoint("broken", target, "resmem_gui.scorers")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    reason = r"“broken” cannot be used: .*(no_such_package|NoSuchScorer).*\. Install"
    with pytest.raises(ScorerError, match=reason):
        create_scorer("broken")


def test_another_package_can_register_a_scorer(monkeypatch: pytest.MonkeyPatch) -> None:
    entry = EntryPoint("fake", "tests.unit.fakes:FakeScorer", "resmem_gui.scorers")
    monkeypatch.setattr(registry, "entry_points", lambda group: [entry])
    assert isinstance(create_scorer("fake"), FakeScorer)
