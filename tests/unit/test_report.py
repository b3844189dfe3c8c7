"""The report: its content from rows, its sentences, its figure, and the HTML file."""

import base64
import hashlib
import io
import itertools
import re
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from lxml import etree
from PIL import Image

from resmem_gui.analysis import cautions
from resmem_gui.analysis.reference import Reference, load_lamem
from resmem_gui.export import table
from resmem_gui.export.citations import CITATIONS
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.report import figure, listing, sentences, statistics
from resmem_gui.export.report.building import printable, report_content, report_source
from resmem_gui.export.report.content import (
    TITLE,
    ReportContent,
    ReportOptions,
    ReportSource,
    TableKind,
)
from resmem_gui.export.report.html import html_report
from resmem_gui.export.run_record import Counts, RunRecord, Times
from resmem_gui.library.library import Library
from resmem_gui.library.records import Provenance
from resmem_gui.traits import Caution

FOLDER = "/home/ada1815/photos"
HOSTILE = [
    "<script>alert(1)<",
    "\"quoted\" & 'single' {{ 7 * 7 }}.png",
    "\u202egpj.exe",
    "😀🏖.jpg",
    "bad\udcff.jpg",
    "line\nbreak\x07.png",
    "海辺.jpg",
    "شاطئ.jpg",
]
RECORD = {
    "program": {"name": "resmem_gui", "version": "1.2.3"},
    "counts": {"rows": 3, "scored": 2},
    "scores_made_by": [
        {
            "scorer": "ResMem 1.1.6",
            "weights_sha256": "ab" * 32,
            "preprocessing": "resmem-1",
            "parameters": {"crop": 227},
            "device": "cpu",
            "n": 2,
        }
    ],
    "citations": ["One <et al.>", "Two"],
    "empty": "",
}


def row(name: str, score: float | None = None, rank: float = 1.0, **more: Any) -> dict[str, Any]:
    made: dict[str, Any] = dict.fromkeys(COLUMNS)
    made |= {"path": f"{FOLDER}/{name}", "file": name, "score": score, "status": "failed"}
    if score is not None:
        percentile = round(float(load_lamem().percentile(score)), 1)
        made |= {"status": "scored", "percentile": percentile, "reference": "LaMem", "rank": rank}
        made |= {"at_floor": score < 0.42, "cautions": "none", "width": 640, "height": 480}
    return made | more


def scored_rows(count: int) -> list[dict[str, Any]]:
    scores = np.linspace(0.9, 0.5, count)
    return [row(f"image{n}.jpg", float(score), float(n)) for n, score in enumerate(scores, 1)]


def content(
    rows: list[dict[str, Any]], references: tuple[Reference, ...] = (), **options: Any
) -> ReportContent:
    among = sum(made["score"] is not None for made in rows)
    source = ReportSource(tuple(rows), references or (load_lamem(),), RECORD, among)
    return report_content(source, ReportOptions(**options))


def jpeg() -> bytes:
    stream = io.BytesIO()
    Image.new("RGB", (8, 6), "red").save(stream, "JPEG")
    return stream.getvalue()


def parsed(shown: ReportContent) -> Any:
    return etree.fromstring(html_report(shown).encode("utf-8"), etree.HTMLParser(encoding="utf-8"))


def text_of(page: Any) -> str:
    return " ".join("".join(page.find("body").itertext()).split())


# Content


def test_images_stand_by_rank_and_those_without_score_apart() -> None:
    rows = [
        row("c", 0.5, 3.0),
        row("broken", error="The file is cut off."),
        row("a", 0.9, 1.0),
        row("b", 0.7, 2.0),
    ]
    made = content(rows)
    assert [image.name for image in made.images] == ["a", "b", "c"]
    assert [(image.name, image.error) for image in made.unscored] == [("broken", "The file is cut off.")]
    assert made.folder == "photos"


def test_ties_stand_in_the_order_of_their_names() -> None:
    made = content([row("b", 0.41, 1.5), row("a", 0.40, 1.5)])
    assert [image.name for image in made.images] == ["a", "b"]


def test_an_image_that_was_not_scored_yet_says_so() -> None:
    assert content([row("a", status="waiting")]).unscored[0].error == "It was not scored yet."


def test_names_are_paths_below_the_folder_that_all_share() -> None:
    made = content([row("x/a.jpg", 0.9, 1.0), row("y/a.jpg", 0.8, 2.0)])
    assert [(image.name, image.file) for image in made.images] == [("x/a.jpg", "a.jpg"), ("y/a.jpg", "a.jpg")]
    assert "ada1815" not in html_report(made)  # nobody's user name stands in a report


