"""Ratings in XMP, in the way that Lightroom, Bridge, darktable and digiKam read them.

What is written, and who reads it:

- `xmp:Rating`: all of them. 0 to 5, and -1 for a rejected image, as the specification and darktable have it.
- `digiKam:PickLabel`: digiKam. 1 rejected, 3 accepted.
- `xmpDM:pick` and `xmpDM:good`: Lightroom Classic since 13.2. 1 and true picked, -1 and false rejected.

Everything else in a file, colour labels and edits included, stays as it is.
"""

from dataclasses import dataclass
from typing import Final

from lxml import etree

from resmem_gui.library.records import Pick

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_XMP: Final = "http://ns.adobe.com/xap/1.0/"
_DM: Final = "http://ns.adobe.com/xmp/1.0/DynamicMedia/"
_DIGIKAM: Final = "http://www.digikam.org/ns/1.0/"
_NAMESPACES: Final = {"rdf": _RDF, "xmp": _XMP, "xmpDM": _DM, "digiKam": _DIGIKAM}
for _prefix, _uri in _NAMESPACES.items():
    etree.register_namespace(_prefix, _uri)  # the prefixes that people know, where a file has none of its own

_RATING: Final = f"{{{_XMP}}}Rating"
_PICK: Final = f"{{{_DM}}}pick"
_GOOD: Final = f"{{{_DM}}}good"
_PICK_LABEL: Final = f"{{{_DIGIKAM}}}PickLabel"
_ABOUT: Final = f"{{{_RDF}}}about"
_DESCRIPTION: Final = f"{{{_RDF}}}Description"

_EMPTY: Final = (
    '<x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="resmem-gui">\n'
    f' <rdf:RDF xmlns:rdf="{_RDF}">\n'
    f'  <rdf:Description rdf:about="" xmlns:xmp="{_XMP}"/>\n'
    " </rdf:RDF>\n"
    "</x:xmpmeta>"
).encode()


class XmpError(ValueError):
    """A file that is left alone, because it is not XMP or not as we know it; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class Marks:
    """What a person has said about an image.

    Attributes:
        rating: 1 to 5; 0 where nobody has rated it.
        pick: Whether it is picked or rejected.
    """

    rating: int = 0
    pick: Pick = Pick.NONE

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to be written."""
        return not self.rating and self.pick is Pick.NONE

    def contradicts(self, other: "Marks") -> bool:
        """Tell whether writing these would change something that the other says."""
        if Pick.REJECTED in (self.pick, other.pick):
            return not other.is_nothing and (self.pick is not other.pick or other.rating > 0)
        return bool(self.rating and other.rating) and self.rating != other.rating


def read_marks(content: bytes) -> Marks:
    """Return what an XMP file says about its image.

    Raises:
        XmpError: It is not XMP, or not as we know it.
    """
    descriptions = _descriptions(_parse(content))
    rating = _number(descriptions, _RATING)
    return Marks(min(5, max(0, rating)), _pick_of(descriptions, rating))


def merge(existing: bytes | None, marks: Marks) -> bytes:
    """Return an XMP file with these marks in it, and with everything else that it had.

    A rejected image keeps no stars there: XMP has one number for both.

    Args:
        existing: What the file has; None for a new one.
        marks: What is wanted. A rating of 0 leaves stars as they are, and no pick leaves pick and reject as
            they are; but stars take a rejection away.

    Returns:
        `existing` itself if it says so already.

    Raises:
        XmpError: It is not XMP, or not as we know it; leave it alone.
    """
    root = _parse(_EMPTY if existing is None else existing)
    descriptions = _descriptions(root)
    before = etree.tostring(root)
    rating = _number(descriptions, _RATING)
    rejected = _pick_of(descriptions, rating) is Pick.REJECTED
    if marks.pick is not Pick.NONE or (rejected and marks.rating):
        _set_pick(descriptions, marks.pick)
    if marks.pick is Pick.REJECTED:
        _set(descriptions, _RATING, "-1")
    elif (marks.rating and marks.rating != rating) or (rating < 0 and marks.pick is Pick.PICKED):
        _set(descriptions, _RATING, str(marks.rating))
    if existing is not None and etree.tostring(root) == before:
        return existing
    has_declaration = existing is None or existing.removeprefix(b"\xef\xbb\xbf").startswith(b"<?xml ")
    return etree.tostring(root.getroottree(), encoding="UTF-8", xml_declaration=has_declaration) + b"\n"


def _parse(content: bytes) -> etree._Element:
    """Parse without looking anything up, on disk or net, and without expanding anything."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise XmpError("It is not valid XML: another program may have left it half written.") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise XmpError("It declares a document type, which XMP never does.")
    return root


def _descriptions(root: etree._Element) -> list[etree._Element]:
    """Return what describes the image itself, not its parts."""
    bag = root if root.tag == f"{{{_RDF}}}RDF" else root.find(f"{{{_RDF}}}RDF")
    if bag is None:
        raise XmpError("It is XML, but not XMP.")
    found = bag.findall(_DESCRIPTION)
    return found or [etree.SubElement(bag, _DESCRIPTION, {_ABOUT: ""})]


def _values(descriptions: list[etree._Element], name: str) -> list[str]:
    """Return the values of a property, written as an attribute or as an element."""
    values = []
    for description in descriptions:
        if (value := description.get(name)) is not None:
            values.append(value)
        for element in description.findall(name):
            if len(element):
                raise XmpError("It says more about its rating than this program understands.")
            values.append(element.text or "")
    return [value.strip() for value in values if value.strip()]


def _number(descriptions: list[etree._Element], name: str) -> int:
    """Return a property that is a number; 0 where there is none."""
    values = _values(descriptions, name)
    try:
        return round(float(values[0])) if values else 0
    except (ValueError, OverflowError) as error:
        raise XmpError("It has a rating that is no number.") from error


def _pick_of(descriptions: list[etree._Element], rating: int) -> Pick:
    """Return what any of the programs would take for pick or reject; a rejection goes first."""
    good = _values(descriptions, _GOOD)
    signs = {_number(descriptions, _PICK), {1: -1, 3: 1}.get(_number(descriptions, _PICK_LABEL), 0)}
    signs |= {{"true": 1, "false": -1}.get(value.casefold(), 0) for value in good}
    if rating < 0 or min(signs) < 0:
        return Pick.REJECTED
    return Pick.PICKED if max(signs) > 0 else Pick.NONE


def _set_pick(descriptions: list[etree._Element], pick: Pick) -> None:
    _set(descriptions, _PICK_LABEL, {Pick.REJECTED: "1", Pick.NONE: "0", Pick.PICKED: "3"}[pick])
    _set(descriptions, _PICK, str(int(pick)))
    if pick is Pick.NONE:  # Lightroom writes none for a photo without a flag
        _remove(descriptions, _GOOD)
    else:
        _set(descriptions, _GOOD, "true" if pick is Pick.PICKED else "false")


def _set(descriptions: list[etree._Element], name: str, value: str) -> None:
    """Set a property where it stands, in the form that it has; a new one becomes an attribute."""
    is_set = False
    for description in descriptions:
        if description.get(name) is not None:
            description.set(name, value)
            is_set = True
        for element in description.findall(name):
            element.text = value
            is_set = True
    if not is_set:
        descriptions[0].set(name, value)


def _remove(descriptions: list[etree._Element], name: str) -> None:
    for description in descriptions:
        if name in description.attrib:
            del description.attrib[name]
        for element in description.findall(name):
            description.remove(element)
