"""Images get into a folder whole, under free names, and nothing is ever overwritten."""

# Paths are plain text here, as in the library.
# ruff: noqa: PTH101, PTH106, PTH108, PTH115, PTH116, PTH121, PTH208, PTH211

import errno
import os
import stat
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from resmem_gui.export import carrying_out, copying, exclusive
from resmem_gui.export.carrying_out import Progress, Result, carry_out
from resmem_gui.export.exclusive import CannotRenameError, rename_exclusively
from resmem_gui.export.handing_on import Collision, HandOn, Kind, NameRule, Outcome, Plan, Way, key_of, plan
from resmem_gui.export.taking_back import undo

PLAIN_USER = os.name == "posix" and os.geteuid() != 0


@pytest.fixture
def make(tmp_path: Path) -> Callable[..., str]:
    """Return a maker of files: name in, path out; the content is the name if none is given."""

    def make(name: str, content: bytes | None = None) -> str:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(os.fsencode(name) if content is None else content)
        return str(path)

    return make


@pytest.fixture
def target(tmp_path: Path) -> Path:
    folder = tmp_path / "target"
    folder.mkdir()
    return folder


def planned(sources: list[str], folder: Path, **choices: Any) -> Plan:
    made = plan(HandOn(tuple(sources), str(folder), **choices))
    assert made is not None
    return made


def hand_on(sources: list[str], folder: Path, **choices: Any) -> Result:
    return carry_out(planned(sources, folder, **choices))


def names(folder: Path) -> list[str]:
    return sorted(os.listdir(folder))


def only(outcomes: tuple[Outcome, ...]) -> Outcome:
    (one,) = outcomes
    return one


# Copies


def test_copies_are_the_same_and_the_originals_stay(make: Callable[..., str], target: Path) -> None:
    source = make("photos/a.jpg", b"pixels" * 500_000)
    os.chmod(source, 0o640)
    os.utime(source, ns=(10**18, 1_234_567_890_123_456_700))
    result = hand_on([source], target)
    copy = target / "a.jpg"
    assert copy.read_bytes() == Path(source).read_bytes()
    assert os.stat(copy).st_mtime_ns == 1_234_567_890_123_456_700
    if os.name == "posix":
        assert stat.S_IMODE(os.stat(copy).st_mode) == 0o640
    assert only(result.outcomes) == Outcome(source, Kind.DONE, str(copy))
    assert names(target) == ["a.jpg"]


def test_the_summary_says_what_will_be_done(make: Callable[..., str], target: Path) -> None:
    make("target/a.jpg", b"another")
    sources = [make("one/a.jpg", b"12345"), make("two/b.jpg", b"123"), str(target / "gone.jpg")]
    made = planned(sources, target)
    assert [(item.wanted, item.name) for item in made.items] == [("a.jpg", "a (2).jpg"), ("b.jpg", "b.jpg")]
    assert (made.total_bytes, made.needed_bytes, made.renamed, made.problem) == (8, 8, 1, "")
    assert made.left_because(Kind.FAILED) == 1
    assert made.free_bytes is not None
    assert made.fits
    assert not replace(made, free_bytes=7).fits
    assert names(target) == ["a.jpg"]


def test_sources_of_one_name_collide_with_each_other(make: Callable[..., str], target: Path) -> None:
    sources = [make("one/a.jpg"), make("two/a.jpg"), make("three/A.JPG"), make("four/a (2).jpg")]
    result = hand_on(sources, target)
    assert names(target) == ["A (3).JPG", "a (2) (2).jpg", "a (2).jpg", "a.jpg"]
    assert result.count(Kind.DONE) == 4
    assert (target / "a (2).jpg").read_bytes() == b"two/a.jpg"


def test_composed_and_decomposed_letters_are_one_name(make: Callable[..., str], target: Path) -> None:
    hand_on([make("one/\u00e4.jpg"), make("two/a\u0308.jpg")], target)
    assert names(target) == sorted(["\u00e4.jpg", "a\u0308 (2).jpg"])