def test_cautions_and_sensitivity_are_read_from_the_row() -> None:
    rows = [
        row("a", 0.9, 1.0, cautions="face;near-duplicate", sensitivity_low=0.85, sensitivity_high=0.92),
        row("b", 0.8, 2.0, cautions=None),
        row("c", 0.7, 3.0),
    ]
    first, second, third = content(rows).images
    assert first.cautions == (Caution.FACE, Caution.NEAR_DUPLICATE)
    assert first.sensitivity == (0.85, 0.92)
    assert (second.cautions, second.is_examined) == ((), False)
    assert (third.cautions, third.is_examined) == ((), True)


@pytest.mark.parametrize(
    ("given", "expected"),
    [("a\x00b\nc", "a\ufffdb\ufffdc"), ("\u202egpj.exe", "\ufffdgpj.exe"), ("ok ünï 海 😀", "ok ünï 海 😀")],
)
def test_text_is_made_fit_for_documents(given: str, expected: str) -> None:
    assert printable(given) == expected


def test_bytes_that_are_no_text_can_be_encoded() -> None:
    assert printable("bad\udcff").encode("utf-8").startswith(b"bad\xef\xbf\xbd")


def test_title_and_note_are_made_fit_and_a_title_is_never_empty() -> None:
    made = content([row("a", 0.9)], title=" \t", note=" one\r\ntwo\x07 ").options
    assert (made.title, made.note) == (TITLE, "one\ntwo\ufffd")


def test_pictures_are_loaded_for_the_best() -> None:
    asked: list[str] = []
    told: list[int] = []

    def load(path: str) -> bytes | None:
        asked.append(path)
        return None if path.endswith("image2.jpg") else jpeg()

    made = content(scored_rows(5), pictures=3).with_pictures(load, told.append)
    assert asked == [f"{FOLDER}/image{n}.jpg" for n in (1, 2, 3)]
    assert told == [1, 2, 3]
    assert set(made.pictures) == {asked[0], asked[2]}


def test_whoever_is_told_of_a_picture_can_end_the_loading() -> None:
    asked: list[str] = []

    def tell(done: int) -> None:
        if done == 2:
            raise InterruptedError

    with pytest.raises(InterruptedError):
        content(scored_rows(5), pictures=3).with_pictures(asked.append, tell)
    assert len(asked) == 2


def test_a_source_is_made_of_what_other_exports_are_made_of() -> None:
    library = Library()
    library.add(["/a/one.jpg", "/a/two.jpg", "/a/three.jpg"])
    made_by = Provenance("ResMem 1.1.6", "ab" * 32, "resmem-1", "cpu")
    for image_id, score in enumerate((0.8, 0.4)):
        library.set_scored(image_id, score, (640, 480), str(image_id) * 64, made_by)
    record = RunRecord({"name": "resmem_gui"}, Counts(3, 2, 0, 1, ranked_among=2), Times("", "", ""))
    source = report_source(table.rows(library, load_lamem()), [load_lamem()], record)
    made = report_content(source, ReportOptions())
    assert [(image.name, image.rank, image.at_floor) for image in made.images] == [
        ("one.jpg", 1.0, False), ("two.jpg", 2.0, True),
    ]  # fmt: skip
    assert [image.name for image in made.unscored] == ["three.jpg"]
    assert made.ranked_among == 2
    assert "Appendix: run record" in text_of(parsed(made))


# Words


def test_headlines_name_range_percentile_and_reference() -> None:
    said = " ".join(sentences.headlines(content(scored_rows(41))))
    assert "41 images score from 0.50 to 0.90, with a mean of 0.70." in said
    assert "percentile of LaMem (n = 58,741, measured on people)" in said
    assert "floor" not in said
    assert "caution" not in said
    assert "few images" not in said


def test_a_single_image_has_no_median() -> None:
    (first, *_) = sentences.headlines(content([row("a.jpg", 0.7)]))
    assert "It stands at the 30th percentile of LaMem (n = 58,741" in first
    assert "median" not in first


def test_headlines_tell_of_floor_cautions_and_few_images() -> None:
    rows = [row("a", 0.9, 1.0, cautions="text"), row("b", 0.41, 2.5), row("c", 0.40, 2.5, cautions=None)]
    said = sentences.headlines(content(rows))
    assert any(text.startswith("2 images lie at the model’s floor (below 0.42)") for text in said)
    assert any(text.startswith("1 scored image carries a caution (text)") for text in said)
    assert "1 scored image was not examined for cautions." in said
    assert any("so few images" in text for text in said)


