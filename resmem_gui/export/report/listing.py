"""What the report lists, whatever its form: images in full and in short, their marks, the run record."""

from collections.abc import Iterator, Mapping
from typing import Any

from resmem_gui.analysis import cautions
from resmem_gui.export.report.building import printable
from resmem_gui.export.report.content import ReportContent, ReportImage, TableKind


def detailed_images(content: ReportContent) -> tuple[ReportImage, ...]:
    """Return the scored images that are listed with all that is known of them."""
    kind = content.options.table
    if kind is TableKind.FULL:
        return content.images
    return content.pictured if kind is TableKind.BRIEF else ()


def brief_images(content: ReportContent) -> tuple[ReportImage, ...]:
    """Return the scored images that are listed shortly."""
    if content.options.table is not TableKind.BRIEF:
        return ()
    return content.images[len(content.pictured) :]


def marks(image: ReportImage) -> str:
    """Return floor and cautions of an image in a few words; empty without any."""
    words = ["At the floor"] if image.at_floor else []
    words += [cautions.title(caution) for caution in image.cautions]
    return ", ".join(words)


def flattened(record: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, str]]:
    """Yield the fields of a run record as names and texts, nested names joined by points."""
    for key, value in record.items():
        name = f"{above}{printable(str(key)).replace('_', ' ')}"
        yield from _flattened_value(name, value)


def _flattened_value(name: str, value: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - whatever JSON holds
    if isinstance(value, Mapping):
        yield from flattened(value, f"{name} · ")
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value, 1):
            yield from _flattened_value(f"{name} {number}" if len(value) > 1 else name, item)
    elif value is not None and value != "":
        yield name, printable(str(value))
