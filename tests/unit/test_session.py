"""Sessions as files: what is saved comes back, and what is no session says so."""

import errno
import json
import os
import shutil
import tracemalloc
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from resmem_gui.file_state import FileState
from resmem_gui.library import session as session_module
from resmem_gui.library.records import Pick, Provenance, Sensitivity, Status
from resmem_gui.library.session import (
    JSON,
    Session,
    SessionError,
    SessionImage,
    load_session,
    save_session,
)

MADE_BY = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cpu")
MADE_ON_GPU = Provenance("Fake 1.0", "f" * 64, "recipe-1", "cuda")
HEADER = {"format": "resmem_gui session", "version": 1}


def scored(path: Path | str, score: float = 0.75, made_by: Provenance | None = MADE_BY) -> SessionImage:
    return SessionImage(
        str(path), FileState(81234, 10**18, 0), Status.SCORED, score, 64, 48, "0" * 64, made_by
    )


def lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_bytes().splitlines()]


def written(file: Path, *values: object) -> Path:
    """Write lines that are texts as they are and other values as JSON."""
    texts = [value if isinstance(value, str) else json.dumps(value) for value in values]
    file.write_text("".join(text + "\n" for text in texts), encoding="utf-8")
    return file


def loaded_image(folder: Path, **fields: object) -> SessionImage:
    file = written(folder / "a.resmem", {**HEADER, "makers": [{}], "images": 1}, {"path": "a.png", **fields})
    (image,) = load_session(file).images
    return image


# What is saved comes back


def test_everything_known_comes_back(tmp_path: Path) -> None:
    session = Session(
        [
            scored(tmp_path / "a.png", 0.25),
            scored(tmp_path / "b.png", 0.5, MADE_ON_GPU),
            scored(tmp_path / "c.png", 0.75, None),
            SessionImage(str(tmp_path / "d.png"), error="The file is empty (0 bytes).", status=Status.FAILED),
            SessionImage(str(tmp_path / "e.png"), FileState(1, -5, 0), selected=True),
        ],
        [str(tmp_path), str(tmp_path / "sub"), str(tmp_path.parent)],
        {"sort": ["score", True], "filter": None, "edge": 160, "zoom": 1.5},
    )
    save_session(session, tmp_path / "a.resmem", "0.3.0")
    assert load_session(tmp_path / "a.resmem") == session


def test_an_empty_session_comes_back(tmp_path: Path) -> None:
    save_session(Session([]), tmp_path / "a.resmem", "0.3.0")
    assert load_session(tmp_path / "a.resmem") == Session([])


def test_the_file_is_as_it_is_documented(tmp_path: Path) -> None:
    first, second = scored(tmp_path / "sea" / "a.png"), SessionImage(str(tmp_path / "b.png"))
    save_session(Session([first, second], [str(tmp_path)], {"sort": "score"}), tmp_path / "a.resmem", "0.3.0")
    header, *images = lines(tmp_path / "a.resmem")
    saved = header.pop("saved")
    assert len(saved) == 20
    assert saved.endswith("Z")
    assert header == {
        "format": "resmem_gui session",
        "version": 1,
        "program": "0.3.0",
        "folder": str(tmp_path),
        "makers": [
            {
                "scorer": "Fake 1.0",
                "weights_sha256": "f" * 64,
                "preprocessing": "recipe-1",
                "device": "cpu",
            }
        ],
        "images": 2,
        "folders": ["."],
        "view": {"sort": "score"},
    }
    assert images == [
        {
            "path": "sea/a.png", "size": 81234, "mtime_ns": 10**18, "status": "scored", "score": 0.75,
            "maker": 0, "width": 64, "height": 48, "sha256": "0" * 64,
        },
        {"path": "b.png", "status": "waiting"},
    ]  # fmt: skip