def test_one_image_at_the_floor_shares_no_rank() -> None:
    said = " ".join(sentences.headlines(content([row("a", 0.9, 1.0), row("b", 0.41, 2.0)])))
    assert "1 image lies at the model’s floor (below 0.42): its score says no more than that." in said


def test_a_report_without_scores_says_so() -> None:
    made = content([row("a", error="broken")])
    assert sentences.headlines(made) == ("No image of this report has a score.",)
    page = parsed(made)
    assert not page.findall(".//svg")
    assert "broken" in text_of(page)


def test_the_method_names_scorer_weights_preprocessing_and_ranks() -> None:
    said = sentences.method(content(scored_rows(3)))
    for piece in ("ResMem 1.1.6", "ab" * 32, "resmem-1", "mid-rank", "average rank", "below 0.42", "1.2.3"):
        assert piece in said
    assert "sensitivity" not in said
    rows = [row("a", 0.9, sensitivity_low=0.8, sensitivity_high=0.95)]
    assert "no error bar against people" in sentences.method(content(rows))


def test_limits_state_published_agreement_and_error() -> None:
    said = " ".join(sentences.LIMITS)
    for piece in ("0.64–0.68", "0.45–0.65", "about 0.2", "0.05 to 0.13", "faces", "drawings"):
        assert piece in said


@pytest.mark.parametrize(
    ("percentile", "text"),
    [
        (0.0, "<0.1"),
        (0.2, "1"),
        (22.4, "22"),
        (99.9, "99"),
        (100.0, ">99.9"),
        (None, "–"),
    ],
)
def test_percentiles_have_no_false_precision(percentile: float | None, text: str) -> None:
    assert sentences.percentile_cell(percentile) == text


@pytest.mark.parametrize(
    ("percentile", "alone", "named"),
    [
        (0.0, "below all of LaMem", "below all of LaMem"),
        (11.0, "11th percentile", "11th percentile of LaMem"),
        (100.0, "above all of LaMem", "above all of LaMem"),
        (None, "–", "–"),
    ],
)
def test_captions_name_the_reference_where_it_would_not_be_clear(
    percentile: float | None, alone: str, named: str
) -> None:
    image = replace(content([row("a", 0.7)]).images[0], percentile=percentile, reference="LaMem")
    assert sentences.standing_text(image, name_reference=False) == alone
    assert sentences.standing_text(image, name_reference=True) == named


def test_ranks_of_ties_keep_their_halves() -> None:
    assert [sentences.rank_text(rank) for rank in (1.0, 2.5, 1204.0, None)] == ["1", "2.5", "1,204", "–"]


def test_bibtex_has_a_doi_for_each_citation() -> None:
    assert [citation.doi for citation in CITATIONS] == [
        "10.1007/s42113-022-00126-5", "10.1109/ICCV.2015.275", "10.7717/peerj.8169",
    ]  # fmt: skip
    for citation in CITATIONS:
        assert f"{{{citation.doi}}}" in citation.bibtex
        assert citation.bibtex.count("{") == citation.bibtex.count("}")


# Numbers


def test_the_summary_is_that_of_the_scores() -> None:
    (group,) = statistics.groups(content(scored_rows(5)))
    rows = {found.name: (found.images, found.reference) for found in group.summary}
    assert rows["Number of images"] == ("5", "58,741")
    assert rows["Mean"] == ("0.700", "0.756")
    assert rows["Median"][0] == "0.700"
    assert rows["Standard deviation"][0] == f"{np.linspace(0.9, 0.5, 5).std(ddof=1):.3f}"
    assert rows["Below 0.42"][0] == "0.0 %"
    assert "Kolmogorov–Smirnov distance" in group.distances


def test_images_of_several_references_are_apart() -> None:
    lamem = load_lamem()
    memcat = replace(lamem, name="MemCat landscapes")
    rows = [row("a", 0.9, 1.0), row("b", 0.8, 2.0, reference="MemCat landscapes")]
    made = content(rows, (lamem, memcat, replace(lamem, name="Not used")))
    groups = statistics.groups(made)
    assert [(group.reference.name, len(group.images)) for group in groups] == [
        ("LaMem", 1),
        ("MemCat landscapes", 1),
    ]
    page = text_of(parsed(made))
    assert "Distribution against MemCat landscapes" in page
    assert "Not used" not in page