def test_numbers_keep_the_order(make: Callable[..., str], target: Path) -> None:
    sources = [make("z.jpg"), make("gone.jpg"), make("a.jpg")]
    os.unlink(sources[1])
    hand_on(sources, target, names=NameRule.NUMBERED)
    assert names(target) == ["001 z.jpg", "003 a.jpg"]


def test_there_are_as_many_digits_as_needed(target: Path) -> None:
    sources = [str(target / f"{number}.jpg") for number in range(1000)]
    made = planned([__file__, *sources], target, names=NameRule.NUMBERED)
    assert made.items[0].name == "0001 test_handing_on.py"


def test_what_is_there_already_is_not_copied_again(make: Callable[..., str], target: Path) -> None:
    sources = [make("one/a.jpg", b"first"), make("two/a.jpg", b"other")]
    hand_on(sources, target)
    again = planned(sources, target)
    assert again.items == ()
    assert [outcome.kind for outcome in again.left] == [Kind.ALREADY_THERE] * 2
    assert [outcome.path for outcome in again.left] == [str(target / "a.jpg"), str(target / "a (2).jpg")]


def test_a_taken_name_is_skipped_if_asked(make: Callable[..., str], target: Path) -> None:
    make("target/a.jpg", b"theirs")
    result = hand_on([make("a.jpg", b"ours!!")], target, collision=Collision.SKIP)
    outcome = only(result.outcomes)
    assert outcome.kind is Kind.SKIPPED
    assert "“a.jpg” is taken" in outcome.reason
    assert (target / "a.jpg").read_bytes() == b"theirs"


@pytest.mark.parametrize("way", list(Way))
def test_what_lies_in_the_folder_stays_as_it_is(make: Callable[..., str], target: Path, way: Way) -> None:
    source = make("target/a.jpg")
    outcome = only(hand_on([source], target, way=way).outcomes)
    assert (outcome.kind, outcome.reason) == (Kind.SKIPPED, "It is in that folder already.")
    assert names(target) == ["a.jpg"]


