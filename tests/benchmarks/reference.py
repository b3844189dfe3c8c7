"""The reference: the package `resmem` as its own documentation uses it, one image at a time.

python -m tests.benchmarks.reference IMAGE      a fresh process, for `first_score`
"""

import importlib
import sys
import warnings
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.benchmarks.probe import Marks


def load_reference(device: str = "cpu") -> Any:
    """Return `resmem.ResMem` with its published weights, ready for inference."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it passes torchvision an argument of old
        from resmem import ResMem

        return ResMem(pretrained=True).eval().to(device)


def score_with_reference(model: Any, paths: Iterable[Path], device: str = "cpu") -> list[float]:
    """Return the scores of image files: the loop that people write."""
    import torch
    from resmem import transformer

    scores = []
    with torch.no_grad():
        for path in paths:
            image = Image.open(path).convert("RGB")
            scores.append(model(transformer(image).unsqueeze(0).to(device)).item())
    return scores


def main() -> int:
    """Score one image in this process and print when what was reached."""
    marks = Marks()
    marks.note("python")
    importlib.import_module("torch")

    marks.note("torch")
    importlib.import_module("torchvision")

    marks.note("torchvision")
    model = load_reference()
    marks.note("loaded")
    score_with_reference(model, [Path(sys.argv[1])])
    marks.note("score")
    marks.print()
    return 0


if __name__ == "__main__":
    sys.exit(main())