@pytest.mark.parametrize("count", [1, 5, 9, 10, 59, 60, 300])
def test_the_figure_is_drawn_for_any_number(count: int) -> None:
    (group,) = statistics.groups(content(scored_rows(count)))
    svg = etree.fromstring(group.figure.svg().encode("utf-8"))
    space = "{http://www.w3.org/2000/svg}"
    classes = [part.get("class") for part in svg.iter(f"{space}polyline")]
    assert ("images" in classes) == (count >= 10)
    assert "reference" in classes
    legend = " ".join(part.text or "" for part in svg.iter(f"{space}text"))
    assert f"n = {count}" in legend
    assert f"bars of {0.05 if count < 60 else 0.02}" in legend or count < 10
    assert "n = 58,741" in legend
    assert ("solid curve, bandwidth" in legend) == (count >= 10)
    assert "dashed curve, bandwidth" in legend
    ticks = [
        part
        for part in svg.iter(f"{space}path")
        if part.get("class") == "images" and "v6" in part.get("d", "")
    ]
    assert bool(ticks) == (count <= 250)


def test_the_bars_of_the_figure_have_area_one() -> None:
    (group,) = statistics.groups(content(scored_rows(300)))
    figure = group.figure
    assert figure.images.density(figure.bar_width).sum() * figure.bar_width == pytest.approx(1.0)
    assert figure.reference.density(figure.bar_width).sum() * figure.bar_width == pytest.approx(1.0)
    svg = etree.fromstring(figure.svg().encode("utf-8"))
    rects = [(float(bar.get("y", 0)), float(bar.get("height", 0))) for bar in svg.iter("{*}rect")]
    heights = [height for y, height in rects if y > 30]  # that above is in the legend
    density = figure.images.density(figure.bar_width)
    assert sum(heights) / max(heights) == pytest.approx(density.sum() / density.max(), rel=0.01)


# HTML


@pytest.fixture
def hostile() -> ReportContent:
    rows = [row(name, 0.9 - n / 50, n + 1.0, cautions="face") for n, name in enumerate(HOSTILE)]
    rows.append(row("<b>broken</b>", error="It has <img src=x onerror=alert(1)>."))
    made = content(rows, title="<script>title</script>", note="A & B </p><script>", pictures=20)
    return made.with_pictures(lambda path: jpeg())


def test_nothing_in_a_name_becomes_markup(hostile: ReportContent) -> None:
    page = parsed(hostile)
    assert not page.findall(".//script")
    assert not page.findall(".//b[.='broken']")
    assert {image.get("src", "")[:15] for image in page.findall(".//img")} == {"data:image/jpeg"}
    assert not [
        key
        for element in page.iter()
        if isinstance(element.tag, str)
        for key in element.attrib
        if key[:2] == "on"
    ]
    shown = text_of(page)
    for piece in (
        "<script>title</script>",
        "A & B </p><script>",
        "{{ 7 * 7 }}.png",
        "\ufffdgpj.exe",
        "😀🏖.jpg",
        "海辺.jpg",
    ):
        assert piece in shown
    assert "\u202e" not in html_report(hostile)


def test_nothing_is_asked_for_outside(hostile: ReportContent) -> None:
    text = html_report(hostile)
    page = parsed(hostile)
    for element in page.iter():
        if not isinstance(element.tag, str):
            continue
        assert element.tag not in ("link", "iframe", "object", "embed", "base", "script", "form")
        for key in ("src", "href", "srcset", "action", "style", "background", "poster"):
            value = element.get(key, "")
            loads = element.tag != "a" and bool(value)
            assert not loads or value.startswith("data:"), (element.tag, key, value)
    assert {link.get("href", "")[:16] for link in page.findall(".//a")} == {"https://doi.org/"}
    assert "url(" not in text
    assert "@import" not in text


