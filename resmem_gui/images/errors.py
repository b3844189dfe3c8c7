"""Why an image could not be used, in words for its owner."""


class ImageError(Exception):
    """An image that cannot be decoded. Its text is one plain sentence that a person can act on."""
