"""What a drop or the clipboard brings, and how lists, archives, pictures and addresses become images."""

import io
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QSettings, QUrl
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.bringing_in.bring_in import BringIn
from resmem_gui.ui.bringing_in.host_question import HostQuestion
from resmem_gui.ui.bringing_in.incoming import Incoming, carries_images, read_incoming
from resmem_gui.ui.notice import Notice
from resmem_gui.ui.threads.background import Jobs

WAIT_MS = 10_000
WEB = "https://example.org/photos/cat%20one.jpg"


def picture() -> QImage:
    image = QImage(6, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF0A5AC8)
    return image


def png() -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, "PNG")
    return file.getvalue()


def mime(**offers: object) -> QMimeData:
    """Make what a program offers: urls, html, text, image, or a format by its name with `_` for `/`."""
    data = QMimeData()
    if "urls" in offers:
        data.setUrls([QUrl(url) for url in offers.pop("urls")])  # type: ignore[attr-defined]
    if "image" in offers:
        data.setImageData(offers.pop("image"))
    for name, content in offers.items():
        kind = {
            "html": "text/html",
            "text": "text/plain",
            "moz_url": "text/x-moz-url",
            "moz_image": "application/x-moz-file-promise-url",
            "netscape": "_NETSCAPE_URL",
        }[name]
        assert isinstance(content, str)
        data.setData(kind, content.encode("utf-16-le" if name.startswith("moz") else "utf-8"))
    return data


# What browsers offer


@pytest.mark.parametrize(
    "data",
    [
        mime(urls=["file:///photos/a%20b.jpg", WEB], image=picture()),
        mime(urls=["file:///photos/a%20b.jpg"], html=f'<img src="{WEB}">'),
        mime(moz_url="file:///photos/a%20b.jpg\nA title", image=picture()),
        mime(netscape="file:///photos/a%20b.jpg\nA title"),
        mime(html='<p><img alt="x" src="file:///photos/a%20b.jpg">'),
        mime(text="file:///photos/a%20b.jpg"),
    ],
)
def test_a_local_file_is_better_than_anything(qapp: QApplication, data: QMimeData) -> None:
    assert read_incoming(data) == Incoming(["/photos/a b.jpg"])


@pytest.mark.parametrize(
    ("offers", "name"),
    [
        ({"urls": [WEB]}, "cat one.jpg"),
        ({"html": f'<meta charset=utf-8><a href="https://a.b/page"><img src="{WEB}?size=2&amp;x"></a>'},
         "cat one.jpg"),
        ({"urls": ["https://example.org/page"], "html": f"<img src={WEB}>"}, "cat one.jpg"),
        ({"moz_url": f"{WEB}\nA cat"}, "cat one.jpg"),
        ({"html": '<img src="data:image/png;base64,AAAA">'}, ""),
        ({"html": "<b>a chart in a table</b>", "text": "1\t2"}, ""),
        ({"html": f'<img src="file:///tmp/clip_image001.png"><img src="{WEB}">'}, "cat one.jpg"),
    ],
)  # fmt: skip
def test_a_picture_is_better_than_its_address_and_takes_its_name(
    qapp: QApplication, offers: dict[str, object], name: str
) -> None:
    incoming = read_incoming(mime(image=picture(), **offers))
    assert incoming.picture is not None
    assert incoming.name == name
    assert (incoming.paths, incoming.addresses) == ([], [])


@pytest.mark.parametrize(
    ("data", "addresses"),
    [
        (mime(urls=[WEB]), [WEB]),
        (mime(urls=["https://example.org/page"], html=f'<a href="x"><IMG SRC="{WEB}"></a>'), [WEB]),
        (mime(urls=["https://example.org/page"], moz_image=f"{WEB}\0"), [WEB]),
        (mime(moz_url=f"{WEB}\nA cat\nhttps://example.org/b.jpg\nB"), [WEB, "https://example.org/b.jpg"]),
        (mime(netscape=f"{WEB}\nA cat"), [WEB]),
        (mime(html=f'<img src="{WEB}"><img src="http://a.b/c.png"><img src="{WEB}"><img>'),
         [WEB, "http://a.b/c.png"]),
        (mime(text=f"{WEB}\n\n"), [WEB]),
        (mime(html='<img src="data:image/png;base64,AA==">'), ["data:image/png;base64,AA=="]),
    ],
)  # fmt: skip
def test_the_address_of_the_image_is_better_than_that_of_its_link(
    qapp: QApplication, data: QMimeData, addresses: list[str]
) -> None:
    assert carries_images(data) or data.hasText()
    assert read_incoming(data) == Incoming(addresses=addresses)


def test_addresses_that_lead_nowhere_are_told_apart(qapp: QApplication) -> None:
    incoming = read_incoming(mime(html='<img src="blob:https://example.org/1"><img src="/a.png">'))
    assert incoming == Incoming(strange=["blob:https://example.org/1", "/a.png"])
    assert not incoming.is_empty


