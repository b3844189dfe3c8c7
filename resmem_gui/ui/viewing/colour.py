"""Colours for the screen: what an image's own colour profile means, in sRGB. For viewing only."""

import io
from typing import Final

from PIL import Image, ImageCms

_SRGB: Final = ImageCms.createProfile("sRGB")


def for_screen(pixels: Image.Image) -> Image.Image:
    """Return RGB pixels in sRGB, converted if they carry a profile of another RGB colour space.

    Scores are made of the plain values (the network was trained on those); this is for looking only. A
    profile that cannot be read, or one for other colours than RGB, is passed over: the plain values stay.
    """
    content = pixels.info.get("icc_profile")
    if not isinstance(content, bytes) or not content:
        return pixels
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(content))
        if profile.profile.xcolor_space.strip() != "RGB" or "srgb" in _description(profile):
            return pixels
        # Not in place: what decoding returned may be shared.
        converted = ImageCms.profileToProfile(pixels, profile, _SRGB)
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return pixels  # a damaged profile is no reason to refuse a sound picture
    return pixels if converted is None else converted


def _description(profile: ImageCms.ImageCmsProfile) -> str:
    return ImageCms.getProfileDescription(profile).casefold()
