r"""A photographer's evening with the real program: many photographs in, nine out, with pictures of each step.

Three hundred photographs, as people have them, take a minute or two to score: by default it is 120. What is
seen can be looked at, and varied, by environment variables:

    EVENING_PHOTOGRAPHS=300       so many photographs
    EVENING_PICTURES=FOLDER       where the screenshots go
    EVENING_SIZE=800x600          of the window
    EVENING_APPEARANCE=Dark       as in the menu
    EVENING_HOME=FOLDER           the person's home, whose path is seen in the pictures; must not be there yet
    EVENING_README=FOLDER         where the pictures for the README go

The README's pictures are made by

    EVENING_PHOTOGRAPHS=300 EVENING_HOME=/home/ada EVENING_README=packaging/screenshots \
        python -m pytest tests/e2e/test_evening.py
"""

import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

import pytest
from lxml import etree

from tests.e2e.desktop import desktop, wait_until
from tests.e2e.evening import (
    Evening,
    Place,
    SavedSession,
    colours,
    make_photographs,
    save_for_readme,
    sha256,
)

pytestmark = [pytest.mark.weights, pytest.mark.timeout(1500)]

_COUNT: Final = int(os.environ.get("EVENING_PHOTOGRAPHS", "120"))
_SIZE: Final = tuple(map(int, os.environ.get("EVENING_SIZE", "1280x820").split("x")))
_SCORING_S: Final = 3.0 * _COUNT + 60
_CHOSEN: Final = 9
#: Where a notice is closed, and nothing else happens if there is none.
_NOTICE_OF_EMPTY_WINDOW: Final = (-18, 71)
_NOTICE_BESIDE_PANELS: Final = (-354, 71)
_NOTICE_OVER_LOUPE: Final = (-18, 36)
#: Which screenshot becomes which picture of the README.
_README: Final = {
    "03-scored": "main-window",
    "04-brushed": "histogram-filter",
    "05-loupe": "loupe",
    "06-compared": "compare",
}
_XMP: Final = "{http://ns.adobe.com/xap/1.0/}"
_DIGIKAM: Final = "{http://www.digikam.org/ns/1.0/}"


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    home = Path(os.environ.get("EVENING_HOME", tmp_path / "home"))
    home.mkdir()
    pictures = Path(os.environ.get("EVENING_PICTURES", tmp_path / "pictures"))
    pictures.mkdir(exist_ok=True)
    appearance = os.environ.get("EVENING_APPEARANCE")
    if appearance:
        settings = home / "config" / "resmem_gui" / "resmem_gui.conf"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"[window]\nappearance={appearance}\n")
    photographs = home / "Pictures" / "Weekend"
    paths = make_photographs(photographs, _COUNT)
    size = f"{_SIZE[0] + 20}x{_SIZE[1] + 50}"
    with desktop(home, size) as screen:
        yield Place(screen, photographs, {path: sha256(path) for path in paths}, pictures)


def kept_scores(home: Path) -> list[Any]:
    """Return all that the store holds."""
    with closing(sqlite3.connect(home / "data" / "resmem_gui" / "scores.sqlite", timeout=30)) as connection:
        return [*connection.execute("SELECT * FROM scores"), *connection.execute("SELECT * FROM files")]


@contextmanager
def evening(place: Place, *arguments: str) -> Iterator[Evening]:
    """Start the program and sit down at it; at the end it is quit, and must not have complained."""
    with place.screen.program(*arguments) as program:
        made = Evening(place.screen, program, (_SIZE[0], _SIZE[1]), place.pictures)
        yield made
        made.go_to_window()
        made.press("ctrl+q")
        assert program.wait(timeout=30) == 0
        assert program.stdout is not None
        assert program.stdout.read() == "", "the program must not complain"


def test_a_photographers_evening(place: Place) -> None:
    with evening(place) as at:
        drop_the_folder(place, at)
        wait_for_scores(at)
        scored = keep_as_session(place, at)
        sort_by_date(place, at)
        brush_the_top(place, at)
        stars = rate_in_the_loupe(place, at, scored)
        compare(place, at, scored)
        choose_nine(place, at, scored)
        best = pick(place, at)
        hand_on(place, at, best)
        save_a_contact_sheet(place, at)
        write_sidecars(place, at, best, stars)
        undo_and_redo(place, at, best)
        last = at.saved_session(place.session)
    before = kept_scores(place.home)
    with evening(place, str(place.session)) as at:
        go_on_another_day(place, at, last)
    assert kept_scores(place.home) == before, "nothing is scored twice"
    assert {path: sha256(path) for path in place.hashes} == place.hashes, "originals stay as they are"
    make_readme_pictures(place)