def test_the_inode_is_not_saved(tmp_path: Path) -> None:
    image = SessionImage(str(tmp_path / "a.png"), FileState(5, 6, 7))
    save_session(Session([image]), tmp_path / "a.resmem", "0.3.0")
    assert load_session(tmp_path / "a.resmem").images[0].state == FileState(5, 6, 0)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.floats(0, 1, width=32), min_size=1, max_size=50))
def test_scores_come_back_to_the_last_bit(tmp_path: Path, scores: list[float]) -> None:
    images = [scored(tmp_path / f"{number}.png", score) for number, score in enumerate(scores)]
    save_session(Session(images), tmp_path / "a.resmem", "0.3.0")
    back = [image.score for image in load_session(tmp_path / "a.resmem").images]
    assert np.array(back, np.float32).tobytes() == np.array(scores, np.float32).tobytes()


_BYTES = st.binary(min_size=1, max_size=50).filter(lambda name: not {0, ord("/")} & set(name))
_NAMES = st.lists(_BYTES.filter(lambda name: name not in (b".", b"..")), min_size=1, max_size=20, unique=True)


@pytest.mark.skipif(os.name != "posix", reason="elsewhere names are text")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(_NAMES)
@example([b"z\xff\xfe.png", "\U0001f431\u2028\u0085é.png".encode(), b"line\nbreak.png", b'"\\.png'])
@example([b"\xed\xa0\xbd\xed\xb0\x80.png", b"\xf0\x9f", b"C:\\a.png"])
def test_names_of_arbitrary_bytes_come_back(tmp_path: Path, names: list[bytes]) -> None:
    paths = [str(folder / os.fsdecode(name)) for name in names for folder in (tmp_path, Path("/elsewhere"))]
    save_session(Session([SessionImage(path) for path in paths]), tmp_path / "a.resmem", "0.3.0")
    back = [image.path for image in load_session(tmp_path / "a.resmem").images]
    assert list(map(os.fsencode, back)) == list(map(os.fsencode, paths))


def test_names_stay_readable_in_the_file(tmp_path: Path) -> None:
    save_session(Session([SessionImage(str(tmp_path / "naïve ☂.png"))]), tmp_path / "a.resmem", "0.3.0")
    assert "naïve ☂.png" in (tmp_path / "a.resmem").read_text(encoding="utf-8")


def test_unknown_fields_are_kept_and_written_back(tmp_path: Path) -> None:
    extra: dict[str, JSON] = {"mood": 5, "tags": ["sea", {"depth": [1.5, None, True]}]}
    image = loaded_image(tmp_path, **extra)
    assert image.extra == extra
    save_session(Session([image]), tmp_path / "b.resmem", "0.3.0")
    assert load_session(tmp_path / "b.resmem").images == [image]


def test_absent_fields_are_unknown(tmp_path: Path) -> None:
    file = written(tmp_path / "a.resmem", HEADER, {"path": "a.png"}, {"path": "b.png", "size": 5})
    unknown = [SessionImage(str(tmp_path / name)) for name in ("a.png", "b.png")]
    assert load_session(file) == Session(unknown)
    assert unknown[0].status is Status.WAITING
    assert unknown[0].state is None


def test_null_is_unknown(tmp_path: Path) -> None:
    names = ("size", "mtime_ns", "status", "score", "maker", "width", "sha256", "error", "selected")
    assert loaded_image(tmp_path, **dict.fromkeys(names)) == SessionImage(str(tmp_path / "a.png"))


def test_a_file_edited_on_windows_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.resmem").write_bytes(
        json.dumps({**HEADER, "images": 1}).encode() + b'\r\n{"path": "a.png"}'
    )
    assert load_session(tmp_path / "a.resmem").images == [SessionImage(str(tmp_path / "a.png"))]


# Paths


