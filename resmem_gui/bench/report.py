"""What was measured of this machine: figures, words and advice."""

import importlib.metadata
import os
import platform
from dataclasses import asdict, dataclass
from typing import Any, Final

from resmem_gui import __version__
from resmem_gui.bench.decoding import DecodingRates
from resmem_gui.bench.network import NetworkRates
from resmem_gui.bench.processor import processor

_PACKAGES: Final = ("torch", "numpy", "pillow", "resmem")
#: Advice is given from this gain on.
_WORTHWHILE: Final = 1.1


@dataclass(frozen=True, slots=True)
class FilesReport:
    """What was measured with some files.

    Attributes:
        name: What files they are.
        decoding: Without the network.
        scored: Images a second from file to score.
        scored_fast: The same with fast decoding.
    """

    name: str
    decoding: DecodingRates
    scored: float
    scored_fast: float


@dataclass(frozen=True, slots=True)
class Report:
    """All that was measured.

    Attributes:
        device: "cpu", "cuda" or "mps".
        device_label: The same for people.
        torch_s: How long the import of torch took, in seconds.
        load_s: How long loading the weights took after that.
        network: Without decoding.
        files: With files.
    """

    device: str
    device_label: str
    torch_s: float
    load_s: float
    network: NetworkRates
    files: list[FilesReport]


def machine() -> dict[str, Any]:
    """Return what this machine is."""
    return {
        "processor": processor(),
        "cores": os.cpu_count(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "resmem-gui": __version__,
        **{name: importlib.metadata.version(name) for name in _PACKAGES},
    }


def as_json(report: Report) -> dict[str, Any]:
    """Return a report as plain data; rates in images a second."""
    network = report.network
    return {
        "machine": machine(),
        "device": report.device,
        "device_label": report.device_label,
        "seconds": {"import_torch": report.torch_s, "load_weights": report.load_s},
        "network": {
            "by_batch": {str(size): asdict(rates) for size, rates in network.by_batch.items()},
            "gflop_per_image": network.flop_per_image / 1e9,
            "matrix_gflops": network.limit_flops / 1e9,
            "limit": network.limit,
        },
        "files": [asdict(files) for files in report.files],
        "advice": advice(report),
    }


def as_text(report: Report) -> str:
    """Return a report for people."""
    network = report.network
    what = machine()
    lines = [
        f"{what['processor']}, {what['cores']} cores; torch {what['torch']}; Pillow {what['pillow']}",
        f"Scored on: {report.device_label}",
        "",
        f"Import of torch    {report.torch_s:8.2f} s",
        f"Loading ResMem     {report.load_s:8.2f} s",
        "",
        "The network alone, images a second (median, best)",
    ]
    lines += [
        f"  batches of {size:<4} {rates.median:10.2f} {rates.best:10.2f}"
        for size, rates in network.by_batch.items()
    ]
    best = network.by_batch[network.best_batch].best
    lines += [
        f"  limit            {network.limit:10.2f}            reached: {best / network.limit:.0%}",
        f"  The limit is what matrix products reach here, {network.limit_flops / 1e9:,.0f} GFLOP/s;",
        f"  an image takes {network.flop_per_image / 1e9:.1f} GFLOP.",
    ]
    for files in report.files:
        lines += ["", *_files_lines(files)]
    return "\n".join([*lines, "", *advice(report)])


def _files_lines(files: FilesReport) -> list[str]:
    decoding = files.decoding
    cores = f"{decoding.threads} thread{'s' if decoding.threads != 1 else ''}"
    return [
        f"{files.name}: {decoding.files} files, {decoding.megapixels:.1f} megapixels each; images a second",
        f"  decoding alone, one thread             {decoding.one_thread:10.2f}",
        f"  decoding alone, {cores:<12}           {decoding.all_cores:10.2f}",
        f"  fast decoding alone, {cores:<12}      {decoding.fast:10.2f}",
        f"  FILE TO SCORE                          {files.scored:10.2f}",
        f"  file to score, fast decoding           {files.scored_fast:10.2f}",
    ]


def advice(report: Report) -> list[str]:
    """Return sentences that say what to expect and what would help."""
    sentences = []
    for files in report.files:
        minutes = 10_000 / files.scored / 60
        sentences.append(
            f"10,000 images like these ({files.name}) take about {minutes:,.0f} minutes: "
            f"{_limit(report, files)}."
        )
        gain = files.scored_fast / files.scored
        if gain >= _WORTHWHILE:
            sentences.append(
                f"Fast decoding makes them {gain:.1f} times as fast, at the cost of a small error "
                "(resmem-gui score --help)."
            )
    if report.device == "cpu":
        sentences.append("The network runs on the CPU; a GPU that torch can use would be found by itself.")
    return sentences


def _limit(report: Report, files: FilesReport) -> str:
    """Say what the time goes into."""
    decoding = files.decoding
    network = report.network.by_batch[report.network.best_batch].median
    if report.device != "cpu":
        if decoding.all_cores < network:
            return "decoding is the limit, so more cores would help"
        return "the network is the limit"
    # On the CPU both take their share of the same cores: seconds of a core for an image.
    decoding_s, network_s = 1 / decoding.one_thread, decoding.threads / network
    share = decoding_s / (decoding_s + network_s)
    return f"decoding is {share:.0%} of the work, the network the rest"
