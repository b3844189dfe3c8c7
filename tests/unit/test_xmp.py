"""Ratings get into XMP sidecars, and nothing else in them is lost."""

# Paths are plain text here, as in the library.
# ruff: noqa: PTH208

import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from resmem_gui.export import sidecar_writing
from resmem_gui.export.score_bands import FIFTHS, TOP_TENTH
from resmem_gui.export.sidecar_writing import Fate, Rated, write_sidecars
from resmem_gui.export.sidecars import Naming
from resmem_gui.export.xmp import Marks, XmpError, merge, read_marks
from resmem_gui.library.records import Pick

NAMESPACES = {
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "xmp": "http://ns.adobe.com/xap/1.0/",
    "xmpDM": "http://ns.adobe.com/xmp/1.0/DynamicMedia/",
    "digiKam": "http://www.digikam.org/ns/1.0/",
}

#: As darktable writes them: a declaration, everything an attribute, the history a list of its own.
DARKTABLE = b"""<?xml version="1.0" encoding="UTF-8"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about=""
    xmlns:exif="http://ns.adobe.com/exif/1.0/"
    xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:darktable="http://darktable.sf.net/"
   exif:DateTimeOriginal="2024:05:11 18:04:12"
   xmp:Rating="1"
   darktable:xmp_version="5"
   darktable:history_end="2">
   <darktable:colorlabels>
    <rdf:Seq>
     <rdf:li>3</rdf:li>
    </rdf:Seq>
   </darktable:colorlabels>
   <darktable:history>
    <rdf:Seq>
     <rdf:li
      darktable:num="0"
      darktable:operation="exposure"
      darktable:params="gz03eJxjYGBgkGAAAgA&amp;"/>
    </rdf:Seq>
   </darktable:history>
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
"""

#: As Lightroom Classic writes them: a packet wrapper, several namespaces, a nested description.
LIGHTROOM = (
    '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n'
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="Adobe XMP Core 7.0-c000">\n'
    ' <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n'
    '  <rdf:Description rdf:about=""\n'
    '    xmlns:xmp="http://ns.adobe.com/xap/1.0/"\n'
    '    xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/"\n'
    '    xmlns:stEvt="http://ns.adobe.com/xap/1.0/sType/ResourceEvent#"\n'
    '    xmlns:crs="http://ns.adobe.com/camera-raw-settings/1.0/"\n'
    '    xmlns:xmpDM="http://ns.adobe.com/xmp/1.0/DynamicMedia/"\n'
    '   xmp:Rating="4" xmp:Label="Red" xmpDM:pick="1" xmpDM:good="true"\n'
    '   crs:Exposure2012="+0.35">\n'
    "   <xmpMM:History>\n"
    "    <rdf:Seq>\n"
    '     <rdf:li><rdf:Description stEvt:action="saved" xmp:Rating="2"/></rdf:li>\n'
    "    </rdf:Seq>\n"
    "   </xmpMM:History>\n"
    "  </rdf:Description>\n"
    " </rdf:RDF>\n"
    "</x:xmpmeta>\n"
    '<?xpacket end="w"?>'
).encode()

#: As digiKam and Exiv2 write them where values are elements, in two descriptions.
DIGIKAM = b"""<?xml version="1.0" encoding="UTF-8"?>
<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="XMP Core 4.4.0-Exiv2">
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dk="http://www.digikam.org/ns/1.0/">
 <dk:PickLabel>2</dk:PickLabel>
 <dk:ColorLabel>5</dk:ColorLabel>
 <dk:TagsList><rdf:Seq><rdf:li>Orte/K\xc3\xb6ln</rdf:li></rdf:Seq></dk:TagsList>
</rdf:Description>
<rdf:Description rdf:about="" xmlns:xap="http://ns.adobe.com/xap/1.0/">
 <!-- a remark -->
 <xap:Rating>3</xap:Rating>
 <xap:Label>Blue</xap:Label>
</rdf:Description>
</rdf:RDF>
</x:xmpmeta>
<?xpacket end="w"?>
"""


def values(content: bytes, name: str) -> list[str]:
    """Return the values of a property of the image itself, in whatever form, in order."""
    prefix, local = name.split(":")
    tag = f"{{{NAMESPACES[prefix]}}}{local}"
    found = []
    for one in etree.fromstring(content).findall("rdf:RDF/rdf:Description", NAMESPACES):
        found += [str(one.get(tag))] if one.get(tag) is not None else []
        found += [element.text or "" for element in one.findall(tag)]
    return found


