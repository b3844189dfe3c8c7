"""How batches get to a device. There is no GPU here: what stands for one checks the order of its steps."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from resmem_gui.scoring.lanes import OverlappedLane, PlainLane, gpu_batch_size, open_lane
from resmem_gui.scoring.resmem import ResMemScorer
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError, ScorerError, load_scorer

CPU = torch.device("cpu")


class MeanNetwork:
    """Answers with an image's mean."""

    def __init__(self) -> None:
        self.batches: list[int] = []

    def __call__(self, images: torch.Tensor) -> torch.Tensor:
        assert images.shape[1:] == (3, 227, 227)
        assert images.is_contiguous(memory_format=torch.channels_last)
        self.batches.append(len(images))
        return images.float().mean((1, 2, 3))


def pictures(count: int) -> NDArray[np.uint8]:
    """Return pictures, each brighter than the one before."""
    values = np.arange(count, dtype=np.uint8)
    return np.ascontiguousarray(np.broadcast_to(values[:, None, None, None], (count, 227, 227, 3)))


def plain(network: Any, least: int) -> PlainLane:
    return PlainLane(network, CPU, batch_size=8, least=least)


@pytest.mark.parametrize(("count", "least", "batch"), [(1, 2, 2), (2, 2, 2), (3, 2, 3), (1, 1, 1)])
def test_a_single_image_goes_with_a_copy_of_itself_where_pairs_are_faster(
    count: int, least: int, batch: int
) -> None:
    network = MeanNetwork()
    scores = plain(network, least).score(pictures(count))
    assert network.batches == [batch]
    assert scores == pytest.approx(np.arange(count) / 255)


class FakeCuda:
    """Stands for torch.cuda: notes what is done in which stream."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.stream_name = "computing"
        cuda = self

        class Stream:
            def __init__(self, *_: object, name: str = "copying") -> None:
                self.name = name

            def wait_stream(self, other: "Stream") -> None:
                cuda.log.append(f"{self.name} waits for {other.name}")

        class Event:
            def record(self) -> None:
                cuda.log.append(f"noted in {cuda.stream_name}")

            def synchronize(self) -> None:
                cuda.log.append("memory is free")

        self.Stream, self.Event = Stream, Event

    def mem_get_info(self, device: object) -> tuple[int, int]:
        return 2**34, 2**35

    def current_stream(self, device: object) -> Any:
        return self.Stream(name="computing")

    @contextmanager
    def stream(self, stream: Any) -> Iterator[None]:
        self.stream_name = stream.name
        yield
        self.stream_name = "computing"

    @contextmanager
    def device(self, device: object) -> Iterator[None]:
        yield


@pytest.fixture
def cuda(monkeypatch: pytest.MonkeyPatch) -> FakeCuda:
    fake = FakeCuda()
    for name in ("Stream", "Event", "mem_get_info", "current_stream", "stream", "device"):
        monkeypatch.setattr(torch.cuda, name, getattr(fake, name))
    empty = torch.empty

    def unpinned(shape: Any, *, dtype: torch.dtype, pin_memory: bool) -> torch.Tensor:
        assert pin_memory
        return empty(shape, dtype=dtype)

    monkeypatch.setattr(torch, "empty", unpinned)
    monkeypatch.setattr(torch.Tensor, "record_stream", lambda self, stream: fake.log.append("kept"))
    return fake


def test_a_gpus_batch_goes_in_parts_and_each_score_comes_back_to_its_image(cuda: FakeCuda) -> None:
    network: Any = MeanNetwork()
    lane = OverlappedLane(network, CPU)
    assert lane.batch_size == 256
    scores = lane.score(pictures(200))
    assert network.batches == [64, 64, 64, 8]
    assert scores == pytest.approx(np.arange(200) / 255, abs=1e-3)


def test_nothing_is_computed_from_images_that_are_not_there_yet(cuda: FakeCuda) -> None:
    network: Any = MeanNetwork()
    OverlappedLane(network, CPU).score(pictures(100))
    part = ["memory is free", "noted in copying", "computing waits for copying", "kept"]
    assert cuda.log == part * 2


@pytest.mark.parametrize(
    ("free_gib", "batch"), [(0, 8), (0.25, 8), (1, 16), (2, 32), (6, 64), (8, 128), (80, 256)]
)
def test_the_batch_follows_from_the_gpus_free_memory(free_gib: float, batch: int) -> None:
    assert gpu_batch_size(int(free_gib * 2**30)) == batch


def test_each_device_has_its_lane(cuda: FakeCuda) -> None:
    network: Any = MeanNetwork()
    assert isinstance(open_lane(network, torch.device("cuda")), OverlappedLane)
    for device in ("cpu", "mps"):
        assert isinstance(open_lane(network, torch.device(device)), PlainLane)


# --- what torch says of a device -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("device", "error", "expected"),
    [
        ("cuda", torch.OutOfMemoryError("CUDA out of memory."), OutOfMemoryError),
        ("mps", RuntimeError("MPS backend out of memory (MPS allocated: 9 GB)"), OutOfMemoryError),
        ("cpu", RuntimeError("[enforce fail at alloc_cpu.cpp] . out of memory"), OutOfMemoryError),
        ("cuda", RuntimeError("CUDA error: an illegal memory access was encountered"), DeviceLostError),
        ("cuda", RuntimeError("cuDNN error: CUDNN_STATUS_EXECUTION_FAILED"), DeviceLostError),
        ("cpu", RuntimeError("could not create a primitive"), RuntimeError),
    ],
)
def test_what_torch_says_is_put_into_the_scorers_words(
    device: str, error: RuntimeError, expected: type[Exception]
) -> None:
    class BrokenLane:
        batch_size = 4

        def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
            raise error

    scorer = ResMemScorer()
    scorer.device, scorer._lane = device, BrokenLane()
    with pytest.raises(expected) as raised:
        scorer.score(pictures(2))
    assert type(raised.value) is expected


def test_a_gpu_that_cannot_be_loaded_onto_is_left_where_nobody_asked_for_it(
    monkeypatch: pytest.MonkeyPatch, own_cache: object
) -> None:
    from resmem_gui.scoring import loading

    def load(weights: object, on: torch.device) -> Any:
        if on.type == "cuda":
            raise RuntimeError("CUDA error: no kernel image is available for execution on the device")
        return MeanNetwork()

    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    monkeypatch.setattr(torch.cuda, "get_device_name", lambda device: "an old GPU")
    monkeypatch.setattr(loading, "load_network", load)
    scorer = ResMemScorer()
    told: list[str] = []
    load_scorer(scorer, "auto", told.append)
    assert scorer.device == "cpu"
    assert scorer.score(pictures(3)) == pytest.approx(np.arange(3) / 255)
    assert len(told) == 1
    assert told[0].startswith("The GPU (an old GPU) failed.")
    with pytest.raises(ScorerError, match="no kernel image"):
        load_scorer(ResMemScorer(), "cuda", told.append)
    assert len(told) == 1, "who asks for the GPU is not given the CPU"