def drop_the_folder(place: Place, at: Evening) -> None:
    at.look("01-empty")
    at.click(*_NOTICE_OF_EMPTY_WINDOW)
    left, upper, width, _ = place.screen.place_of(at.window)
    corner = left + width - 190, upper + 150
    with place.screen.drag_source(corner, place.photographs):
        place.screen.drag((corner[0] + 80, corner[1] + 60), (left + width // 3, upper + 250))
        at.wait_for_title(f"of {_COUNT}")
    at.go_to_window()
    wait_until(lambda: bool(re.search(r"Scoring [1-9]|[1-9]\d* scored", at.title)), 120, "a first score")
    assert colours(at.look("02-dropped", at_rest=False)) > 5000, "photographs are to be seen"


def wait_for_scores(at: Evening) -> None:
    # Meanwhile somebody looks closer already, and the window follows.
    at.click(90, 150)
    at.press("Return")
    at.look("02-loupe-while-scoring", at_rest=False)
    at.press("Right", "Escape", "Home")
    at.wait_for_title(f"{_COUNT} images · {_COUNT} scored – ", _SCORING_S)
    at.press("Home")
    at.look("03-scored")


def keep_as_session(place: Place, at: Evening) -> SavedSession:
    at.press("ctrl+shift+s")
    at.choose_file("Save Session", place.session)
    wait_until(place.session.exists, 60, "the session")
    at.wait_for_title("weekend – ")
    session = SavedSession.read(place.session)
    assert set(session.images) == set(place.hashes)
    assert {path: image["sha256"] for path, image in session.images.items()} == place.hashes
    return session


def sort_by_date(place: Place, at: Evening) -> None:
    at.press("ctrl+3")
    dates: dict[Path, float] = {}

    def all_read() -> bool:
        dates.update(at.saved_session(place.session).values("taken"))
        return len(dates) == _COUNT

    wait_until(all_read, 60, "the dates in all files")
    newest = max(dates, key=dates.__getitem__)

    def newest_is_first() -> bool:
        at.press("Home")
        return list(at.saved_session(place.session).values("selected")) == [newest]

    wait_until(newest_is_first, 60, "the newest at the top")
    at.look("03-by-date")
    assert sorted(dates, key=dates.__getitem__) == sorted(place.hashes, key=lambda path: path.name)
    at.press("ctrl+1", "Home")


def brush_the_top(place: Place, at: Evening) -> None:
    at.click(*_NOTICE_BESIDE_PANELS)
    at.drag((-80, -180), (-8, -180))
    at.wait_for_title(" shown")
    at.click(90, 200)
    at.look("04-brushed")
    session = at.saved_session(place.session)
    low, high = session.filter["scores"]
    shown = list(session.between(low, high))
    assert high == 1
    assert _CHOSEN < len(shown) < _COUNT
    at.wait_for_title(f" · {len(shown)} shown")


def rate_in_the_loupe(place: Place, at: Evening, scored: SavedSession) -> dict[Path, int]:
    """Rate the best three, and pick the third, but only for a moment; return their stars."""
    at.press("Home", "Return", "3", "Right")
    at.click(*_NOTICE_OVER_LOUPE)
    at.look("05-loupe")
    at.press("4", "Right", "5", "p")
    at.click(at.width // 2, at.height // 2)
    assert colours(at.look("05-loupe-pixels")) > 5000
    stars = dict(zip(scored.best_first, (3, 4, 5), strict=False))
    session = at.saved_session(place.session)
    assert session.values("rating") == stars
    assert session.values("pick") == {scored.best_first[2]: "picked"}
    at.press("u", "Escape")
    at.look("05-back")
    assert at.saved_session(place.session).values("pick") == {}
    return stars


def compare(place: Place, at: Evening, scored: SavedSession) -> None:
    at.press("Home", "shift+Right", "shift+Right", "c")
    at.click(*_NOTICE_OVER_LOUPE)
    at.look("06-compared")
    at.press("Tab", "x", "Tab", "Delete")
    at.look("06-two-left")
    at.press("Escape")
    session = at.saved_session(place.session)
    assert session.values("pick") == {scored.best_first[1]: "rejected"}


def choose_nine(place: Place, at: Evening, scored: SavedSession) -> None:
    """Leave out the rejected, and let the best nine be chosen, one of each burst."""
    at.press("ctrl+shift+f", "k")
    at.look("07-filter-menu")
    at.press("space", "Down", "space", "Escape", "Escape")
    at.look("07-chips")
    at.press("ctrl+b")
    dialog = at.wait_for_dialog("Choose the Best")
    at.type(str(_CHOSEN))
    at.press("Return")
    at.look("07-chosen")
    at.press("Escape")
    at.wait_for_end_of(dialog)
    session = at.saved_session(place.session)
    chosen = [path for path in scored.best_first if path in session.values("selected")]
    assert len(chosen) == _CHOSEN
    bursts = {(int(path.stem.removeprefix("IMG_")) - 1) // 3 for path in chosen}
    assert len(bursts) == _CHOSEN, "at most one of a burst"
    assert scored.best_first[0] in chosen
    assert scored.best_first[1] not in chosen, "it is rejected"


def pick(place: Place, at: Evening) -> list[Path]:
    """Pick those that are chosen, and show all that are picked; return them."""
    chosen = set(at.saved_session(place.session).values("selected"))
    at.press("p")
    at.look("07-picked")
    at.press("ctrl+shift+f", "a")
    session = at.saved_session(place.session)
    assert session.filter == {}
    picks = session.values("pick")
    picked = [path for path in session.best_first if picks.get(path) == "picked"]
    assert set(picked) == chosen
    at.press("ctrl+shift+f", "k", "space", "Escape", "Escape")
    at.wait_for_title(f" · {len(picked)} shown")
    at.look("07-only-picked")
    return picked


def hand_on(place: Place, at: Evening, best: list[Path]) -> None:
    target = place.home / "For the print shop"
    at.press("ctrl+h")
    dialog = at.wait_for_dialog("Hand On")
    at.press("alt+o")
    at.type(str(target))
    at.press("alt+n", "Down")
    at.look("08-hand-on")
    at.press("Return")
    wait_until(lambda: len(list(target.glob("*.jpg"))) == len(best), 60, "the copies")
    at.look("08-handed-on")
    at.press("alt+c")
    at.wait_for_end_of(dialog)
    copies = sorted(target.iterdir())
    assert [copy.name for copy in copies] == [f"{n:03} {path.name}" for n, path in enumerate(best, 1)]
    assert [sha256(copy) for copy in copies] == [place.hashes[path] for path in best]


def save_a_contact_sheet(place: Place, at: Evening) -> None:
    target = place.home / "sheet.pdf"
    at.press("ctrl+p")
    dialog = at.wait_for_dialog("Contact Sheet")
    at.look("09-contact-sheet")
    at.press("Return")
    at.choose_file("Save Contact Sheet", target)
    wait_until(target.exists, 60, "the contact sheet")
    at.look("09-sheet-saved")
    at.press("Escape")
    at.wait_for_end_of(dialog)
    content = target.read_bytes()
    assert len(re.findall(rb"/Type /Page\b", content)) == 1
    assert content.count(b"/Subtype /Image") >= _CHOSEN


def write_sidecars(place: Place, at: Evening, best: list[Path], stars: dict[Path, int]) -> None:
    at.press("alt+f")
    at.look("10-file-menu")
    at.press("x")
    dialog = at.wait_for_dialog("Write XMP Sidecars")
    at.look("10-xmp")
    at.press("Return")
    sidecars = {path: path.with_name(f"{path.name}.xmp") for path in best}
    wait_until(lambda: all(one.exists() for one in sidecars.values()), 60, "the sidecars")
    at.look("10-xmp-written")
    at.press("Escape")
    at.wait_for_end_of(dialog)
    assert sorted(place.photographs.rglob("*.xmp")) == sorted(sidecars.values())
    for path, sidecar in sidecars.items():
        (described,) = etree.parse(sidecar).iter("{*}Description")
        assert described.get(f"{_XMP}Rating") == (str(stars[path]) if path in stars else None)
        assert described.get(f"{_DIGIKAM}PickLabel") == "3"


def undo_and_redo(place: Place, at: Evening, best: list[Path]) -> None:
    at.press("ctrl+z")
    at.wait_for_title(" · 0 shown")
    at.look("11-undone")
    at.press("ctrl+shift+z")
    at.wait_for_title(f" · {len(best)} shown")
    at.press("question")
    at.wait_for_dialog("Keyboard Shortcuts")
    at.look("11-shortcuts")
    at.press("Escape")


def go_on_another_day(place: Place, at: Evening, last: SavedSession) -> None:
    at.wait_for_title(f"{_COUNT} images · {_COUNT} scored")
    at.look("12-another-day")
    again = at.saved_session(place.session)
    for field in ("rating", "pick", "score", "sha256"):
        assert again.values(field) == last.values(field)
    assert again.filter == last.filter


def make_readme_pictures(place: Place) -> None:
    folder = os.environ.get("EVENING_README")
    if folder:
        for step, name in _README.items():
            save_for_readme(place.pictures / f"{step}.png", Path(folder) / f"{name}.png")