def all_else(content: bytes) -> list[str]:
    """Return everything that a file says apart from what this program writes."""
    ours = {f"{{{NAMESPACES['xmp']}}}Rating", f"{{{NAMESPACES['digiKam']}}}PickLabel"}
    ours |= {f"{{{NAMESPACES['xmpDM']}}}{name}" for name in ("pick", "good")}
    root = etree.fromstring(content)
    said = [str(node) for node in (*root.itersiblings(preceding=True), *root.itersiblings())]
    for node in root.iter():
        above = node.getparent()
        nested = above is None or not str(above.tag).endswith("}RDF")
        if str(node.tag) not in ours:
            said += [str(node.tag), (node.text or "").strip()]
            said += [f"{key!s}={value!s}" for key, value in node.items() if nested or key not in ours]
    return said


# Files of others


@pytest.mark.parametrize(
    ("content", "marks"),
    [
        (DARKTABLE, Marks(1)),
        (LIGHTROOM, Marks(4, Pick.PICKED)),
        (DIGIKAM, Marks(3)),
        (DARKTABLE.replace(b'Rating="1"', b'Rating="-1"'), Marks(0, Pick.REJECTED)),
        (LIGHTROOM.replace(b'pick="1"', b'pick="-1"').replace(b"true", b"False"), Marks(4, Pick.REJECTED)),
        (LIGHTROOM.replace(b'xmpDM:pick="1"', b"").replace(b"true", b"True"), Marks(4, Pick.PICKED)),
        (DIGIKAM.replace(b"PickLabel>2", b"PickLabel>1"), Marks(3, Pick.REJECTED)),
        (DIGIKAM.replace(b"PickLabel>2", b"PickLabel>3"), Marks(3, Pick.PICKED)),
        (DIGIKAM.replace(b"Rating>3<", b"Rating>4.0<"), Marks(4)),
        (DIGIKAM.replace(b"Rating>3<", b"Rating>99<"), Marks(5)),
    ],
)
def test_ratings_of_others_are_read(content: bytes, marks: Marks) -> None:
    assert read_marks(content) == marks


@pytest.mark.parametrize(
    "content", [DARKTABLE, LIGHTROOM, DIGIKAM], ids=["darktable", "Lightroom", "digiKam"]
)
@pytest.mark.parametrize(
    "marks", [Marks(5), Marks(2, Pick.PICKED), Marks(0, Pick.REJECTED), Marks(3, Pick.REJECTED)]
)
def test_everything_else_stays(content: bytes, marks: Marks) -> None:
    merged = merge(content, marks)
    assert all_else(merged) == all_else(content)
    assert values(merged, "xmp:Rating") == ["-1" if marks.pick is Pick.REJECTED else str(marks.rating)]
    if marks.pick is not Pick.NONE:
        rejected = marks.pick is Pick.REJECTED
        assert values(merged, "digiKam:PickLabel") == ["1" if rejected else "3"]
        assert values(merged, "xmpDM:pick") == ["-1" if rejected else "1"]
        assert values(merged, "xmpDM:good") == ["false" if rejected else "true"]
    assert merged.startswith(b"<?xml") == content.startswith(b"<?xml")
    assert merge(merged, marks) is merged


def test_properties_keep_their_form() -> None:
    merged = merge(DIGIKAM, Marks(5, Pick.PICKED))
    assert b"<xap:Rating>5</xap:Rating>" in merged
    assert b"<dk:PickLabel>3</dk:PickLabel>" in merged
    assert b'xmp:Rating="5"' in merge(DARKTABLE, Marks(5))


def test_the_packet_wrapper_stays() -> None:
    merged = merge(LIGHTROOM, Marks(1))
    assert merged.decode().startswith('<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>')
    assert merged.rstrip().endswith(b'<?xpacket end="w"?>')


def test_a_new_file_says_it_to_all_programs() -> None:
    made = merge(None, Marks(4, Pick.PICKED))
    assert made.startswith(b"<?xml")
    assert b'xmp:Rating="4"' in made
    assert b'digiKam:PickLabel="3"' in made
    assert b'xmpDM:pick="1"' in made
    assert read_marks(made) == Marks(4, Pick.PICKED)
    assert values(merge(None, Marks(3)), "xmpDM:pick") == []
    assert values(merge(None, Marks(0, Pick.PICKED)), "xmp:Rating") == []


def test_stars_take_a_rejection_away() -> None:
    rejected = merge(DARKTABLE, Marks(0, Pick.REJECTED))
    merged = merge(rejected, Marks(3))
    assert read_marks(merged) == Marks(3)
    assert values(merged, "digiKam:PickLabel") == ["0"]
    assert values(merged, "xmpDM:good") == []
    assert read_marks(merge(rejected, Marks(0, Pick.PICKED))) == Marks(0, Pick.PICKED)


