"""Fetching images: nothing without a yes to the host, and a sentence for each way that it can fail.

The other machine is a server on this one; `127.0.0.1` and `localhost` are two hosts to the program.
"""

import base64
import io
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from resmem_gui.ui.bringing_in import downloads
from resmem_gui.ui.bringing_in.addresses import Address, FetchError, data_in, parse_address
from resmem_gui.ui.bringing_in.downloads import Download
from resmem_gui.ui.bringing_in.fetching import Fetching
from resmem_gui.ui.bringing_in.host_question import HostQuestion
from resmem_gui.ui.bringing_in.permissions import HostPermissions
from resmem_gui.ui.notice import Notice

WAIT_MS = 10_000
LEFT = Qt.MouseButton.LeftButton


def picture(kind: str = "PNG") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (30, 20), (9, 90, 200)).save(file, kind)
    return file.getvalue()


class Server(ThreadingHTTPServer):
    """Answers as the tests want, and remembers who asked for what.

    Attributes:
        answers: By path: status, headers, content.
        asked: Host and path of each request.
        headers: Of the last request.
        gate: The path `/slow` waits for it.
    """

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answers: dict[str, tuple[int, dict[str, str], bytes]] = {}
        self.asked: list[tuple[str, str]] = []
        self.headers: dict[str, str] = {}
        self.gate = threading.Event()

    @property
    def host(self) -> str:
        return f"127.0.0.1:{self.server_port}"

    @property
    def other_host(self) -> str:
        return f"localhost:{self.server_port}"

    def url(self, path: str, host: str = "") -> str:
        return f"http://{host or self.host}{path}"