def test_only_paths_below_the_folder_are_relative(tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    folder.mkdir()
    paths = [
        folder / "a.png",
        folder / "x" / "y" / "b.png",
        tmp_path / "photos2" / "c.png",
        tmp_path / "d.png",
    ]
    save_session(Session([SessionImage(str(path)) for path in paths]), folder / "a.resmem", "0.3.0")
    stored = [image["path"] for image in lines(folder / "a.resmem")[1:]]
    assert stored == ["a.png", "x/y/b.png", str(paths[2]), str(paths[3])]
    assert [image.path for image in load_session(folder / "a.resmem").images] == list(map(str, paths))


def test_a_session_in_the_root_folder_has_relative_paths(tmp_path: Path) -> None:
    root = Path(tmp_path.anchor)
    assert session_module._stored_path(str(root / "a.png"), str(root)) == "a.png"


def test_a_session_moves_with_its_images(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.png").touch()
    session = Session([scored(tmp_path / "old" / "a.png")], [str(tmp_path / "old")])
    save_session(session, tmp_path / "old" / "a.resmem", "0.3.0")
    shutil.copytree(tmp_path / "old", tmp_path / "new")
    back = load_session(tmp_path / "new" / "a.resmem")
    assert back == Session([scored(tmp_path / "new" / "a.png")], [str(tmp_path / "new")])


def test_a_session_that_moves_alone_finds_its_images(tmp_path: Path) -> None:
    (tmp_path / "old").mkdir()
    (tmp_path / "old" / "a.png").touch()
    images = [SessionImage(str(tmp_path / "old" / name)) for name in ("a.png", "gone.png")]
    save_session(Session(images), tmp_path / "old" / "a.resmem", "0.3.0")
    (tmp_path / "old" / "a.resmem").rename(tmp_path / "a.resmem")
    back = [image.path for image in load_session(tmp_path / "a.resmem").images]
    assert back == [str(tmp_path / "old" / "a.png"), str(tmp_path / "gone.png")]


def test_a_path_written_by_hand_may_climb(tmp_path: Path) -> None:
    file = written(tmp_path / "a.resmem", HEADER, {"path": "../x/./a.png"})
    assert load_session(file).images[0].path == str(tmp_path.parent / "x" / "a.png")


def test_a_relative_session_path_gives_absolute_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    save_session(Session([SessionImage(str(tmp_path / "a.png"))]), Path("a.resmem"), "0.3.0")
    assert lines(tmp_path / "a.resmem")[1]["path"] == "a.png"
    assert load_session(Path("a.resmem")).images[0].path == str(tmp_path / "a.png")


# Saving is all or nothing


def test_saving_replaces_the_old_file_and_leaves_nothing_else(tmp_path: Path) -> None:
    file = tmp_path / "a.resmem"
    file.write_text("old")
    save_session(Session([]), file, "0.3.0")
    assert load_session(file) == Session([])
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize(
    "call", ["os.fsync", "pathlib.Path.replace", "resmem_gui.library.session._image_fields"]
)
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_a_failure_leaves_the_old_file_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    file = tmp_path / "a.resmem"
    file.write_text("old")

    def fail(*arguments: object) -> None:
        raise error

    monkeypatch.setattr(call, fail)
    with pytest.raises(type(error)):
        save_session(Session([SessionImage("/a.png")]), file, "0.3.0")
    assert file.read_text() == "old"
    assert list(tmp_path.iterdir()) == [file]


def test_what_could_not_be_read_again_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="longer than 1 MiB"):
        save_session(Session([], view={"order": "x" * 2**20}), tmp_path / "a.resmem", "0.3.0")
    assert list(tmp_path.iterdir()) == []


def test_the_longest_line_that_is_saved_is_read(tmp_path: Path) -> None:
    file = tmp_path / "a.resmem"
    save_session(Session([SessionImage(str(tmp_path / "a.png"), error="x")]), file, "0.3.0")
    room = 2**20 - len(file.read_bytes().splitlines(keepends=True)[1]) + 1
    longest = Session([SessionImage(str(tmp_path / "a.png"), error="x" * room)])
    save_session(longest, file, "0.3.0")
    assert len(file.read_bytes().splitlines(keepends=True)[1]) == 2**20
    assert load_session(file) == longest
    with pytest.raises(OSError, match="longer than 1 MiB"):
        save_session(Session([SessionImage(str(tmp_path / "a.png"), error="x" * (room + 1))]), file, "0.3.0")


def test_a_link_stays_a_link_and_permissions_stay(tmp_path: Path) -> None:
    target = tmp_path / "target.resmem"
    target.write_text("old")
    target.chmod(0o640)
    link = tmp_path / "link.resmem"
    link.symlink_to(target)
    save_session(Session([]), link, "0.3.0")
    assert link.is_symlink()
    assert load_session(target) == Session([])
    assert target.stat().st_mode & 0o777 == 0o640


def test_a_missing_folder_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        save_session(Session([]), tmp_path / "missing" / "a.resmem", "0.3.0")


def test_a_missing_file_is_told_by_the_system_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        load_session(tmp_path / "a.resmem")


# What is no good session


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\n", b"\x89PNG\r\n\x1a\n", b"[]\n", b"null\n", b'{"format": "another"}\n', b"[" * 100_000,
        b'{"format": "resmem_gui session", "version": 1', b" " * 2**21,
    ],
)  # fmt: skip
def test_another_file_is_no_session(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.resmem").write_bytes(content)
    with pytest.raises(SessionError, match=r"^The file is no session, or its first line is damaged\. Choose"):
        load_session(tmp_path / "a.resmem")


@pytest.mark.parametrize("rest", [{}, {"makers": "another kind", "images": [1]}])
def test_a_newer_version_is_told(tmp_path: Path, rest: dict[str, JSON]) -> None:
    file = written(tmp_path / "a.resmem", {**HEADER, "version": 2, **rest}, "what comes is unknown")
    with pytest.raises(SessionError, match="newer version"):
        load_session(file)


@pytest.mark.parametrize(
    "wrong",
    [
        {"version": None}, {"version": 0}, {"version": "1"}, {"version": 1.0}, {"version": True},
        {"images": -1}, {"images": "5"}, {"makers": {}}, {"makers": [5]}, {"makers": [{"scorer": 5}]},
        {"folder": 5},
        {"folder": "a\0b"}, {"folders": "a"}, {"folders": [5]}, {"folders": ["a\0b"]},
        {"folders": ["\ud800"]}, {"view": []}, {"view": {"a": json.loads("[" * 40 + "]" * 40)}},
    ],
)  # fmt: skip
def test_a_wrong_header_is_told(tmp_path: Path, wrong: dict[str, JSON]) -> None:
    with pytest.raises(SessionError, match=r"^Line 1 of the session (has|is) .*\. Correct it"):
        load_session(written(tmp_path / "a.resmem", {**HEADER, **wrong}))


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("", "is damaged"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('"path"', "is damaged"),
        ("[" * 100_000, "is damaged"),
        ('{"a":' * 5000 + "1" + "}" * 5000, "is damaged"),
        ('{"path": "a.png", "x": NaN}', "is damaged"),
        ('{"path": "a.png", "x": -Infinity}', "is damaged"),
        ('{"path": "a.png", "x": 1e999}', "is damaged"),
        ('{"path": "a.png", "x": ' + "1" * 5000 + "}", "is damaged"),
        ('{"path": "a.png", "score": NaN}', "is damaged"),
        ({"path": "a.png", "x": "x" * 2**20}, "is longer than 1 MiB"),
        ({"path": "a.png", "x": json.loads("[" * 40 + "]" * 40)}, "is nested too deeply"),
        ({}, 'has no "path"'),
        ({"path": ""}, 'has no "path"'),
        ({"path": 5}, 'has a "path" that is no text'),
        ({"path": "a\0.png"}, "has a path that no file can have"),
        ({"path": "\ud800.png"}, 'has a "path" that is no valid text'),
        ({"path": "a.png", "error": "\udc00"}, 'has a "error" that is no valid text'),
        ({"path": "a.png", "score": "0.5"}, 'has a "score" that is no number'),
        ({"path": "a.png", "score": True}, 'has a "score" that is no number'),
        ({"path": "a.png", "score": 1.001}, 'has a "score" that is no number from 0 to 1'),
        ({"path": "a.png", "score": -0.001}, 'has a "score" that is no number from 0 to 1'),
        ({"path": "a.png", "status": "scored"}, 'has the status "scored" and no score'),
        ({"path": "a.png", "status": "SCORED"}, 'has a "status" that is none of scored, waiting, failed'),
        ({"path": "a.png", "status": 0}, 'has a "status" that is no text'),
        ({"path": "a.png", "size": -1, "mtime_ns": 0}, 'has a "size" that is no whole number'),
        ({"path": "a.png", "size": 1.5, "mtime_ns": 0}, 'has a "size" that is no whole number'),
        ({"path": "a.png", "size": True, "mtime_ns": 0}, 'has a "size" that is no whole number'),
        ({"path": "a.png", "size": 1, "mtime_ns": 2**63}, 'has a "mtime_ns" that is no whole number'),
        ({"path": "a.png", "width": 2**31}, 'has a "width" that is no whole number'),
        ({"path": "a.png", "height": "9"}, 'has a "height" that is no whole number'),
        ({"path": "a.png", "maker": 1}, 'has a "maker" that is no whole number'),
        ({"path": "a.png", "maker": -1}, 'has a "maker" that is no whole number'),
        ({"path": "a.png", "sha256": 5}, 'has a "sha256" that is no text'),
        ({"path": "a.png", "selected": 1}, 'has a "selected" that is neither true nor false'),
        ({"path": "x/../first.png"}, "names an image that an earlier line has named"),
    ],
)
def test_a_wrong_line_is_told_with_its_number(tmp_path: Path, line: object, reason: str) -> None:
    header = {**HEADER, "makers": [{}], "images": 3}
    file = written(tmp_path / "a.resmem", header, {"path": "first.png"}, line, {"path": "last.png"})
    with pytest.raises(SessionError) as caught:
        load_session(file)
    assert str(caught.value).startswith(f"Line 3 of the session {reason}")
    assert str(caught.value).endswith("or open another copy of the session.")


