"""Names as they are shown."""

import pytest

from resmem_gui.library.records import readable


@pytest.mark.parametrize("code", [0xD800, 0xDBFF, 0xDC00, 0xDFFF])
@pytest.mark.parametrize("before", ["", "\udcff"])
def test_half_a_character_is_shown_as_a_replacement_character(code: int, before: str) -> None:
    name = f"{before}{chr(code)}"
    assert readable(f"a{name}b") == "a" + "\N{REPLACEMENT CHARACTER}" * len(name) + "b"
