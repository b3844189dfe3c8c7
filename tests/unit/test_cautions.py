"""Cautions: from what limit on, and what is said of them."""

import pytest

from resmem_gui.analysis.cautions import (
    LEAST_FACE_SHARE,
    LEAST_GRAPHIC,
    LEAST_TEXT_SHARE,
    NETWORK_SIDE,
    UNCHANGED,
    cautions_of,
    reason,
    sentence,
    title,
)
from resmem_gui.scoring.preprocessing import INPUT_EDGE
from resmem_gui.traits import NO_CAUTION, Caution, Traits

LARGE = (640, 480)


def traits(**found: float) -> Traits:
    values: dict[str, float] = {
        "faces": 0,
        "face_share": 0.0,
        "text_share": 0.0,
        "graphic": 0.0,
        "frames": 1,
    } | found
    return Traits(
        faces=int(values["faces"]),
        face_share=values["face_share"],
        text_share=values["text_share"],
        graphic=values["graphic"],
        frames=int(values["frames"]),
        fingerprint=b"",
    )


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ({}, NO_CAUTION),
        ({"faces": 2, "face_share": LEAST_FACE_SHARE}, Caution.FACE),
        ({"faces": 2, "face_share": LEAST_FACE_SHARE - 0.001}, NO_CAUTION),
        ({"text_share": LEAST_TEXT_SHARE}, Caution.TEXT),
        ({"text_share": LEAST_TEXT_SHARE - 0.001}, NO_CAUTION),
        ({"graphic": LEAST_GRAPHIC}, Caution.GRAPHIC),
        ({"graphic": LEAST_GRAPHIC - 0.001}, NO_CAUTION),
        ({"frames": 2}, Caution.ANIMATION),
        (
            {"graphic": 1.0, "text_share": 1.0, "frames": 9},
            Caution.GRAPHIC | Caution.TEXT | Caution.ANIMATION,
        ),
    ],
)
def test_traits_give_cautions_from_their_limits_on(found: dict[str, float], expected: Caution) -> None:
    assert cautions_of(traits(**found), LARGE) == expected


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((227, 227), NO_CAUTION),
        ((226, 300), Caution.SMALL),
        ((300, 226), Caution.SMALL),
        ((1000, 500), NO_CAUTION),
        ((500, 1000), NO_CAUTION),
        ((1001, 500), Caution.ASPECT),
        ((500, 1001), Caution.ASPECT),
        ((500, 100), Caution.ASPECT | Caution.SMALL),
        ((0, 0), NO_CAUTION),
    ],
)
def test_size_gives_cautions_without_traits(size: tuple[int, int], expected: Caution) -> None:
    assert cautions_of(None, size) == expected
    assert cautions_of(traits(), size) == expected


def test_small_means_smaller_than_what_the_network_looks_at() -> None:
    assert NETWORK_SIDE == INPUT_EDGE


@pytest.mark.parametrize("caution", list(Caution))
def test_every_caution_has_a_title_and_says_what_it_means_for_the_score(caution: Caution) -> None:
    assert title(caution)
    assert reason(caution, None, LARGE).endswith(sentence(caution))
    assert UNCHANGED not in sentence(caution), "to be said once for all"
    assert "changed" not in sentence(caution)
    assert len({title(one) for one in Caution}) == len(Caution)


@pytest.mark.parametrize(
    ("caution", "found", "size", "begins"),
    [
        (
            Caution.FACE,
            {"faces": 1, "face_share": 0.123},
            LARGE,
            "A face was found that takes 12 % of the image. ",
        ),
        (
            Caution.FACE,
            {"faces": 3, "face_share": 0.2},
            LARGE,
            "A face was found that is the largest of 3 and takes 20 % of the image. ",
        ),
        (Caution.TEXT, {"text_share": 0.5}, LARGE, "Writing was found on 50 % of the places looked at. "),
        (Caution.GRAPHIC, {"graphic": 0.934}, LARGE, "Likeness to a graphic: 0.93 of 1"),
        (Caution.ANIMATION, {"frames": 1200}, LARGE, "1,200 pictures. "),
        (Caution.SMALL, {}, (120, 90), "120 × 90 pixels. "),
        (Caution.ASPECT, {}, (500, 3000), "500 × 3,000 pixels: 6.0 to 1. "),
        (Caution.NEAR_DUPLICATE, {}, LARGE, "Another image here shows nearly the same."),
    ],
)
def test_a_reason_begins_with_the_numbers_of_the_image(
    caution: Caution, found: dict[str, float], size: tuple[int, int], begins: str
) -> None:
    assert reason(caution, traits(**found), size).startswith(begins)


def test_published_figures_are_named_with_their_source_and_not_as_those_of_this_network() -> None:
    for caution, figure in ((Caution.FACE, "−0.06"), (Caution.GRAPHIC, "−0.27")):
        assert figure in sentence(caution)
        assert "Squalli-Houssaini" in sentence(caution)
        assert "a network of the same kind" in sentence(caution)