def test_bytes_that_are_no_text_are_told(tmp_path: Path) -> None:
    (tmp_path / "a.resmem").write_bytes(json.dumps(HEADER).encode() + b'\n{"path": "\xff.png"}\n')
    with pytest.raises(SessionError, match="Line 2 of the session is damaged"):
        load_session(tmp_path / "a.resmem")


def test_a_session_that_is_cut_off_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "a.resmem", {**HEADER, "images": 3}, {"path": "a.png"}, {"path": "b.png"})
    with pytest.raises(SessionError, match="cut off: it should hold 3 images and holds 2"):
        load_session(file)


def test_a_session_with_too_many_images_is_told(tmp_path: Path) -> None:
    file = written(tmp_path / "a.resmem", {**HEADER, "images": 0}, {"path": "a.png"})
    with pytest.raises(SessionError, match="should hold 0 images and holds 1"):
        load_session(file)


def test_every_cut_is_noticed(tmp_path: Path) -> None:
    save_session(Session([scored(tmp_path / f"{n}.png") for n in range(3)]), tmp_path / "a.resmem", "0.3.0")
    content = (tmp_path / "a.resmem").read_bytes()
    for length in range(len(content) - 1):  # without the last line break nothing is missing
        (tmp_path / "b.resmem").write_bytes(content[:length])
        with pytest.raises(SessionError):
            load_session(tmp_path / "b.resmem")


