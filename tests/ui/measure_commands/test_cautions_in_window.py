"""Cautions in the real window: shown, filtered, exported."""

from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QMenu,
)

from resmem_gui.export.reading import read_table
from resmem_gui.traits import Caution
from resmem_gui.ui.browsing.cautions_section import CautionsSection
from resmem_gui.ui.rows import near_duplicates
from resmem_gui.ui.rows.columns import Column
from tests.ui.measure_commands.desk import LEFT, Desk, MakePictures, entry, measure

# The offscreen platform says of every menu that it can neither raise it nor give it all keys.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


def test_cautions_appear_are_told_filtered_and_exported(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(near_duplicates, "_LOOK_MS", 20)
    plain, alike = make_pictures(2, "plain")
    near = tmp_path / "near.png"
    with Image.open(alike) as image:
        image.resize((310, 270)).save(near)
    (small,) = make_pictures(1, "small pictures", (100, 100))
    (wide,) = make_pictures(1, "a wide one", (900, 300))
    desk.add(plain, alike, near, small, wide)
    library = desk.controller.library
    ids = {path: library.id_of(str(path)) for path in (plain, alike, near, small, wide)}

    def cautions(path: Path) -> Caution:
        return Caution(int(library.cautions[ids[path]]))

    assert Caution.SMALL in cautions(small), "its size tells at once"
    assert Caution.ASPECT in cautions(wide)
    desk.wait(lambda: Caution.NEAR_DUPLICATE in cautions(near))
    assert Caution.NEAR_DUPLICATE in cautions(alike)
    assert not cautions(plain) & (Caution.SMALL | Caution.ASPECT | Caution.NEAR_DUPLICATE)
    image_id = ids[near]
    assert image_id is not None
    desk.select(image_id)
    (section,) = desk.window.inspector.findChildren(CautionsSection)
    row = section.rows[Caution.NEAR_DUPLICATE]
    desk.wait(row.isVisible)
    assert f"It is most like “{alike.name}”" in row.reason.text().replace("\u200b", "")
    assert "ear-duplicate" in desk.cell(image_id, Column.CAUTIONS)
    menu = desk.window.filter_bar.menu_for("cautions")
    assert isinstance(menu, QMenu)
    menu.popup(desk.window.mapToGlobal(desk.window.rect().center()))
    found = entry(menu, "Near-duplicate")
    QTest.mouseClick(menu, LEFT, pos=menu.actionGeometry(found).center())
    menu.close()
    assert set(desk.rows()) == {ids[near], ids[alike]}
    desk.controller.exports.export_table(tmp_path / "alike.csv", desk.rows())
    desk.wait(lambda: "rows written" in desk.notices())
    assert all("near-duplicate" in str(one["cautions"]) for one in read_table(tmp_path / "alike.csv").images)


@pytest.mark.parametrize("end", ["done", "cancelled"])
def test_near_duplicates_are_found_after_measuring_held_them_up(
    desk: Desk, make_pictures: MakePictures, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, end: str
) -> None:
    monkeypatch.setattr(near_duplicates, "_LOOK_MS", 150)
    (alike,) = make_pictures(1)
    near = tmp_path / "near.png"
    with Image.open(alike) as image:
        image.resize((310, 270)).save(near)
    ids = desk.add(alike, near)
    library = desk.controller.library
    desk.wait(lambda: bool(library.traits_known[ids].all()))
    measure(desk, ids)
    desk.qtbot.wait(400)
    assert not any(library.cautions[i] & Caution.NEAR_DUPLICATE for i in ids)
    if end == "cancelled":
        desk.do("cancel")
    desk.scorer.gate.set()
    desk.settle()
    desk.wait(lambda: all(library.cautions[i] & Caution.NEAR_DUPLICATE for i in ids))
