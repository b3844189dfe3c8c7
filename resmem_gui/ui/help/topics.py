"""What the help tells about, a page each."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from resmem_gui.resources import resource


@dataclass(frozen=True, slots=True)
class Topic:
    """A page of the help.

    Attributes:
        name: By which other pages and the program refer to it; that of its file.
        title: In the list of pages.
    """

    name: str
    title: str


TOPICS: Final = (
    Topic("reading", "How to read a score"),
    Topic("limits", "What the model cannot do"),
    Topic("agreement", "Agreement with people"),
    Topic("references", "References and percentiles"),
    Topic("cautions", "Cautions"),
    Topic("sensitivity", "Sensitivity of a score"),
    Topic("evaluation", "Evaluation against people"),
    Topic("lists", "Lists for experiments"),
    Topic("exports", "Exports that others can check"),
)
#: Links to other pages begin so.
LINK: Final = "topic"


@cache
def page(name: str) -> str:
    """Return a page as HTML.

    Raises:
        FileNotFoundError: There is no such page.
    """
    return resource(f"resources/help/{name}.html").read_text(encoding="utf-8")