def test_a_huge_file_is_refused_unread(tmp_path: Path) -> None:
    written(tmp_path / "a.resmem", HEADER)
    os.truncate(tmp_path / "a.resmem", 2 * 1024**3 + 1)  # takes no room on the disk
    with pytest.raises(SessionError, match="larger than 2 GiB"):
        load_session(tmp_path / "a.resmem")


def test_a_huge_line_is_refused_unread(tmp_path: Path) -> None:
    written(tmp_path / "a.resmem", HEADER)
    os.truncate(tmp_path / "a.resmem", 100 * 2**20)
    tracemalloc.start()
    try:
        with pytest.raises(SessionError, match="Line 2 of the session is longer than 1 MiB"):
            load_session(tmp_path / "a.resmem")
        assert tracemalloc.get_traced_memory()[1] < 10 * 2**20
    finally:
        tracemalloc.stop()


# Whatever the bytes, there is a session or a SessionError, and a session can be saved again


def check_hostile(folder: Path, content: bytes) -> None:
    file = folder / "hostile.resmem"
    file.write_bytes(content)
    try:
        session = load_session(file)
    except SessionError:
        return
    save_session(session, folder / "again.resmem", "0.3.0")
    assert load_session(folder / "again.resmem") == session


_hostile = settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
_FIELDS = (
    "path", "size", "mtime_ns", "status", "score", "maker", "width", "height", "sha256", "error", "selected",
    "format", "version", "program", "saved", "folder", "makers", "images", "folders", "view", "x",
)  # fmt: skip
_ANY_TEXT = st.text(st.characters(codec=None, exclude_categories=())) | st.sampled_from(
    ["a.png", "/a.png", "..", ".", "scored", "failed", "\ud800", "\udc80", "a\0", "//x", "C:\\x", "~"]
)
_SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | _ANY_TEXT
_JSON = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_ANY_TEXT, inner, max_size=3)
)
_OBJECTS = st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=6)


