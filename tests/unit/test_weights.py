"""The weights are found, and are the right ones."""

import hashlib
import os
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from resmem_gui.scoring import weights
from resmem_gui.scoring.scorer import ScorerError
from resmem_gui.scoring.weights import find_weights, verify

CONTENT = b"weights" * 1000
HASH = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "model.pt"
    made.write_bytes(CONTENT)
    return made


@pytest.fixture
def memory(tmp_path: Path) -> Path:
    return tmp_path / "cache" / "verified.json"


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """How often a file was hashed."""
    calls: list[str] = []
    real = hashlib.file_digest

    def counting(stream: object, name: str) -> object:
        calls.append(name)
        return real(stream, name)  # type: ignore[arg-type]

    monkeypatch.setattr(hashlib, "file_digest", counting)
    return calls


def test_a_verified_file_is_not_hashed_again(file: Path, memory: Path, hashed: list[str]) -> None:
    verify(file, HASH, memory=memory)
    verify(file, HASH, memory=memory)
    assert hashed == ["sha256"]


def rewrite(file: Path) -> None:
    file.write_bytes(CONTENT + b"!")


def touch(file: Path) -> None:
    status = file.stat()
    os.utime(file, ns=(status.st_atime_ns, status.st_mtime_ns + 1_000_000_000))


def test_a_touched_file_is_hashed_again(file: Path, memory: Path, hashed: list[str]) -> None:
    verify(file, HASH, memory=memory)
    touch(file)
    verify(file, HASH, memory=memory)
    assert len(hashed) == 2


def test_a_file_that_changed_is_refused_though_it_was_right_before(file: Path, memory: Path) -> None:
    verify(file, HASH, memory=memory)
    rewrite(file)
    with pytest.raises(ScorerError, match="damaged or of another release"):
        verify(file, HASH, memory=memory)


def test_another_expected_hash_is_not_answered_from_memory(file: Path, memory: Path) -> None:
    verify(file, HASH, memory=memory)
    with pytest.raises(ScorerError):
        verify(file, "0" * 64, memory=memory)


def test_a_wrong_file_is_refused_with_a_sentence_and_a_remedy(file: Path, memory: Path) -> None:
    with pytest.raises(ScorerError) as refused:
        verify(file, "0" * 64, memory=memory)
    assert str(file) in str(refused.value)
    assert HASH[:12] in str(refused.value)
    assert "pip install --force-reinstall --no-deps resmem==1.1.6" in str(refused.value)


def test_a_wrong_file_is_refused_every_time(file: Path, memory: Path) -> None:
    for _ in range(2):
        with pytest.raises(ScorerError):
            verify(file, "0" * 64, memory=memory)
    assert not memory.exists()


@pytest.mark.parametrize("note", [b"", b"{", b"\xff\xfe", b"[]", b"null", b'"x"'])
def test_a_damaged_memory_means_hashing(file: Path, memory: Path, hashed: list[str], note: bytes) -> None:
    memory.parent.mkdir()
    memory.write_bytes(note)
    verify(file, HASH, memory=memory)
    verify(file, HASH, memory=memory)
    assert len(hashed) == 1


def test_a_memory_that_cannot_be_written_is_no_failure(file: Path, tmp_path: Path, hashed: list[str]) -> None:
    (tmp_path / "blocked").write_text("a file where a folder should be")
    for _ in range(2):
        verify(file, HASH, memory=tmp_path / "blocked" / "verified.json")
    assert len(hashed) == 2


def test_a_missing_file_is_refused_with_a_sentence(tmp_path: Path, memory: Path) -> None:
    with pytest.raises(ScorerError, match=r"could not be read .*: No such file or directory\."):
        verify(tmp_path / "missing.pt", HASH, memory=memory)


def test_the_memory_is_in_the_users_cache_by_default(file: Path, own_cache: Path) -> None:
    verify(file, HASH)
    assert (own_cache / "resmem_gui" / "verified-weights.json").is_file()


# --- finding them --------------------------------------------------------------------------------


def found(monkeypatch: pytest.MonkeyPatch, folder: Path | None) -> None:
    """Let the package be installed in this folder, or not at all."""
    spec = None
    if folder is not None:
        spec = ModuleSpec("resmem", None, is_package=True)
        spec.submodule_search_locations = [str(folder)]
    monkeypatch.setattr("resmem_gui.scoring.weights.importlib.util.find_spec", lambda name: spec)


def test_the_weights_lie_in_the_installed_package(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, file.parent)
    assert find_weights() == file


def test_without_the_package_the_remedy_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, None)
    with pytest.raises(ScorerError, match=r"is not installed\. Install it with: pip install resmem==1\.1\.6"):
        find_weights()


def test_a_package_without_weights_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found(monkeypatch, tmp_path)
    with pytest.raises(ScorerError, match=r"has no weights \(model\.pt\)\. Install it with"):
        find_weights()


@pytest.mark.weights
def test_the_real_weights_are_the_expected_ones(own_cache: Path) -> None:
    verify(find_weights(), weights.RESMEM_SHA256)
    assert (own_cache / "resmem_gui" / "verified-weights.json").is_file()
