"""`resmem-gui bench`: what is measured is what it says it is, and every refusal is a sentence."""

import json
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui import cli
from resmem_gui.bench import command
from resmem_gui.bench.decoding import DecodingRates, NothingToMeasureError, measure_decoding
from resmem_gui.bench.network import NetworkRates
from resmem_gui.bench.pictures import make_pictures
from resmem_gui.bench.report import FilesReport, Report, advice, as_json, as_text
from resmem_gui.bench.spread import Spread
from resmem_gui.scoring.scorer import DeviceLostError, OutOfMemoryError
from tests.unit.fakes import FakeScorer

Capture = pytest.CaptureFixture[str]


def report(device: str = "cpu", *, one_thread: float = 20.0, fast_rate: float = 4.0) -> Report:
    """Return figures of a machine on which all is easy to reckon."""
    decoding = DecodingRates(
        files=10, megapixels=12.0, one_thread=one_thread, all_cores=2 * one_thread, fast=80.0, threads=2
    )
    network = NetworkRates({1: Spread((3.0,)), 8: Spread((7.0, 8.0, 9.0))}, 27e9, 270e9)
    return Report(
        device, "a machine", 1.5, 0.5, network, [FilesReport("photographs", decoding, 4.0, fast_rate)]
    )


def test_the_text_tells_each_figure_with_its_limit() -> None:
    text = as_text(report())
    assert "batches of 8          8.00       9.00" in text
    assert "limit                 10.00            reached: 90%" in text
    assert "270 GFLOP/s" in text
    assert "10 files, 12.0 megapixels each" in text
    assert "Import of torch        1.50 s" in text


def test_the_advice_follows_from_the_figures() -> None:
    # a core is 0.05 s with decoding, and two cores are 1/8 s with the network: 0.05 of 0.3
    assert advice(report())[0] == (
        "10,000 images like these (photographs) take about 42 minutes: "
        "decoding is 17% of the work, the network the rest."
    )
    assert not any("Fast decoding" in sentence for sentence in advice(report(fast_rate=4.2)))
    assert any("1.5 times as fast" in sentence for sentence in advice(report(fast_rate=6.0)))
    assert any("GPU" in sentence for sentence in advice(report()))


def test_on_a_gpu_the_slower_of_the_two_is_the_limit() -> None:
    assert "decoding is the limit, so more cores would help" in advice(report("cuda", one_thread=2))[0]
    (sentence,) = advice(report("cuda", one_thread=200))
    assert "the network is the limit" in sentence


def test_figures_for_programs_are_plain_data() -> None:
    told = json.loads(json.dumps(as_json(report())))
    assert told["network"]["limit"] == 10.0
    assert told["network"]["by_batch"]["8"]["values"] == [7.0, 8.0, 9.0]
    assert told["files"][0]["decoding"]["megapixels"] == 12.0
    assert told["seconds"] == {"import_torch": 1.5, "load_weights": 0.5}
    assert told["machine"]["cores"] >= 1


def test_decoding_is_measured_with_the_files_that_can_be_decoded(tmp_path: Path) -> None:
    Image.new("RGB", (2000, 500)).save(tmp_path / "sound.jpg")
    (tmp_path / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    rates = measure_decoding(FakeScorer(), [str(tmp_path / "sound.jpg"), str(tmp_path / "broken.jpg")], 2)
    assert (rates.files, rates.megapixels, rates.threads) == (1, 1.0, 2)
    assert min(rates.one_thread, rates.all_cores, rates.fast) > 0
    with pytest.raises(NothingToMeasureError):
        measure_decoding(FakeScorer(), [str(tmp_path / "broken.jpg")], 1)


def test_made_pictures_are_as_hard_to_decode_as_photographs(tmp_path: Path) -> None:
    first, second = make_pictures(tmp_path, "web", 2)
    with Image.open(first) as image:
        assert (image.size, image.format) == ((1024, 768), "JPEG")
        pixels = np.asarray(image)
    # photographs at this quality take 1.5 to 4 bits a pixel
    assert 1.0 < Path(first).stat().st_size * 8 / (1024 * 768) < 5.0
    assert pixels.std() > 20
    assert Path(first).read_bytes() != Path(second).read_bytes()


@pytest.mark.parametrize("made", [True, False])
def test_a_folder_without_images_is_refused(tmp_path: Path, capsys: Capture, made: bool) -> None:
    folder = tmp_path / "folder"
    if made:
        folder.mkdir()
    with pytest.raises(command.BenchError, match="There are no images in"):
        command._sample(str(folder))


def test_a_sample_reaches_from_the_first_to_the_last_images(tmp_path: Path) -> None:
    for number in range(200):
        (tmp_path / f"{number:03}.jpg").touch()
    sample = command._sample(str(tmp_path))
    assert len(sample) == 48
    assert sample[0].endswith("000.jpg")
    assert int(Path(sample[-1]).stem) > 180


def test_the_command_says_what_it_cannot_do(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> str:
        raise command.BenchError("There are no images in there.")

    monkeypatch.setattr(cli, "measure", refuse)
    assert cli.main(["bench", str(tmp_path)]) == 2
    assert "There are no images in there." in capsys.readouterr().err


def test_batches_that_do_not_fit_into_the_device_are_left_out() -> None:
    from resmem_gui.bench.network import measure_network

    class SmallScorer(FakeScorer):
        def score(self, batch: NDArray[np.uint8]) -> NDArray[np.float32]:
            assert batch.shape[1:] == (227, 227, 3)
            if len(batch) > 4:
                raise OutOfMemoryError("not enough")
            return np.zeros(len(batch), np.float32)

    scorer = SmallScorer()
    rates = measure_network(scorer, (1, 2, 4, 8), times=1)
    assert sorted(rates.by_batch) == [1, 2, 4]
    assert rates.limit > 0


def test_a_gpu_that_fails_meanwhile_is_a_sentence(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise DeviceLostError("CUDA error: the launch timed out")

    make_pictures(tmp_path, "web", 1)
    monkeypatch.setattr(command, "_measure", fail)
    assert cli.main(["bench", str(tmp_path)]) == 2
    assert "The GPU failed while it was measured: CUDA error" in capsys.readouterr().err


def test_an_empty_folder_is_refused_before_anything_is_loaded(
    tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(command, "load_torch", lambda: pytest.fail("nothing need be loaded"))
    assert cli.main(["bench", str(tmp_path)]) == 2
    assert "There are no images in" in capsys.readouterr().err


@pytest.mark.weights
@pytest.mark.timeout(300)
def test_the_real_machine_is_measured(
    own_cache: Path, tmp_path: Path, capsys: Capture, monkeypatch: pytest.MonkeyPatch
) -> None:
    from resmem_gui.bench import network

    monkeypatch.setitem(network.BATCHES, "cpu", (2, 4))
    make_pictures(tmp_path, "web", 3)
    assert cli.main(["bench", "--device", "cpu", "--json", str(tmp_path)]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["device"] == "cpu"
    assert 26 < told["network"]["gflop_per_image"] < 28
    rates = [value for batch in told["network"]["by_batch"].values() for value in batch["values"]]
    assert 0 < max(rates) < 2 * told["network"]["limit"]
    assert told["files"][0]["decoding"]["files"] == 3
    assert told["files"][0]["scored"] > 0
