"""What tells graphics and writing: the quick arithmetic is that of the plain definition."""

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from resmem_gui.images.graphics import (
    _between,
    _few_levels,
    _has_paper,
    _has_strokes,
    _light,
    _tiles,
    _two_toned,
)

_SIDE = 32


def rows_of(pixels: int) -> NDArray[np.uint8]:
    """Rows of noise, of all contrasts, some with two tones, some even."""
    random = np.random.default_rng(pixels)
    low, high = np.sort(random.integers(0, 256, (2, 200)), axis=0)
    rows = random.integers(low, high + 1, (pixels, 200)).T
    rows[:50] = np.where(random.random((50, pixels)) < 0.3, low[:50, None], high[:50, None])
    rows[50] = 7
    return rows.astype(np.uint8)


def strokes() -> NDArray[np.uint8]:
    """Squares with strokes of many lengths and heights, light on dark and dark on light."""
    random = np.random.default_rng(3)
    squares = np.full((400, _SIDE, _SIDE), 230, dtype=np.uint8)
    for number, square in enumerate(squares):
        for _ in range(number % 40):
            top, left = random.integers(0, _SIDE, 2)
            square[top : top + 3, left : left + number % 7 + 1] = 20
    squares[200:] = 255 - squares[200:]
    noise = random.integers(0, number % 30 + 1, squares.shape)
    return (squares - noise).astype(np.uint8).reshape(len(squares), -1)


@pytest.mark.parametrize("pixels", [64, 1024])
def test_two_tones_are_told_by_the_deviation_from_them(pixels: int) -> None:
    rows = rows_of(pixels)
    expected = []
    for row in rows.astype(np.float64):
        light = row > (row.min() + row.max()) // 2
        tones = np.where(light, row[light].mean() if light.any() else 0, row[~light].mean())
        expected.append(np.sqrt(np.mean((row - tones) ** 2)) / max(np.ptp(row), 1))
    np.testing.assert_allclose(_between(rows, _light(rows)), expected, atol=1e-6)


def test_strokes_are_changes_in_rows_with_ink() -> None:
    squares = strokes()
    light = _light(squares)
    expected = []
    for one in light.reshape(-1, _SIDE, _SIDE):
        ink = ~one if one.mean() > 0.5 else one
        with_ink = ink.any(axis=1).sum()
        changes = (ink[:, 1:] != ink[:, :-1]).sum() / max(with_ink, 1)
        expected.append(0.04 <= ink.mean() <= 0.45 and 3 <= changes <= 16 and with_ink / _SIDE >= 0.3)
    assert 40 < sum(expected) < 360
    assert _has_strokes(squares, light).tolist() == expected


def test_paper_is_the_even_greater_part() -> None:
    squares = strokes()
    light = _light(squares)
    expected = []
    for square, one in zip(squares.astype(int), light, strict=True):
        paper = np.sort(square)[768 if one.mean() > 0.5 else 256]
        expected.append((np.abs(square - paper) <= 12).mean() >= 0.6)
    assert 40 < sum(expected) < 400
    assert _has_paper(squares, light).tolist() == expected


@pytest.mark.parametrize("size", [(640, 480), (33, 700), (2000, 32), (1030, 1030)])
def test_squares_of_colours_are_those_of_grey(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    pixels = Image.fromarray(noise)
    squares = _tiles(pixels)
    assert squares.shape[1:] == (_SIDE, _SIDE)
    np.testing.assert_array_equal(squares, _tiles(pixels.convert("L")))
    np.testing.assert_array_equal(squares[0], np.asarray(pixels.convert("L"))[:_SIDE, :_SIDE])


def test_few_levels_are_few_apart_from_black_white_and_the_ground() -> None:
    photograph = [100] * 256
    assert _few_levels(photograph) == pytest.approx(8 / 240)
    on_grey = list(photograph)
    on_grey[128] = 1_000_000
    on_white = list(photograph)
    on_white[255] = on_white[0] = 1_000_000
    assert _few_levels(on_grey) < 0.05
    assert _few_levels(on_white) < 0.05
    chart = [0] * 256
    chart[255], chart[40], chart[90], chart[200] = 100_000, 9000, 8000, 7000
    assert _few_levels(chart) == 1
    assert _few_levels([0] * 255 + [100_000]) == 0


def test_too_few_sharp_blocks_tell_nothing() -> None:
    block = np.repeat(np.array([0, 255], dtype=np.uint8), 32)
    assert _two_toned(np.stack([block] * 5)) == 0
    assert _two_toned(np.stack([block] * 6)) == 1
    assert _two_toned(np.zeros((0, 64), dtype=np.uint8)) == 0
