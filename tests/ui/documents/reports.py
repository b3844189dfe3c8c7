"""Reports for tests."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from resmem_gui.analysis.reference import load_lamem
from resmem_gui.export.columns import COLUMNS
from resmem_gui.export.report.building import report_content
from resmem_gui.export.report.content import ReportContent, ReportOptions, ReportSource
from resmem_gui.ui.report.choices_form import Scope
from resmem_gui.ui.report.making import load_jpeg

COUNTS = {Scope.ALL: 8, Scope.SHOWN: 5, Scope.SELECTED: 2}


def source(paths: list[str]) -> ReportSource:
    lamem = load_lamem()
    scores = np.linspace(0.9, 0.4, len(paths))
    rows = []
    for rank, (path, score) in enumerate(zip(paths, scores, strict=True), 1):
        row: dict[str, Any] = dict.fromkeys(COLUMNS)
        row |= {
            "path": path,
            "score": float(score),
            "percentile": 50.0,
            "reference": "LaMem",
            "rank": float(rank),
        }
        row |= {"at_floor": bool(score < 0.42), "cautions": "face", "width": 640, "height": 480}
        rows.append(row)
    failed: dict[str, Any] = dict.fromkeys(COLUMNS)
    failed |= {"path": str(Path(paths[0]).with_name("broken.jpg")), "error": "The file is cut off."}
    record = {"program": {"name": "resmem_gui", "version": "1.2.3"}}
    return ReportSource((*rows, failed), (lamem,), record, len(rows))


def content(paths: list[str], *, loads: bool = True, **options: Any) -> ReportContent:
    made = report_content(source(paths), replace(ReportOptions(date="1 May 2026"), **options))
    return made.with_pictures(load_jpeg) if loads else made
