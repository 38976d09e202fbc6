"""The two ways in which a script of the lab ends badly, and their words."""


class Failed(Exception):
    """What cannot go on; the text says why. Exit status 1."""


class Usage(Exception):
    """A command line that asks for what cannot be; the text says why. Exit status 2."""


def plain(failure: Exception) -> str:
    """A failure in one line of plain words."""
    if isinstance(failure, OSError) and failure.strerror:
        return f"{failure.filename}: {failure.strerror.lower()}" if failure.filename else failure.strerror.lower()
    return " ".join(str(failure).split("\n"))