@pytest.mark.parametrize("text", ["a shopping list", f"see {WEB}", f"{WEB}\nand more", "", "a.jpg"])
def test_a_text_is_just_a_text(qapp: QApplication, text: str) -> None:
    assert read_incoming(mime(text=text)).is_empty
    assert not carries_images(mime(text=text))


def test_a_page_with_thousands_of_images_brings_some(qapp: QApplication) -> None:
    html = "".join(f'<img src="https://example.org/{number}.png">' for number in range(5000))
    assert len(read_incoming(mime(html=html)).addresses) == 200


# What becomes of it


class Desk:
    """`BringIn` with a window, and what it handed on."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        self.own = folder / "own"
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.jobs = Jobs(self.window)
        settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.added: list[list[str]] = []
        self.opened: list[tuple[str, list[str]]] = []
        self.ways = 0
        self.notices: dict[str, Notice] = {}
        self.bring_in = BringIn(
            self._add, self._open, self.jobs, settings, self.own, self._give_way, self.window
        )
        self.bring_in.notice.connect(self._show)
        self.bring_in.notice_over.connect(lambda key: self.notices.pop(key, None))

    def _add(self, paths: Sequence[str]) -> None:
        self.added.append(list(paths))

    def _open(self, path: str, beside: Sequence[str]) -> None:
        self.opened.append((path, list(beside)))

    def _give_way(self) -> None:
        self.ways += 1

    def _show(self, notice: Notice) -> None:
        self.notices.pop(notice.key, None)
        self.notices[notice.key] = notice

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.bring_in.is_busy, timeout=WAIT_MS)

    def take_paths(self, *paths: Path | str) -> None:
        self.bring_in.take_paths([str(path) for path in paths])
        self.settle()

    def said(self) -> str:
        """Return the newest notice about what came in."""
        return [notice.text for key, notice in self.notices.items() if key.startswith("incoming")][-1]


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path)
    yield made
    made.bring_in.stop()
    made.jobs.stop()
    qtbot.waitUntil(lambda: made.bring_in.has_ended and made.jobs.has_ended, timeout=WAIT_MS)


@pytest.fixture
def photos(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / "photos" / f"{number}.png" for number in range(3)]
    paths[0].parent.mkdir()
    for path in paths:
        path.write_bytes(png())
    return paths


@pytest.fixture
def make_zip(tmp_path: Path) -> Callable[..., Path]:
    def make(*names: str, name: str = "photos.zip") -> Path:
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for member in names:
                archive.writestr(member, png())
        return tmp_path / name

    return make


MakeZip = Callable[..., Path]


def test_files_and_folders_are_handed_on_at_once(desk: Desk, photos: list[Path]) -> None:
    paths = [str(photos[0]), str(photos[0].parent), "/gone/x.jpg", "/some/file.docx"]
    desk.bring_in.take_paths(paths)
    assert desk.added == [paths]
    assert not desk.bring_in.is_busy


def test_a_list_brings_the_images_it_names(desk: Desk, photos: list[Path], tmp_path: Path) -> None:
    (tmp_path / "list.txt").write_text("photos/2.png\nphotos/0.png\n")
    desk.take_paths(tmp_path / "list.txt", photos[1])
    assert desk.added == [[str(photos[1])], [str(photos[2]), str(photos[0])]]
    assert desk.notices == {}
    assert desk.ways > 0


def test_lines_that_lead_to_nothing_are_told(desk: Desk, photos: list[Path], tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_text("photos/2.png\ngone.png\nphotos/gone too.png")
    desk.take_paths(path)
    assert desk.said() == (
        "1 image added from list.txt; 2 of its lines lead to nothing: the first is “gone.png”."
    )
    path.write_text("Dear diary")
    desk.take_paths(path)
    assert desk.said().startswith("list.txt names no image that is there: one of its lines leads to nothing")
    path.write_text("\n\n")
    desk.take_paths(path)
    assert desk.said() == "list.txt names no images. It is empty."
    path.write_text("photos\n")
    desk.take_paths(path)
    assert desk.said().startswith("list.txt names no images. Its lines lead to folders")
    desk.take_paths(tmp_path / "gone.txt")
    assert desk.said() == "gone.txt: This list could not be read: No such file or directory."
    assert len(desk.added) == 1


def test_an_archive_is_unpacked_into_the_own_folder(desk: Desk, make_zip: MakeZip) -> None:
    desk.take_paths(make_zip("a.png", "sub/b.png"))
    assert [Path(path).name for path in desk.added[0]] == ["a.png", "b.png"]
    assert all(Path(path).is_relative_to(desk.own / "unpacked") for path in desk.added[0])
    desk.take_paths(make_zip("x.txt", name="texts.zip"))
    assert desk.said() == "texts.zip has no images in it; 1 file of other kinds."
    assert len(desk.added) == 1


def test_two_problems_are_two_notices(desk: Desk, tmp_path: Path) -> None:
    for name in ("a.zip", "b.txt"):
        (tmp_path / name).write_text("nothing of use")
    desk.take_paths(tmp_path / "a.zip", tmp_path / "b.txt")
    assert len(desk.notices) == 2


def test_an_archive_that_is_none_says_so(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "photos.zip").write_text("no archive")
    desk.take_paths(tmp_path / "photos.zip")
    assert desk.said() == "photos.zip: This file is no zip archive, or is damaged."
    assert desk.added == []


def test_names_do_not_deceive(desk: Desk, photos: list[Path], tmp_path: Path) -> None:
    folder, image = tmp_path / "summer.zip", tmp_path / "image.txt"
    folder.mkdir()
    image.write_bytes(png())
    desk.take_paths(folder, image)
    assert desk.added == [[str(folder)], [str(image)]]
    assert desk.notices == {}


def test_a_session_is_opened_with_all_that_came_along(
    desk: Desk, photos: list[Path], tmp_path: Path, make_zip: MakeZip
) -> None:
    (tmp_path / "list.txt").write_text("photos/2.png")
    session = str(tmp_path / "my.RESMEM")
    desk.take_paths(photos[0], session, tmp_path / "list.txt", make_zip("a.png"), tmp_path / "other.resmem")
    assert desk.added == []
    ((opened, beside),) = desk.opened
    assert opened == session
    assert beside[:2] == [str(photos[0]), str(photos[2])]
    assert [Path(path).name for path in beside[2:]] == ["a.png"]
    desk.take_paths(session, photos[0])
    assert desk.opened[1] == (session, [str(photos[0])])


def test_unpacking_tells_how_far_it_is_and_can_be_cancelled(
    qtbot: QtBot, desk: Desk, make_zip: MakeZip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resmem_gui.ui.bringing_in.bring_in._TELL_S", 0.0)
    path = make_zip(*(f"{number}.png" for number in range(2000)))
    desk.bring_in.take_paths([str(path)])
    qtbot.waitUntil(lambda: "unpacking" in desk.notices, timeout=WAIT_MS)
    notice = desk.notices["unpacking"]
    assert notice.text.startswith("Unpacking photos.zip: ")
    assert notice.action is not None
    notice.action()
    assert not desk.bring_in.is_busy
    assert "unpacking" not in desk.notices
    assert desk.said().startswith("Cancelled.")
    (Path(path).parent / "list.txt").write_text(str(path.with_name("0.png")))
    desk.take_paths(path.with_name("list.txt"))  # the thread is free, and what was cancelled has ended
    assert desk.added == []
    assert list((desk.own / "unpacked").iterdir()) == []


def test_a_picture_is_kept_under_the_name_it_had(qtbot: QtBot, desk: Desk) -> None:
    for name in ("cat: one.jpg", "cat: one.jpg", "", ".."):
        desk.bring_in.take(Incoming(picture=picture(), name=name))
    qtbot.waitUntil(lambda: len(desk.added) == 4, timeout=WAIT_MS)
    names = [Path(paths[0]).name for paths in desk.added]
    assert names[:2] == ["cat_ one.png", "cat_ one (2).png"]
    assert all(name.startswith("Pasted ") for name in names[2:])
    assert Path(desk.added[0][0]).parent == desk.own / "pasted"


def test_a_picture_that_cannot_be_kept_says_so(qtbot: QtBot, desk: Desk) -> None:
    desk.own.write_text("a file in its place")
    desk.bring_in.take(Incoming(picture=picture()))
    qtbot.waitUntil(lambda: "incoming" in desk.notices, timeout=WAIT_MS)
    assert desk.said().startswith("The pasted picture could not be kept:")


def test_nothing_says_so(desk: Desk) -> None:
    desk.bring_in.take(Incoming())
    assert desk.said() == "There are no files and no picture on the clipboard."
    desk.bring_in.take(Incoming(), "in what was dropped")
    assert desk.said() == "There are no files and no picture in what was dropped."
    desk.bring_in.take(Incoming(strange=["blob:https://example.org/1"]))
    assert desk.said().startswith("This address leads to no file: blob:https://example.org/1. Save the image")


def test_an_address_is_asked_about(qtbot: QtBot, desk: Desk) -> None:
    desk.window.show()
    desk.bring_in.take(Incoming(addresses=["http://127.0.0.1:9/a.png"]))
    assert desk.bring_in.is_busy
    questions = [widget for widget in QApplication.topLevelWidgets() if isinstance(widget, HostQuestion)]
    assert [question.text() for question in questions] == ["Fetch 1 image from 127.0.0.1:9?"]
    desk.bring_in.cancel()
    desk.settle()
    assert desk.added == []


def test_hosts_can_be_forgotten(desk: Desk) -> None:
    desk.bring_in.permissions.allow("example.org")
    desk.bring_in.forget_hosts()
    assert desk.said() == "1 host forgotten: the program asks before it fetches anything."
    assert desk.bring_in.permissions.hosts == []
    desk.bring_in.forget_hosts()
    assert desk.said() == "There is no host that images are fetched from without a question."
