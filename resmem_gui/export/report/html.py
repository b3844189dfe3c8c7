"""The report as one HTML file: nothing in it asks for anything outside it."""

import base64
import hashlib

from resmem_gui.export.citations import CITATIONS
from resmem_gui.export.report import listing, sentences, statistics
from resmem_gui.export.report.content import ReportContent, ReportImage
from resmem_gui.resources import resource


def html_report(content: ReportContent) -> str:
    """Return the report as an HTML document: style, pictures and figures are in it, and no script.

    SciPy and Jinja are imported: not for the GUI thread.
    """
    from jinja2 import Environment, StrictUndefined
    from markupsafe import Markup

    folder = resource("resources/report")
    style = (folder / "report.css").read_text(encoding="utf-8")
    # Autoescape is on for all; what is marked as safe is made here, of numbers and of our own files.
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((folder / "report.html.jinja").read_text(encoding="utf-8"))
    drawn = statistics.groups(content)
    return template.render(
        content=content,
        options=content.options,
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        groups=drawn,
        figures=[Markup(group.figure.svg()) for group in drawn],  # noqa: S704 - its texts are escaped
        cautions=statistics.caution_groups(content),
        record=tuple(listing.flattened(content.run_record)),
        detailed=listing.detailed_images(content),
        brief=listing.brief_images(content),
        has_cautions=any(image.cautions or image.at_floor for image in content.images),
        has_sensitivity=any(image.sensitivity for image in content.images),
        picture=lambda image: data_uri(content, image),
        marks=listing.marks,
        said=sentences,
        citations=CITATIONS,
    )


def data_uri(content: ReportContent, image: ReportImage) -> str:
    """Return an image's picture as an address that holds it; empty without a picture."""
    jpeg = content.pictures.get(image.path)
    return "" if jpeg is None else f"data:image/jpeg;base64,{base64.b64encode(jpeg).decode('ascii')}"
