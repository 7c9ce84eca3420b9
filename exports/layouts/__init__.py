"""The base file of the Word document, and the code that writes it."""

from importlib.resources import files


def base_file() -> bytes:
    """The project's own base.docx, which a school may restyle in Word and upload."""
    return files(__package__).joinpath("base.docx").read_bytes()