def test_what_is_not_said_stays() -> None:
    assert read_marks(merge(LIGHTROOM, Marks(2))) == Marks(2, Pick.PICKED)
    assert read_marks(merge(DARKTABLE, Marks(0, Pick.PICKED))) == Marks(1, Pick.PICKED)
    assert merge(LIGHTROOM, Marks()) is LIGHTROOM


def test_a_file_without_a_description_gets_one() -> None:
    empty = b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"/>'
    assert read_marks(merge(empty, Marks(2))) == Marks(2)


def test_a_rating_said_twice_is_changed_twice() -> None:
    twice = DIGIKAM.replace(b'rdf:about="" xmlns:xap', b'rdf:about="" xap:Rating="3" xmlns:xap')
    assert values(merge(twice, Marks(5)), "xmp:Rating") == ["5", "5"]


ENTITIES = b"""<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="&b;"/></rdf:RDF></x:xmpmeta>"""


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "not valid XML"),
        (b"\x00\x01\xff", "not valid XML"),
        (DARKTABLE[:400], "not valid XML"),
        (b"<html/>", "not XMP"),
        (ENTITIES, "document type"),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>', "document type"),
        (DARKTABLE.replace(b'Rating="1"', b'Rating="good"'), "no number"),
        (DARKTABLE.replace(b'Rating="1"', b'Rating="1e999"'), "no number"),
        (DIGIKAM.replace(b"Rating>3<", b"Rating><rdf:value>3</rdf:value><"), "more about its rating"),
    ],
)
def test_what_is_not_understood_is_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(XmpError, match=sentence):
        read_marks(content)
    with pytest.raises(XmpError, match=sentence):
        merge(content, Marks(3))


@given(st.binary(max_size=300) | st.text().map(str.encode))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    with contextlib.suppress(XmpError):
        read_marks(content)
    with contextlib.suppress(XmpError):
        merge(content, Marks(3))


MARKS = st.builds(Marks, st.integers(0, 5), st.sampled_from(Pick))


@given(st.sampled_from([None, DARKTABLE, LIGHTROOM, DIGIKAM]), st.lists(MARKS, max_size=4), MARKS)
def test_what_is_written_is_read(existing: bytes | None, before: list[Marks], marks: Marks) -> None:
    content = existing
    for one in before:
        content = merge(content, one)
    merged = merge(content, marks)
    there = read_marks(merged)
    if marks.pick is Pick.REJECTED:
        assert there == Marks(0, Pick.REJECTED)
    elif marks.rating:
        assert there.rating == marks.rating
        assert there.pick is not Pick.REJECTED
    if marks.pick is not Pick.NONE:
        assert there.pick is marks.pick
    if existing is not None:
        assert all_else(merged) == all_else(existing)


@pytest.mark.parametrize(
    ("ours", "theirs", "contradict"),
    [
        (Marks(3), Marks(), False),
        (Marks(3), Marks(3), False),
        (Marks(3), Marks(4), True),
        (Marks(3), Marks(0, Pick.PICKED), False),
        (Marks(3), Marks(0, Pick.REJECTED), True),
        (Marks(0, Pick.PICKED), Marks(4), False),
        (Marks(0, Pick.PICKED), Marks(0, Pick.REJECTED), True),
        (Marks(0, Pick.REJECTED), Marks(), False),
        (Marks(0, Pick.REJECTED), Marks(0, Pick.REJECTED), False),
        (Marks(0, Pick.REJECTED), Marks(4), True),
        (Marks(0, Pick.REJECTED), Marks(4, Pick.REJECTED), True),
        (Marks(0, Pick.REJECTED), Marks(0, Pick.PICKED), True),
    ],
)
def test_contradictions(ours: Marks, theirs: Marks, contradict: bool) -> None:
    assert ours.contradicts(theirs) is contradict


# Files beside images


@pytest.fixture
def image(tmp_path: Path) -> Callable[[str], str]:
    """Return a maker of images: name in, path out."""

    def make(name: str) -> str:
        path = tmp_path / name
        path.write_bytes(b"pixels")
        return str(path)

    return make


def fates(items: list[Rated], naming: Naming = Naming.APPENDED, **choices: Any) -> list[Fate]:
    return [one.fate for one in write_sidecars(items, naming, **choices).written]


