"""Why a table could not be written or read, in words for the person who asked for it."""


class ExportError(Exception):
    """A table cannot be written or read. Its text is a plain sentence that says what to do."""
