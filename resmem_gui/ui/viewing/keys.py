"""The keys of loupe and comparison, for the sheet of shortcuts."""

from typing import Final

from resmem_gui.ui.shortcuts.fixed_keys import FixedKey, FixedKeys

LOUPE_KEYS: Final = FixedKeys(
    "In the loupe",
    (
        FixedKey(("Left", "Right", "PgUp", "PgDown"), "Go to the previous or the next image"),
        FixedKey(("Home", "End"), "Go to the first or the last image"),
        FixedKey(("Space", "Z", "Click"), "Show it pixel for pixel at the pointer, and whole again"),
        FixedKey(("+", "-", "Wheel"), "Scale it"),
        FixedKey(("F",), "Show it whole"),
        FixedKey(("T",), "Show or hide the filmstrip"),
        FixedKey(("Esc", "Return", "G"), "Go back to the grid"),
    ),
)
COMPARE_KEYS: Final = FixedKeys(
    "In a comparison",
    (
        FixedKey(("Tab", "Left", "Right"), "Go to the next image"),
        FixedKey(("Del",), "Take the image out of the comparison"),
        FixedKey(("L",), "Scale and move all together, or each alone"),
        FixedKey(("Space", "Z", "Click"), "Show them pixel for pixel, and whole again"),
        FixedKey(("Esc", "Return", "G"), "Go back to the grid"),
    ),
)
