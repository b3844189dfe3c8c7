"""Why an image could not be used, in words for its owner."""


class ImageError(Exception):
    """An image that cannot be decoded. Its text is one plain sentence that a person can act on."""


#: The reason where a file was and is not any more.
NO_FILE = "There is no file at this path (any more)."