@_hostile
@given(st.binary(max_size=300))
def test_random_bytes_are_refused(tmp_path: Path, content: bytes) -> None:
    check_hostile(tmp_path, content)
    check_hostile(tmp_path, json.dumps(HEADER).encode() + b"\n" + content)


@_hostile
@given(_OBJECTS, st.lists(_JSON | _OBJECTS, max_size=4), st.booleans())
def test_random_json_is_refused_or_read(
    tmp_path: Path, header: dict[str, Any], values: list[Any], with_path: bool
) -> None:
    for number, value in enumerate(values):
        if with_path and isinstance(value, dict):
            value["path"] = f"{number}.png"
    texts = [json.dumps(value) for value in ({**header, **HEADER}, *values)]
    check_hostile(tmp_path, "\n".join(texts).encode())


@_hostile
@given(
    st.lists(
        st.tuples(st.integers(0, 10**6), st.integers(0, 3), st.binary(max_size=3)), min_size=1, max_size=4
    )
)
def test_mutated_files_are_refused_or_read(tmp_path: Path, mutations: list[tuple[int, int, bytes]]) -> None:
    images = [scored(tmp_path / "a.png"), SessionImage("/b.png", FileState(5, 6, 0), extra={"x": [1.5, {}]})]
    save_session(Session(images, [str(tmp_path)], {"sort": "score"}), tmp_path / "a.resmem", "0.3.0")
    content = bytearray((tmp_path / "a.resmem").read_bytes())
    for place, length, replacement in mutations:
        at = place % (len(content) + 1)
        content[at : at + length] = replacement
    check_hostile(tmp_path, bytes(content))


def test_what_is_nested_as_deep_as_is_read_can_be_saved(tmp_path: Path) -> None:
    image = loaded_image(tmp_path, x=json.loads("[" * 31 + "]" * 31))
    save_session(Session([image]), tmp_path / "b.resmem", "0.3.0")
    assert load_session(tmp_path / "b.resmem").images == [image]