def test_the_policy_forbids_all_but_the_style_that_is_there(hostile: ReportContent) -> None:
    text = html_report(hostile)
    style = re.search(r"<style>(.*?)</style>", text, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', text)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"style-src 'sha256-{digest}'" in policy[1]
    assert policy[1].startswith("default-src 'none'; img-src data:;")


def test_the_document_is_accessible(hostile: ReportContent) -> None:
    text = html_report(hostile)
    page = parsed(hostile)
    assert text.startswith("<!DOCTYPE html>")
    assert page.get("lang") == "en"
    levels = [int(element.tag[1]) for element in page.iter("h1", "h2", "h3")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert all(image.get("alt") for image in page.findall(".//img"))
    assert all(head.get("scope") in ("col", "row") for head in page.findall(".//th"))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert all(table.get("aria-labelledby") in ids for table in page.findall(".//table"))
    svg = page.find(".//svg")
    assert svg.get("role") == "img"
    assert "mean" in svg.find(".//title").text


def test_pictures_lie_in_the_file() -> None:
    made = content(scored_rows(3), pictures=2).with_pictures(
        lambda path: jpeg() if "image1" in path else None
    )
    page = parsed(made)
    (image,) = page.findall(".//img")
    assert base64.b64decode(image.get("src").partition(",")[2]) == jpeg()
    assert "The picture cannot be read now." in text_of(page)


def rows_of(page: Any, table: str) -> list[list[str]]:
    (found,) = page.xpath(f"//table[@aria-labelledby='{table}']")
    return [["".join(cell.itertext()) for cell in line] for line in found.findall("./tbody/tr")]


def test_the_table_has_all_that_is_known() -> None:
    rows = [
        row("a", 0.9, 1.0, sensitivity_low=0.85, sensitivity_high=0.92, cautions="face"),
        row("b", 0.41, 2.0),
    ]
    table = rows_of(parsed(content(rows)), "about-images")
    percentile = sentences.percentile_cell(content(rows).images[0].percentile)
    assert table[0] == ["1", "a", "0.900", percentile, "0.85–0.92", "640 × 480", "Face"]
    assert table[1][-1] == "At the floor"


def test_the_rest_can_be_listed_in_short_or_not_at_all() -> None:
    rows = scored_rows(7)
    brief = parsed(content(rows, table=TableKind.BRIEF, pictures=2))
    assert len(rows_of(brief, "about-images")) == 2
    assert len(brief.xpath("//ol[@class='brief']/li")) == 5
    assert len(rows_of(parsed(content(rows)), "about-images")) == 7
    none = parsed(content(rows, table=TableKind.NONE, pictures=0))
    assert not none.xpath("//table[@aria-labelledby='about-images']")
    assert not none.xpath("//ol")


def test_each_caution_is_counted_explained_and_lists_its_images() -> None:
    rows = [row("a", 0.9, 1.0, cautions="face;text"), row("b", 0.8, 2.0, cautions="face"), row("c", 0.7, 3.0)]
    page = parsed(content(rows))
    titles = [title.text for title in page.findall(".//dt")]
    assert titles == ["Face: 2 images", "Text: 1 image"]
    assert (
        " ".join("".join(page.find(".//dd").itertext()).split()) == f"{cautions.sentence(Caution.FACE)} a, b"
    )


def test_that_cautions_change_nothing_is_said_once() -> None:
    made = content([row("a", 0.9, 1.0, cautions="face;text;small")])
    text = text_of(parsed(made))
    assert text.count(cautions.UNCHANGED) == 1
    assert len(re.findall(r"(?i)not changed|changes? a score", text)) == 1
    assert text.index(cautions.UNCHANGED) < text.index("Face: 1 image")


def test_what_stands_under_the_pictures_is_explained_before_them() -> None:
    page = parsed(content(scored_rows(2)))
    (sheet,) = page.xpath("//ol[@class='sheet']")
    note = "".join(sheet.getprevious().itertext())
    assert note.startswith(
        "Ranks are among the 2 scored images of this report. Under each picture: rank, score"
    )
    assert "percentile of LaMem, n = 58,741" in note


def test_the_style_has_the_colours_of_the_figure() -> None:
    style = html_report(content(scored_rows(1)))
    for name, ink in (
        ("images", figure.IMAGES_INK), ("bars", figure.BARS_INK), ("reference", figure.REFERENCE_INK)
    ):  # fmt: skip
        assert f"--{name}: {ink};" in style


def test_very_many_images_of_a_caution_are_counted_and_not_all_named() -> None:
    rows = [row(f"image{n}", 0.9, n + 1.0, cautions="face") for n in range(230)]
    said = " ".join("".join(parsed(content(rows)).find(".//dd").itertext()).split())
    assert said.count(", image") == 199
    assert said.endswith("and 30 more")


def test_the_run_record_is_an_appendix() -> None:
    table = rows_of(parsed(content(scored_rows(2))), "about-record")
    assert ["program · version", "1.2.3"] in table
    assert ["scores made by · parameters · crop", "227"] in table
    assert ["citations 1", "One <et al.>"] in table
    assert not [name for name, _ in table if name == "empty"]


def test_a_record_with_bytes_that_are_no_text_can_be_written() -> None:
    assert [text.encode("utf-8") for pair in listing.flattened({"a\udcff": "b\udcff"}) for text in pair]


def test_paper_size_is_chosen_by_style() -> None:
    assert parsed(content(scored_rows(1), paper="Letter")).find("body").get("class") == "letter"


def test_the_html_is_the_same_each_time(hostile: ReportContent) -> None:
    assert html_report(hostile) == html_report(hostile)