def test_an_image_chosen_twice_is_handed_on_once(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg")
    result = hand_on([source, source], target)
    assert [outcome.kind for outcome in result.outcomes] == [Kind.DONE, Kind.SKIPPED]


@pytest.mark.parametrize("way", list(Way))
@pytest.mark.parametrize("collision", list(Collision))
def test_a_name_taken_between_plan_and_act_is_not_overwritten(
    make: Callable[..., str], target: Path, way: Way, collision: Collision
) -> None:
    source = make("a.jpg", b"ours")
    made = planned([source], target, way=way, collision=collision)
    make("target/a.jpg", b"theirs")
    result = carry_out(made)
    assert (target / "a.jpg").read_bytes() == b"theirs"
    assert only(result.outcomes).kind is (Kind.DONE if collision is Collision.NUMBER else Kind.SKIPPED)
    if collision is Collision.NUMBER:
        assert (target / "a (2).jpg").read_bytes() == b"ours"
    else:
        assert names(target) == ["a.jpg"]
        assert Path(source).exists()


@pytest.mark.parametrize("way", [Way.COPY, Way.MOVE])
def test_a_name_taken_at_the_last_moment_is_not_overwritten(
    make: Callable[..., str], target: Path, way: Way, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make("a.jpg", b"ours")
    real = exclusive.rename_exclusively

    def late(one: str, other: str) -> None:
        if other.endswith("a.jpg"):
            make("target/a.jpg", b"theirs")
        real(one, other)

    monkeypatch.setattr(copying, "rename_exclusively", late)
    monkeypatch.setattr(carrying_out, "rename_exclusively", late)
    result = hand_on([source], target, way=way)
    assert (target / "a.jpg").read_bytes() == b"theirs"
    assert (target / "a (2).jpg").read_bytes() == b"ours"
    assert only(result.outcomes).path == str(target / "a (2).jpg")


def test_awkward_names_survive(make: Callable[..., str], target: Path, awkward_names: list[str]) -> None:
    hand_on([make(name) for name in awkward_names], target)
    assert names(target) == sorted(awkward_names)


SAFE = st.characters(exclude_characters="/\x00", codec="utf-8")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
@given(
    asked=st.lists(st.text(SAFE, min_size=1, max_size=12), min_size=1, max_size=6),
    there=st.lists(st.text(SAFE, min_size=1, max_size=12), max_size=4),
    rule=st.sampled_from(NameRule),
)
def test_no_two_files_get_one_name(
    tmp_path_factory: pytest.TempPathFactory, asked: list[str], there: list[str], rule: NameRule
) -> None:
    room = tmp_path_factory.mktemp("names")
    folder = room / "target"
    folder.mkdir()
    for name in {*there} - {".", ".."}:
        (folder / name).write_bytes(b"theirs")
    sources = []
    for number, name in enumerate(asked):
        if name not in {".", ".."}:
            (room / str(number)).mkdir()
            (room / str(number) / name).write_bytes(str(number).encode())
            sources.append(str(room / str(number) / name))
    made = planned(sources, folder, names=rule)
    keys = [key_of(item.name) for item in made.items] + [key_of(name) for name in names(folder)]
    assert len(set(keys)) >= len(keys) - (len(names(folder)) - len({key_of(name) for name in names(folder)}))
    result = carry_out(made)
    assert result.count(Kind.DONE) == len(sources)
    for outcome in result.outcomes:
        assert Path(outcome.path).read_bytes() == Path(outcome.source).read_bytes()
    assert all((folder / name).read_bytes() == b"theirs" for name in {*there} - {".", ".."})


# Moves


def test_a_move_on_one_disk_renames(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg", b"ours")
    inode = os.stat(source).st_ino
    made = planned([source], target, way=Way.MOVE)
    assert (made.needed_bytes, made.total_bytes) == (0, 4)
    result = carry_out(made)
    assert not Path(source).exists()
    assert (target / "a.jpg").read_bytes() == b"ours"
    assert os.stat(target / "a.jpg").st_ino == inode
    assert result.moved == {source: str(target / "a.jpg")}


@pytest.fixture
def other_disk(monkeypatch: pytest.MonkeyPatch, target: Path) -> None:
    """Make the target folder another disk."""
    real = exclusive.rename_exclusively

    def across(source: str, place: str) -> None:
        if os.path.dirname(source) != os.path.dirname(place):
            raise CannotRenameError(errno.EXDEV, "another disk")
        real(source, place)

    monkeypatch.setattr(carrying_out, "rename_exclusively", across)


@pytest.mark.usefixtures("other_disk")
def test_a_move_to_another_disk_copies_and_then_removes(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg", b"ours")
    result = hand_on([source], target, way=Way.MOVE)
    assert not Path(source).exists()
    assert (target / "a.jpg").read_bytes() == b"ours"
    assert all(outcome.undone for outcome in undo(result))
    assert Path(source).read_bytes() == b"ours"
    assert names(target) == []


@pytest.mark.usefixtures("other_disk")
def test_an_original_that_cannot_be_removed_stays_alone(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make("a.jpg", b"ours")
    real = copying.remove

    def refuse(path: str) -> None:
        if path == source:
            raise PermissionError(errno.EACCES, "Permission denied")
        real(path)

    monkeypatch.setattr(carrying_out, "remove", refuse)
    outcome = only(hand_on([source], target, way=Way.MOVE).outcomes)
    assert outcome.kind is Kind.FAILED
    assert "Permission was denied" in outcome.reason
    assert names(target) == []
    assert Path(source).read_bytes() == b"ours"


@pytest.mark.usefixtures("other_disk")
def test_an_original_that_changes_while_it_is_moved_is_not_removed(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make("a.jpg", b"ours")
    monkeypatch.setattr(carrying_out, "settle_folder", lambda folder: make("a.jpg", b"newer!"))
    outcome = only(hand_on([source], target, way=Way.MOVE).outcomes)
    assert outcome.kind is Kind.FAILED
    assert "changed while it was moved" in outcome.reason
    assert Path(source).read_bytes() == b"newer!"
    assert names(target) == []


def test_a_link_is_not_moved(make: Callable[..., str], tmp_path: Path, target: Path) -> None:
    source = tmp_path / "link.jpg"
    source.symlink_to(make("photos/a.jpg", b"ours"))
    outcome = only(hand_on([str(source)], target, way=Way.MOVE).outcomes)
    assert outcome.kind is Kind.SKIPPED
    assert source.is_symlink()
    hand_on([str(source)], target)
    assert (target / "link.jpg").read_bytes() == b"ours"
    assert not (target / "link.jpg").is_symlink()


# Links


def test_links_lead_to_the_images(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg", b"ours")
    result = hand_on([source], target, way=Way.LINK)
    assert os.readlink(target / "a.jpg") == source
    assert result.plan.needed_bytes == 0
    assert planned([source], target, way=Way.LINK).left_because(Kind.ALREADY_THERE) == 1
    assert [outcome.undone for outcome in undo(result)] == [True]
    assert names(target) == []
    assert Path(source).read_bytes() == b"ours"


def test_where_links_are_refused_a_second_name_is_given(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(source: str, place: str) -> None:
        raise OSError(errno.EPERM, "A required privilege is not held by the client")

    monkeypatch.setattr(os, "symlink", refuse)
    source = make("a.jpg", b"ours")
    result = hand_on([source], target, way=Way.LINK)
    assert os.path.samefile(source, target / "a.jpg")
    assert [outcome.undone for outcome in undo(result)] == [True]
    assert Path(source).read_bytes() == b"ours"
    monkeypatch.setattr(os, "link", refuse)
    assert "copy the images instead" in only(hand_on([source], target, way=Way.LINK).outcomes).reason


# What goes wrong


def test_what_vanishes_fails_alone(make: Callable[..., str], target: Path) -> None:
    sources = [make("a.jpg"), make("b.jpg")]
    made = planned(sources, target)
    os.unlink(sources[0])
    result = carry_out(made)
    assert [(outcome.kind, outcome.reason) for outcome in result.outcomes] == [
        (Kind.FAILED, "It is not there any more."),
        (Kind.DONE, ""),
    ]
    assert names(target) == ["b.jpg"]


@pytest.mark.skipif(not PLAIN_USER, reason="everything may be read by this user")
def test_what_cannot_be_read_fails_alone(make: Callable[..., str], target: Path) -> None:
    sources = [make("a.jpg"), make("b.jpg")]
    os.chmod(sources[0], 0)
    result = hand_on(sources, target)
    assert "Permission was denied" in result.outcomes[0].reason
    assert names(target) == ["b.jpg"]


def failing_write(monkeypatch: pytest.MonkeyPatch, number: int, after: int) -> None:
    """Let writing fail after so many blocks."""
    blocks = iter(range(10**6))
    real = os.fsync

    def fail(descriptor: int) -> None:
        if next(blocks) >= after:
            raise OSError(number, os.strerror(number))
        real(descriptor)

    monkeypatch.setattr(os, "fsync", fail)


def test_a_full_disk_ends_it_and_leaves_no_half_file(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned([make(f"{number}.jpg") for number in range(5)], target)
    failing_write(monkeypatch, errno.ENOSPC, 2)
    result = carry_out(made)
    assert result.stopped == "The disk is full."
    assert [outcome.kind for outcome in result.outcomes] == [Kind.DONE, Kind.DONE, Kind.FAILED]
    assert result.not_begun == 2
    assert names(target) == ["0.jpg", "1.jpg"]


def test_other_failures_do_not_end_it(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned([make(f"{number}.jpg") for number in range(3)], target)
    failing_write(monkeypatch, errno.EIO, 1)
    result = carry_out(made)
    assert (result.stopped, result.not_begun) == ("", 0)
    assert [outcome.kind for outcome in result.outcomes] == [Kind.DONE, Kind.FAILED, Kind.FAILED]
    assert "The disk failed" in result.outcomes[1].reason
    assert names(target) == ["0.jpg"]


def test_a_disk_that_gives_back_other_bytes_is_found_out(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = copying.sha256_of

    def bad(path: str, on_block: Callable[[int], None]) -> str:
        return real(path, on_block)[::-1]

    monkeypatch.setattr(copying, "sha256_of", bad)
    outcome = only(hand_on([make("a.jpg")], target).outcomes)
    assert outcome.kind is Kind.FAILED
    assert "do not trust this disk" in outcome.reason
    assert names(target) == []


def test_a_source_that_changes_while_it_is_read_is_not_copied(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg", b"x" * 3 * copying.BLOCK)

    def write(progress: Progress) -> None:
        if progress.done_bytes == copying.BLOCK:
            with open(source, "ab") as stream:
                stream.write(b"more")

    outcome = only(carry_out(planned([source], target), write).outcomes)
    assert outcome.kind is Kind.FAILED
    assert "changed while it was copied" in outcome.reason
    assert names(target) == []


def test_what_failed_does_not_count_as_done(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = planned([make("a.jpg", b"a" * 1000), make("b.jpg", b"b" * 1000)], target)
    failing_write(monkeypatch, errno.EIO, 0)
    seen: list[Progress] = []
    carry_out(made, seen.append)
    assert next(progress.done_bytes for progress in seen if progress.name == "b.jpg") == 0
    assert seen[-1].done_bytes == 0


def test_nothing_is_read_for_a_name_that_is_taken(make: Callable[..., str], target: Path) -> None:
    blocks: list[int] = []
    with pytest.raises(FileExistsError):
        carrying_out.make_one(Way.COPY, make("a.jpg"), make("target/a.jpg"), blocks.append)
    assert blocks == []


def test_cancelling_takes_effect_within_a_block(make: Callable[..., str], target: Path) -> None:
    sources = [make("a.jpg", b"a" * copying.BLOCK), make("b.jpg", b"b" * 5 * copying.BLOCK)]
    seen: list[Progress] = []
    result = carry_out(
        planned(sources, target), seen.append, lambda: bool(seen) and seen[-1].done_bytes > copying.BLOCK
    )
    assert result.cancelled
    assert [outcome.source for outcome in result.outcomes] == sources[:1]
    assert result.not_begun == 1
    assert names(target) == ["a.jpg"]
    assert seen[-1].done_bytes == 2 * copying.BLOCK
    assert (seen[-1].done, seen[-1].total, seen[-1].name) == (1, 2, "b.jpg")


def test_a_folder_that_stays_empty_is_not_left(make: Callable[..., str], target: Path) -> None:
    made = planned([make("a.jpg")], target / "one" / "two")
    result = carry_out(made, is_cancelled=lambda: True)
    assert (result.cancelled, result.made_folders) == (True, ())
    assert names(target) == []


def test_progress_ends_at_all(make: Callable[..., str], target: Path) -> None:
    seen: list[Progress] = []
    carry_out(planned([make("a.jpg"), make("b.jpg")], target), seen.append)
    assert seen[-1] == Progress(2, 2, 10, 10, "")


def test_planning_can_be_cancelled(make: Callable[..., str], target: Path) -> None:
    assert plan(HandOn((make("a.jpg"),), str(target)), lambda: True) is None


def test_folders_are_made_and_unmade(make: Callable[..., str], target: Path) -> None:
    deep = target / "one" / "two"
    made = planned([make("a.jpg")], deep)
    assert made.problem == ""
    assert made.free_bytes
    assert names(target) == []
    result = carry_out(made)
    assert names(deep) == ["a.jpg"]
    undo(result)
    assert names(target) == []


def test_folders_that_cannot_be_are_said(make: Callable[..., str], tmp_path: Path) -> None:
    source = make("a.jpg")
    assert planned([source], Path("relative")).problem == "Choose a folder."
    assert "a file of that name" in planned([source], Path(source)).problem
    assert "cannot be made" in planned([source], Path(source) / "below").problem


def test_a_folder_that_cannot_be_made_by_then_fails(make: Callable[..., str], target: Path) -> None:
    made = planned([make("a.jpg")], target / "below")
    target.rmdir()
    target.write_bytes(b"a file")
    result = carry_out(made)
    assert "could not be made" in result.stopped
    assert result.not_begun == 1


# The primitive


def refusing(*numbers: int) -> Callable[[str, str], None]:
    left = list(numbers)

    def refuse(source: str, place: str) -> None:
        number = left.pop(0)
        raise OSError(number, os.strerror(number))

    return refuse


@pytest.mark.parametrize("ways", ["all", "links only"])
def test_a_rename_refuses_a_taken_name(
    make: Callable[..., str], ways: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if ways == "links only":
        monkeypatch.setattr(exclusive, "_ways", lambda: [exclusive._link_and_remove])
    source, taken = make("a", b"ours"), make("b", b"theirs")
    with pytest.raises(FileExistsError):
        rename_exclusively(source, taken)
    assert (Path(source).read_bytes(), Path(taken).read_bytes()) == (b"ours", b"theirs")
    rename_exclusively(source, taken + "2")
    assert not Path(source).exists()
    assert Path(taken + "2").read_bytes() == b"ours"


def test_a_way_that_the_file_system_does_not_know_is_left_for_the_next(
    make: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    source = make("a", b"ours")
    monkeypatch.setattr(exclusive, "_ways", lambda: [refusing(errno.EINVAL), refusing(errno.EPERM)])
    with pytest.raises(CannotRenameError):
        rename_exclusively(source, source + "2")
    monkeypatch.setattr(exclusive, "_ways", lambda: [refusing(errno.EXDEV), exclusive._link_and_remove])
    with pytest.raises(CannotRenameError, match="another disk"):
        rename_exclusively(source, source + "2")
    monkeypatch.setattr(exclusive, "_ways", lambda: [refusing(errno.ENOSYS), exclusive._link_and_remove])
    rename_exclusively(source, source + "2")


def test_without_any_safe_rename_names_are_created_exclusively(
    make: Callable[..., str], target: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copying, "rename_exclusively", refusing_always)
    monkeypatch.setattr(carrying_out, "rename_exclusively", refusing_always)
    source = make("a.jpg", b"ours")
    os.utime(source, ns=(10**18, 10**18))
    hand_on([source], target)
    assert (target / "a.jpg").read_bytes() == b"ours"
    assert os.stat(target / "a.jpg").st_mtime_ns == 10**18
    assert names(target) == ["a.jpg"]
    with pytest.raises(FileExistsError):
        copying.copy_verified(source, str(target / "a.jpg"), lambda _: None)


def refusing_always(source: str, place: str) -> None:
    raise CannotRenameError(errno.ENOTSUP, "no")


# Sidecars


def test_sidecars_go_along_under_the_new_names(make: Callable[..., str], target: Path) -> None:
    make("target/a.jpg", b"theirs")
    source = make("photos/a.jpg")
    make("photos/a.jpg.xmp", b"darktable")
    make("photos/a.XMP", b"Lightroom")
    make("photos/ab.xmp")
    result = hand_on([source], target, with_sidecars=True)
    assert result.plan.sidecars == 2
    assert names(target) == ["a (2).XMP", "a (2).jpg", "a (2).jpg.xmp", "a.jpg"]
    assert (target / "a (2).jpg.xmp").read_bytes() == b"darktable"
    assert all(one.undone for one in undo(result))
    assert names(target) == ["a.jpg"]
    hand_on([source], target)
    assert names(target) == ["a (2).jpg", "a.jpg"]


def test_a_sidecar_of_two_images_goes_along_once_and_is_not_taken_from_the_other(
    make: Callable[..., str], target: Path
) -> None:
    sources = [make("photos/a.jpg"), make("photos/a.cr3")]
    sidecar = make("photos/a.xmp")
    result = hand_on(sources, target, with_sidecars=True)
    assert names(target) == ["a.cr3", "a.jpg", "a.xmp"]
    assert all(outcome.reason == "" for outcome in result.outcomes)
    undo(result)
    hand_on(sources[:1], target, with_sidecars=True, way=Way.MOVE)
    assert names(target) == ["a.jpg", "a.xmp"]
    assert Path(sidecar).exists()


def test_a_sidecar_never_overwrites_one(make: Callable[..., str], target: Path) -> None:
    source = make("photos/a.jpg")
    make("photos/a.jpg.xmp", b"ours")
    made = planned([source], target, with_sidecars=True)
    make("target/a.jpg.xmp", b"theirs")
    outcome = only(carry_out(made).outcomes)
    assert outcome.kind is Kind.DONE
    assert "sidecar stayed behind" in outcome.reason
    assert (target / "a.jpg.xmp").read_bytes() == b"theirs"
    os.unlink(target / "a.jpg")
    hand_on([source], target, with_sidecars=True)
    assert names(target) == ["a (2).jpg", "a (2).jpg.xmp", "a.jpg.xmp"]


# Undo


def test_undo_removes_copies_that_are_still_copies(make: Callable[..., str], target: Path) -> None:
    sources = [make(f"{name}.jpg") for name in "abcd"]
    result = hand_on(sources, target)
    os.utime(target / "a.jpg")  # touched, the same content
    (target / "b.jpg").write_bytes(b"edited")
    os.unlink(target / "c.jpg")
    os.unlink(sources[3])
    reasons = {os.path.basename(one.path): (one.undone, one.reason) for one in undo(result)}
    assert reasons == {
        "a.jpg": (True, ""),
        "b.jpg": (False, "It was changed since: it is kept."),
        "c.jpg": (False, "It is not there any more."),
        "d.jpg": (False, "Its original is not there any more: this one is kept."),
    }
    assert names(target) == ["b.jpg", "d.jpg"]


def test_undo_moves_back_where_nothing_has_taken_the_place(make: Callable[..., str], target: Path) -> None:
    sources = [make("deep/a.jpg", b"a"), make("b.jpg", b"b")]
    result = hand_on(sources, target, way=Way.MOVE)
    os.rmdir(os.path.dirname(sources[0]))
    make("b.jpg", b"newer")
    outcomes = {one.source: one for one in undo(result)}
    assert outcomes[sources[0]].undone
    assert Path(sources[0]).read_bytes() == b"a"
    assert "taken its place" in outcomes[sources[1]].reason
    assert Path(sources[1]).read_bytes() == b"newer"
    assert names(target) == ["b.jpg"]


def test_undo_leaves_another_link_alone(make: Callable[..., str], target: Path) -> None:
    source = make("a.jpg")
    result = hand_on([source], target, way=Way.LINK)
    os.unlink(target / "a.jpg")
    os.symlink(make("b.jpg"), target / "a.jpg")
    assert [one.reason for one in undo(result)] == ["It is another link by now."]
    assert names(target) == ["a.jpg"]


def test_undo_can_be_cancelled(make: Callable[..., str], target: Path) -> None:
    result = hand_on([make("a.jpg"), make("b.jpg")], target)
    steps: list[int] = []
    assert len(undo(result, lambda done, total: steps.append(done), lambda: len(steps) > 1)) == 1
    assert names(target) == ["a.jpg"]
