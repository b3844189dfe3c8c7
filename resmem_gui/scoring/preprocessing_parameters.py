"""What a preprocessing id stands for: the recipe itself, and its steps in words."""

from itertools import product

from resmem_gui.scoring.preprocessing import INPUT_EDGE, Preprocessing


def preprocessing_of(recipe_id: str) -> Preprocessing | None:
    """Return the recipe with this id, None if this release does not know it."""
    for upright, fast_decoding in product((True, False), (False, True)):
        recipe = Preprocessing(upright=upright, fast_decoding=fast_decoding)
        if recipe.id == recipe_id:
            return recipe
    return None


def parameters(recipe: Preprocessing) -> dict[str, str]:
    """Return each step of a recipe, in their order, as exports tell it."""
    reduced = (
        f"JPEG files at the least of 1/8, 1/4, 1/2 and 1 that leaves both sides {recipe.decode_edge} pixels"
    )
    upright, as_stored = "applied: the image as people see it", "ignored, as the package resmem does"
    return {
        "decoding": reduced if recipe.fast_decoding else "in full",
        "animation": "the first picture",
        "exif_orientation": upright if recipe.upright else as_stored,
        "sample_depth": "16 bits and floats are scaled to 8 bits a channel",
        "colour": "converted to RGB; colour profiles are not applied",
        "alpha_background": "white (255, 255, 255)",
        "resize": "squashed to 256 × 256 pixels; the aspect ratio is not kept",
        "filter": "bilinear with antialiasing (Pillow BILINEAR)",
        "crop": f"{INPUT_EDGE} × {INPUT_EDGE} pixels from (14, 14), as torchvision's CenterCrop",
        "values": "0 to 1 (divided by 255), not normalised further",
        "test_time_augmentation": "none: one pass an image, no dropout, no random numbers",
    }