@pytest.mark.parametrize(("naming", "name"), [(Naming.APPENDED, "a.jpg.xmp"), (Naming.REPLACED, "a.xmp")])
def test_sidecars_are_called_as_programs_expect(
    image: Callable[[str], str], tmp_path: Path, naming: Naming, name: str
) -> None:
    rated = Rated(image("a.jpg"), Marks(4))
    report = write_sidecars([rated], naming)
    assert [(one.path, one.sidecar) for one in report.written] == [(rated.path, str(tmp_path / name))]
    assert read_marks((tmp_path / name).read_bytes()) == Marks(4)
    assert sorted(os.listdir(tmp_path)) == sorted(["a.jpg", name])
    assert fates([rated], naming) == [Fate.SAME]


def test_looking_writes_nothing(image: Callable[[str], str], tmp_path: Path) -> None:
    items = [Rated(image("a.jpg"), Marks(4)), Rated(image("b.jpg"), Marks(5)), Rated(image("c.jpg"), Marks())]
    (tmp_path / "b.jpg.xmp").write_bytes(DARKTABLE)
    assert fates(items, only_look=True) == [Fate.NEW, Fate.CONFLICT, Fate.NOTHING]
    assert fates(items, only_look=True, overwrite_ratings=True) == [Fate.NEW, Fate.CHANGED, Fate.NOTHING]
    assert not (tmp_path / "a.jpg.xmp").exists()
    assert (tmp_path / "b.jpg.xmp").read_bytes() == DARKTABLE


def test_another_rating_is_overwritten_only_if_asked(image: Callable[[str], str], tmp_path: Path) -> None:
    rated = Rated(image("a.jpg"), Marks(5))
    sidecar = tmp_path / "a.jpg.xmp"
    sidecar.write_bytes(DARKTABLE)
    (one,) = write_sidecars([rated], Naming.APPENDED).written
    assert (one.fate, one.reason) == (Fate.CONFLICT, "The sidecar says 1 star, here it is 5 stars.")
    assert sidecar.read_bytes() == DARKTABLE
    assert fates([rated], overwrite_ratings=True) == [Fate.CHANGED]
    assert read_marks(sidecar.read_bytes()) == Marks(5)


def test_an_unrated_image_never_takes_a_rating_away(image: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "a.jpg.xmp").write_bytes(DARKTABLE)
    assert fates([Rated(image("a.jpg"), Marks())], overwrite_ratings=True) == [Fate.NOTHING]
    assert (tmp_path / "a.jpg.xmp").read_bytes() == DARKTABLE


def test_a_broken_sidecar_is_left_alone_and_the_next_is_written(
    image: Callable[[str], str], tmp_path: Path
) -> None:
    (tmp_path / "a.jpg.xmp").write_bytes(DARKTABLE[:300])
    items = [Rated(image("a.jpg"), Marks(3)), Rated(image("b.jpg"), Marks(3))]
    broken, new = write_sidecars(items, Naming.APPENDED, overwrite_ratings=True).written
    assert (broken.fate, new.fate) == (Fate.FAILED, Fate.NEW)
    assert broken.reason.startswith("The sidecar was left alone. It is not valid XML")
    assert (tmp_path / "a.jpg.xmp").read_bytes() == DARKTABLE[:300]


def test_images_that_share_a_sidecar_must_agree(image: Callable[[str], str], tmp_path: Path) -> None:
    raw, jpeg = image("a.cr3"), image("a.jpg")
    same = [Rated(raw, Marks(3)), Rated(jpeg, Marks(3))]
    assert fates(same, Naming.REPLACED, only_look=True) == [Fate.NEW, Fate.SAME]
    report = write_sidecars([Rated(raw, Marks(3)), Rated(jpeg, Marks(4))], Naming.REPLACED)
    assert [one.fate for one in report.written] == [Fate.CONFLICT] * 2
    assert "“a.xmp” is the sidecar of “a.jpg” too" in report.written[0].reason
    assert not (tmp_path / "a.xmp").exists()
    assert fates([Rated(raw, Marks(3)), Rated(jpeg, Marks())], Naming.REPLACED) == [Fate.NEW, Fate.NOTHING]
    assert fates(same, Naming.APPENDED) == [Fate.NEW, Fate.NEW]


def test_capital_endings_are_found(image: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "a.XMP").write_bytes(LIGHTROOM)
    assert fates([Rated(image("a.cr3"), Marks(2))], Naming.REPLACED, overwrite_ratings=True) == [Fate.CHANGED]
    assert sorted(os.listdir(tmp_path)) == ["a.XMP", "a.cr3"]


def test_an_image_that_is_gone_gets_no_sidecar(tmp_path: Path) -> None:
    (one,) = write_sidecars([Rated(str(tmp_path / "gone.jpg"), Marks(3))], Naming.APPENDED).written
    assert (one.fate, one.reason) == (Fate.FAILED, "The image is not there any more.")
    assert os.listdir(tmp_path) == []