def test_marks_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.resmem"
    images = [
        SessionImage("/p/a.jpg", rating=5, pick=Pick.PICKED, taken=1_767_225_600.25),
        SessionImage("/p/b.jpg", pick=Pick.REJECTED),
        SessionImage("/p/c.jpg"),
    ]
    save_session(Session(images), path, "1.0")
    assert load_session(path).images == images
    _, first, _, last = lines(path)
    assert (first["rating"], first["pick"], first["taken"]) == (5, "picked", 1_767_225_600.25)
    assert not {"rating", "pick", "taken"} & set(last), "what is unknown is left out"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("rating", 6, "no whole number from 0 to 5"),
        ("rating", "5", "no whole number from 0 to 5"),
        ("pick", "loved", "none of rejected, neither, picked"),
        ("taken", "yesterday", "no number up to 1e\\+15"),
        ("taken", 1e16, "no number up to 1e\\+15"),
    ],
)
def test_marks_that_mean_nothing_are_refused(tmp_path: Path, field: str, value: JSON, reason: str) -> None:
    with pytest.raises(SessionError, match=reason):
        loaded_image(tmp_path, **{field: value})


# References and sensitivities


def test_references_come_back_even_if_nobody_knows_them(tmp_path: Path) -> None:
    images = [
        SessionImage(str(tmp_path / "a.png"), reference="memcat-food"),
        SessionImage(str(tmp_path / "b.png"), reference="user-of-the-lab"),
        SessionImage(str(tmp_path / "c.png")),
    ]
    folders = {str(tmp_path / "sea"): "memcat-landscape", "/elsewhere": "user-another"}
    session = Session(images, reference="user-my-lab", folder_references=folders)
    save_session(session, tmp_path / "a.resmem", "0.3.0")
    assert load_session(tmp_path / "a.resmem") == session
    header, first, _, third = lines(tmp_path / "a.resmem")
    assert header["reference"] == "user-my-lab"
    assert header["folder_references"] == {"sea": "memcat-landscape", "/elsewhere": "user-another"}
    assert first["reference"] == "memcat-food"
    assert "reference" not in third


def test_a_session_from_before_there_were_references_opens(tmp_path: Path) -> None:
    file = written(tmp_path / "a.resmem", {**HEADER, "images": 1}, {"path": "a.png"})
    session = load_session(file)
    assert (session.reference, session.folder_references) == ("", {})
    assert session.images[0].reference == ""
    assert session.images[0].sensitivity is None


def test_sensitivities_come_back_to_the_last_bit(tmp_path: Path) -> None:
    sensitivity = Sensitivity("ten-crop", (0.1 + 0.2, 0.7, 1.0))
    image = SessionImage(str(tmp_path / "a.png"), sensitivity=sensitivity)
    save_session(Session([image]), tmp_path / "a.resmem", "0.3.0")
    assert load_session(tmp_path / "a.resmem").images[0].sensitivity == sensitivity


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"reference": 3}, 'has a "reference" that is no text'),
        ({"sensitivity": [0.5, 0.6]}, 'has a "sensitivity" that is no object'),
        ({"sensitivity": {"recipe": "ten-crop"}}, 'has a "sensitivity" without scores'),
        ({"sensitivity": {"scores": [0.5]}}, 'has a "sensitivity" without scores'),
        ({"sensitivity": {"scores": [0.5, None]}}, 'has a "sensitivity" without scores'),
        ({"sensitivity": {"scores": [0.5, 1.5]}}, 'has a "sensitivity" that is no number from 0 to 1'),
        ({"sensitivity": {"scores": [0.5] * 1001}}, 'has a "sensitivity" without scores'),
    ],
)
def test_wrong_comparisons_are_told(tmp_path: Path, fields: dict[str, Any], reason: str) -> None:
    with pytest.raises(SessionError, match=reason):
        loaded_image(tmp_path, **fields)


@pytest.mark.parametrize("chosen", [3, ["sea"], {"sea": 3}, {"sea\0": "memcat"}])
def test_wrong_references_of_folders_are_told(tmp_path: Path, chosen: object) -> None:
    file = written(tmp_path / "a.resmem", {**HEADER, "images": 0, "folder_references": chosen})
    with pytest.raises(SessionError, match="Line 1 of the session has a"):
        load_session(file)