class _Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.headers["Host"], self.path))
        self.server.headers = dict(self.headers)
        if self.path == "/slow":
            self.send_response(200)
            self.send_header("Content-Length", "1000000")
            self.end_headers()
            self.wfile.write(picture())
            self.wfile.flush()
            self.server.gate.wait(WAIT_MS / 1000)
            return
        status, headers, content = self.server.answers[self.path]
        self.send_response(status)
        for name, value in ({"Content-Length": str(len(content))} | headers).items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("no_proxy", "127.0.0.1,localhost")
    made = Server()
    made.answers["/a.png"] = (200, {"Content-Type": "image/png"}, picture())
    made.answers["/b.jpg"] = (200, {"Content-Type": "image/jpeg"}, picture("JPEG"))
    thread = threading.Thread(target=made.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    made.gate.set()
    made.shutdown()
    made.server_close()
    thread.join()


class Desk:
    """A window with `Fetching`, and what it said."""

    def __init__(self, qtbot: QtBot, folder: Path) -> None:
        self._qtbot = qtbot
        self.folder = folder / "fetched"
        self.window = QWidget()
        qtbot.addWidget(self.window)
        self.window.show()
        self.settings = QSettings(str(folder / "settings.ini"), QSettings.Format.IniFormat)
        self.permissions = HostPermissions(self.settings)
        self.fetching = Fetching(self.folder, self.permissions, self.window, self.window)
        self.fetched: list[str] = []
        self.notices: dict[str, Notice] = {}
        self.fetching.fetched.connect(self.fetched.append)
        self.fetching.notice.connect(self._show)
        self.fetching.notice_over.connect(lambda key: self.notices.pop(key, None))

    def _show(self, notice: Notice) -> None:
        self.notices[notice.key] = notice

    @property
    def questions(self) -> list[HostQuestion]:
        shown = QApplication.topLevelWidgets()
        return [widget for widget in shown if isinstance(widget, HostQuestion) and widget.isVisible()]

    def answer(self, words: str) -> str:
        """Click a button of the question that is asked, and return what it asked."""
        self._qtbot.waitUntil(lambda: len(self.questions) == 1, timeout=WAIT_MS)
        question = self.questions[0]
        text = question.text()
        button = next(b for b in question.findChildren(QPushButton) if words in b.text().replace("&", ""))
        QTest.mouseClick(button, LEFT)
        return text

    def settle(self) -> None:
        self._qtbot.waitUntil(lambda: not self.fetching.is_busy, timeout=WAIT_MS)

    def said(self) -> str:
        self.settle()
        return self.notices["fetched"].text


@pytest.fixture
def desk(qtbot: QtBot, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(qtbot, tmp_path)
    yield made
    made.fetching.stop()
    qtbot.waitUntil(lambda: made.fetching.has_ended, timeout=WAIT_MS)


# Questions


def test_nothing_is_contacted_before_a_yes(qtbot: QtBot, desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png")])
    qtbot.wait(200)
    assert server.asked == []
    question = desk.questions[0]
    assert question.text() == f"Fetch 1 image from {server.host}?"
    assert "nothing is sent but the request" in question.informativeText()
    assert question.isModal() is False
    desk.answer("Fetch Once")
    desk.settle()
    assert server.asked == [(server.host, "/a.png")]
    assert [Path(path).name for path in desk.fetched] == ["a.png"]
    assert Path(desk.fetched[0]).read_bytes() == picture()
    assert desk.notices == {}


def test_the_request_tells_the_program_and_nothing_more(desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png").replace("http://", "http://me:secret@") + "#place"])
    desk.answer("Fetch Once")
    desk.settle()
    assert server.headers.pop("User-Agent").startswith("resmem_gui/")
    assert set(server.headers) == {"Host", "Accept", "Accept-Encoding", "Connection"}


@pytest.mark.parametrize("way", ["Don’t Fetch", "Escape", "Enter", "close"])
def test_after_a_no_nothing_is_contacted(qtbot: QtBot, desk: Desk, server: Server, way: str) -> None:
    desk.fetching.fetch([server.url("/a.png")])
    question = desk.questions[0]
    if way == "close":
        question.close()
    elif way in ("Escape", "Enter"):
        QTest.keyClick(question, Qt.Key.Key_Escape if way == "Escape" else Qt.Key.Key_Return)
    else:
        desk.answer(way)
    desk.settle()
    qtbot.wait(100)
    assert server.asked == []
    assert desk.fetched == []
    assert desk.permissions.hosts == []


def test_once_is_asked_again_and_always_is_not(desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png")])
    desk.answer("Fetch Once")
    desk.settle()
    desk.fetching.fetch([server.url("/a.png")])
    desk.answer(f"Always from {server.host}")
    desk.settle()
    desk.fetching.fetch([server.url("/a.png")])
    assert desk.questions == []
    desk.settle()
    assert [Path(path).name for path in desk.fetched] == ["a.png", "a (2).png", "a (3).png"]
    kept = HostPermissions(QSettings(desk.settings.fileName(), QSettings.Format.IniFormat))
    assert kept.hosts == [server.host]


def test_what_was_allowed_can_be_forgotten(desk: Desk, server: Server) -> None:
    desk.permissions.allow(server.host)
    desk.permissions.allow("example.org")
    desk.permissions.forget()
    assert desk.permissions.hosts == []
    desk.fetching.fetch([server.url("/a.png")])
    desk.answer("Don’t")
    assert server.asked == []


def test_each_host_is_asked_about_in_turn(desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png"), server.url("/a.png", server.other_host), server.url("/b.jpg")])
    assert desk.answer("Don’t") == f"Fetch 2 images from {server.host}?"
    assert desk.answer("Fetch Once") == f"Fetch 1 image from {server.other_host}?"
    desk.settle()
    assert server.asked == [(server.other_host, "/a.png")]


def test_another_image_of_the_same_host_joins_the_question(desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png")])
    desk.fetching.fetch([server.url("/b.jpg")])
    assert desk.answer("Fetch Once") == f"Fetch 2 images from {server.host}?"
    desk.settle()
    assert [Path(path).name for path in desk.fetched] == ["a.png", "b.jpg"]


# Redirects


def test_a_redirect_to_another_host_is_asked_about(qtbot: QtBot, desk: Desk, server: Server) -> None:
    server.answers["/go"] = (302, {"Location": server.url("/a.png", server.other_host)}, b"")
    desk.fetching.fetch([server.url("/go")])
    desk.answer("Fetch Once")
    qtbot.waitUntil(lambda: len(desk.questions) == 1, timeout=WAIT_MS)
    assert server.asked == [(server.host, "/go")]
    asked = desk.answer("Fetch Once")
    assert asked == f"{server.host} sends on to {server.other_host}.\nFetch 1 image from {server.other_host}?"
    desk.settle()
    assert server.asked[1:] == [(server.other_host, "/a.png")]
    assert len(desk.fetched) == 1


def test_a_redirect_that_is_refused_goes_nowhere(qtbot: QtBot, desk: Desk, server: Server) -> None:
    server.answers["/go"] = (301, {"Location": server.url("/a.png", server.other_host)}, b"")
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/go")])
    desk.answer("Don’t")
    desk.settle()
    qtbot.wait(100)
    assert server.asked == [(server.host, "/go")]
    assert desk.fetched == []


def test_a_redirect_on_the_same_host_is_followed(desk: Desk, server: Server) -> None:
    server.answers["/photo.png"] = (307, {"Location": "/a.png"}, b"")
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/photo.png")])
    desk.settle()
    assert [Path(path).name for path in desk.fetched] == ["photo.png"]


@pytest.mark.parametrize(
    ("target", "words"),
    [("/round", "without an end"), ("", "without an end"), ("file:///etc/passwd", "leads nowhere"),
     ("ftp://example.org/a.png", "leads nowhere")],
)  # fmt: skip
def test_a_redirect_to_nowhere_says_so(desk: Desk, server: Server, target: str, words: str) -> None:
    server.answers["/round"] = (302, {"Location": target}, b"")
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/round")])
    assert words in desk.said()
    assert len(server.asked) <= 6


# Answers that are no images


def test_a_page_says_what_to_do(desk: Desk, server: Server) -> None:
    server.answers["/page"] = (200, {"Content-Type": "text/html; charset=utf-8"}, b"<p>" * 1000)
    server.answers["/lie.png"] = (200, {"Content-Type": "image/png"}, b"\n <!DOCTYPE html><html>" + b" " * 99)
    desk.permissions.allow(server.host)
    for path in ("/page", "/lie.png"):
        desk.fetching.fetch([server.url(path)])
        assert desk.said() == (
            f"{server.host} answered with a page, not an image. Open the image itself and drag it, or "
            "save it first."
        )
    assert list(desk.folder.glob("*")) == []


@pytest.mark.parametrize(
    ("status", "kind", "content", "words"),
    [
        (200, "image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "not an image in a format"),
        (200, "image/png", b"no image at all, whatever it says", "not an image in a format"),
        (200, "application/json", b"{}", "not an image in a format"),
        (200, "image/png", b"", "answered with nothing"),
        (404, "text/html", b"<html>", "has no image at this address"),
        (403, "text/html", b"<html>", "Save it in the browser first"),
        (500, "text/html", b"<html>", "could not give the image (500)"),
    ],
)
def test_what_is_no_image_is_not_kept(
    desk: Desk, server: Server, status: int, kind: str, content: bytes, words: str
) -> None:
    server.answers["/x"] = (status, {"Content-Type": kind}, content)
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/x")])
    assert words in desk.said()
    assert list(desk.folder.glob("*")) == []


def test_an_image_counts_by_its_content(desk: Desk, server: Server) -> None:
    server.answers["/get.php?id=7"] = (200, {"Content-Type": "text/html"}, picture("JPEG"))
    server.answers["/a.tga"] = (200, {"Content-Type": "application/octet-stream"}, picture("TGA"))
    server.answers["/"] = (200, {}, picture("WEBP"))
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/get.php?id=7"), server.url("/a.tga"), server.url("/")])
    desk.settle()
    assert [Path(path).name for path in desk.fetched] == ["get.jpg", "a.tga", "image.webp"]


def test_the_name_is_cleaned(desk: Desk, server: Server) -> None:
    server.answers["/..%2F..%2Fevil%00.png"] = server.answers["/a.png"]
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/..%2F..%2Fevil%00.png")])
    desk.settle()
    assert Path(desk.fetched[0]).parent == desk.folder
    assert Path(desk.fetched[0]).name == "_.._evil_.png"


@pytest.mark.parametrize("declared", [True, False])
def test_too_large_is_refused(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch, declared: bool
) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 100_000)
    if declared:  # refused before all of it has come
        server.answers["/large.png"] = (200, {"Content-Length": "100001"}, picture())
    else:
        server.answers["/large.png"] = (200, {"Content-Length": ""}, picture() + bytes(200_000))
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/large.png")])
    assert "larger than" in desk.said()
    assert list(desk.folder.glob("*")) == []


def test_an_image_that_breaks_off_is_not_kept(desk: Desk, server: Server) -> None:
    server.answers["/half.png"] = (200, {"Content-Length": "5000"}, picture())
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/half.png")])
    assert "ended before the image was complete" in desk.said()
    assert list(desk.folder.glob("*")) == []


def test_several_failures_are_one_sentence(desk: Desk, server: Server) -> None:
    server.answers["/gone"] = server.answers["/gone%20too"] = (404, {}, b"")
    server.answers["/page"] = (200, {"Content-Type": "text/html"}, b"<html>")
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url(path) for path in ("/gone", "/a.png", "/gone%20too", "/page")])
    said = desk.said()
    assert said.startswith(f"3 of 4 images could not be fetched. {server.host} has no image")
    assert said.endswith("(and 1 other reason)")
    assert len(desk.fetched) == 1


# No answer


def test_no_network_and_no_server_say_so(
    qtbot: QtBot, desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.server_close()
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/a.png")])
    assert desk.said() == f"The image could not be fetched from {server.host}: Connection refused."

    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-3, "Temporary failure in name resolution")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    desk.fetching.fetch([server.url("/a.png")])
    assert desk.said().startswith(f"{server.host} was not found.")


def test_a_server_that_does_not_answer_is_given_up(
    desk: Desk, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(downloads, "TIMEOUT_S", 0.3)
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/slow")])
    assert "did not answer within" in desk.said()
    assert list(desk.folder.glob("*")) == []


def test_cancelling_a_slow_server_takes_effect_at_once(qtbot: QtBot, desk: Desk, server: Server) -> None:
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/slow"), server.url("/a.png")])
    qtbot.waitUntil(lambda: "fetching" in desk.notices, timeout=WAIT_MS)
    notice = desk.notices["fetching"]
    assert notice.text.startswith(f"Fetching image 1 of 2 from {server.host}")
    assert notice.action is not None
    notice.action()
    assert desk.notices["fetched"].text == "Cancelled. 2 images not fetched."
    assert "fetching" not in desk.notices
    # The thread is free although the server still holds the line.
    desk.fetching.fetch([server.url("/b.jpg")])
    desk.settle()
    assert [Path(path).name for path in desk.fetched] == ["b.jpg"]
    assert server.asked == [(server.host, "/slow"), (server.host, "/b.jpg")]


def test_cancelling_takes_the_question_away(qtbot: QtBot, desk: Desk, server: Server) -> None:
    desk.fetching.fetch([server.url("/a.png")])
    desk.fetching.fetch([server.url("/a.png", server.other_host)])
    desk.fetching.cancel()
    assert desk.questions == []
    assert not desk.fetching.is_busy
    assert server.asked == []


def test_closing_in_the_middle_ends_the_thread(qtbot: QtBot, desk: Desk, server: Server) -> None:
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/slow"), server.url("/a.png")])
    qtbot.waitUntil(lambda: len(server.asked) == 1, timeout=WAIT_MS)
    desk.fetching.fetch([server.url("/a.png", server.other_host)])
    desk.fetching.stop()
    qtbot.waitUntil(lambda: desk.fetching.has_ended, timeout=2000)
    assert desk.questions == []


def test_progress_is_told(qtbot: QtBot, desk: Desk, server: Server) -> None:
    desk.permissions.allow(server.host)
    desk.fetching.fetch([server.url("/slow")])
    qtbot.waitUntil(lambda: "fetching" in desk.notices, timeout=WAIT_MS)
    come = len(picture())
    assert desk.notices["fetching"].text == (f"Fetching an image from {server.host}: {come} bytes of 1.0 MB")


# Addresses


def test_an_image_inside_an_address_needs_no_question(desk: Desk) -> None:
    coded = base64.b64encode(picture("JPEG")).decode()
    desk.fetching.fetch([f"data:image/jpeg;base64,{coded}"])
    assert desk.questions == []
    desk.settle()
    assert Path(desk.fetched[0]).name == "image.jpg"
    assert Path(desk.fetched[0]).read_bytes() == picture("JPEG")


@pytest.mark.parametrize("address", ["data:image/png;base64,%%%", "data:image/png", "data:,hello"])
def test_an_address_without_an_image_inside_says_so(desk: Desk, address: str) -> None:
    desk.fetching.fetch([address])
    assert desk.said() in (
        "The image in this address is damaged.",
        "It is not an image in a format that this program reads.",
    )


@pytest.mark.parametrize(
    ("text", "url", "host", "name"),
    [
        ("http://Example.ORG/a%20b.jpg", "http://example.org/a%20b.jpg", "example.org", "a b.jpg"),
        ("https://example.org:443", "https://example.org/", "example.org", ""),
        ("http://example.org:8080/x?y=1&z#f", "http://example.org:8080/x?y=1&z", "example.org:8080", "x"),
        ("https://good.org@evil.com/a.jpg", "https://evil.com/a.jpg", "evil.com", "a.jpg"),
        ("https://bücher.de/ä.jpg", "https://xn--bcher-kva.de/%C3%A4.jpg", "xn--bcher-kva.de", "ä.jpg"),
        ("http://[::1]:8000/a.jpg", "http://[::1]:8000/a.jpg", "[::1]:8000", "a.jpg"),
        ("http://example.org./a", "http://example.org/a", "example.org", "a"),
    ],
)
def test_addresses_are_read_by_their_parts(text: str, url: str, host: str, name: str) -> None:
    assert parse_address(text) == Address(url, host, name)


@pytest.mark.parametrize(
    "text",
    ["", "example.org/a.jpg", "ftp://example.org/a.jpg", "file:///a.jpg", "blob:https://example.org/1", "http://",
     "http:///a.jpg", "http://good.org\\@evil.com/", "http://example.org/a b.jpg", "http://a\nb/", "http://[::1",
     "http://example.org:99999/", "http://exa%6dple.org/", "javascript:alert(1)", "http://[fe80::1%25eth0]/"],
)  # fmt: skip
def test_what_is_no_address_or_an_uncertain_one_is_none(text: str) -> None:
    assert parse_address(text) is None


def test_content_of_data_addresses() -> None:
    assert data_in("data:,a%20b") == b"a b"
    assert data_in("data:image/png;base64,_-8 \n") == b"\xff\xef"


def test_a_download_never_leaves_the_allowed_hosts(server: Server, tmp_path: Path) -> None:
    address = parse_address(server.url("/a.png"))
    assert address is not None
    assert Download(address, tmp_path, []).run() == address
    assert server.asked == []


def test_a_download_that_is_cut_tells_no_reason(qtbot: QtBot, server: Server, tmp_path: Path) -> None:
    address = parse_address(server.url("/slow"))
    assert address is not None
    download = Download(address, tmp_path, [server.host])
    results: list[str | Address | None] = []
    thread = threading.Thread(target=lambda: results.append(download.run()))
    thread.start()
    qtbot.waitUntil(lambda: download.received > 0, timeout=WAIT_MS)
    download.cancel()
    thread.join(2)
    assert results == [None]
    assert list(tmp_path.glob("*")) == []


def test_a_disk_that_cannot_be_written_says_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "folder").write_text("a file in its place")
    address = parse_address(server.url("/a.png"))
    assert address is not None
    with pytest.raises(FetchError, match=r"could not be fetched from .*: File exists"):
        Download(address, tmp_path / "folder", [server.host]).run()


def test_a_long_host_is_shown_by_its_end(qtbot: QtBot, desk: Desk) -> None:
    host = "www.example.org." + "a" * 60 + "." + "b" * 60 + ".evil.com"
    desk.fetching.fetch([f"http://{host}/a.png"])
    assert desk.questions[0].text().endswith(".evil.com?")
    assert len(desk.questions[0].text()) < 100
    desk.answer("Don’t")