def test_a_sidecar_that_is_no_file_is_left_alone(image: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "a.jpg.xmp").mkdir()
    assert fates([Rated(image("a.jpg"), Marks(3))]) == [Fate.FAILED]
    (tmp_path / "b.jpg.xmp").symlink_to("nowhere")
    assert fates([Rated(image("b.jpg"), Marks(3))]) == [Fate.FAILED]


def test_a_linked_sidecar_stays_a_link(image: Callable[[str], str], tmp_path: Path) -> None:
    (tmp_path / "real.xmp").write_bytes(DARKTABLE)
    (tmp_path / "a.jpg.xmp").symlink_to(tmp_path / "real.xmp")
    assert fates([Rated(image("a.jpg"), Marks(3))], overwrite_ratings=True) == [Fate.CHANGED]
    assert (tmp_path / "a.jpg.xmp").is_symlink()
    assert read_marks((tmp_path / "real.xmp").read_bytes()) == Marks(3)


def test_a_huge_sidecar_is_left_alone(image: Callable[[str], str], tmp_path: Path) -> None:
    with (tmp_path / "a.jpg.xmp").open("wb") as stream:
        stream.truncate(100 << 20)
    (one,) = write_sidecars([Rated(image("a.jpg"), Marks(3))], Naming.APPENDED).written
    assert (one.fate, one.reason) == (
        Fate.FAILED,
        "The sidecar was left alone. It is too large for a sidecar.",
    )


@pytest.mark.parametrize("existing", [None, DARKTABLE])
def test_what_another_program_writes_meanwhile_stays(
    image: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, existing: bytes | None
) -> None:
    rated = Rated(image("a.jpg"), Marks(3))
    sidecar = tmp_path / "a.jpg.xmp"
    if existing is not None:
        sidecar.write_bytes(existing)

    def late(content: bytes | None, marks: Marks) -> bytes:
        merged = merge(content, marks)
        sidecar.write_bytes(DIGIKAM)
        return merged

    monkeypatch.setattr(sidecar_writing, "merge", late)
    (one,) = write_sidecars([rated], Naming.APPENDED, overwrite_ratings=True).written
    assert one.fate is Fate.FAILED
    assert one.reason.endswith("try again.")
    assert sidecar.read_bytes() == DIGIKAM
    assert sorted(os.listdir(tmp_path)) == ["a.jpg", "a.jpg.xmp"]


def test_a_full_disk_leaves_the_old_sidecar(
    image: Callable[[str], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    items = [Rated(image("a.jpg"), Marks(3)), Rated(image("b.jpg"), Marks(3))]
    (tmp_path / "a.jpg.xmp").write_bytes(DARKTABLE)
    monkeypatch.setattr(os, "fsync", full)
    for one in write_sidecars(items, Naming.APPENDED, overwrite_ratings=True).written:
        assert (one.fate, one.reason) == (Fate.FAILED, "The sidecar was left alone. The disk is full.")
    assert (tmp_path / "a.jpg.xmp").read_bytes() == DARKTABLE
    assert sorted(os.listdir(tmp_path)) == ["a.jpg", "a.jpg.xmp", "b.jpg"]


def test_writing_can_be_cancelled_and_tells_how_far_it_is(image: Callable[[str], str]) -> None:
    items = [Rated(image(f"{number}.jpg"), Marks(3)) for number in range(3)]
    seen: list[tuple[int, int, str]] = []
    report = write_sidecars(
        items,
        Naming.APPENDED,
        progress=lambda done, total, name: seen.append((done, total, name)),
        is_cancelled=lambda: len(seen) == 2,
    )
    assert report.cancelled
    assert report.count(Fate.NEW) == 2
    assert seen == [(0, 3, "0.jpg"), (1, 3, "1.jpg")]


# Bands


@pytest.mark.parametrize(
    ("percentile", "stars"),
    [(100, 5), (90, 5), (89.9, 4), (75, 4), (50, 3), (25, 2), (24.9, 1), (0, 1), (float("nan"), 0)],
)
def test_stars_from_percentiles(percentile: float, stars: int) -> None:
    assert TOP_TENTH.stars(percentile) == stars


def test_bands_say_what_they_mean() -> None:
    assert FIFTHS.sentence("LaMem") == (
        "5 stars from the 80th, 4 stars from the 60th, 3 stars from the 40th, 2 stars from the 20th "
        "percentile of LaMem; 1 star below."
    )
