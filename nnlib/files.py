"""Files written whole or not at all: a full disk or a kill leaves what was there before."""

import os
import time
import uuid
from contextlib import contextmanager
from pathlib import Path

STALE = 60  # seconds without a write, after which a temporary file belongs to nobody


@contextmanager
def whole(path):
    """Open a binary file that takes the place of `path` once all of it is written.

        with files.whole("run.npz") as file:
            file.write(...)

    It is written beside its target under another name, flushed to the disk, and renamed.
    """
    path = Path(path)
    part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
    try:
        try:
            with open(part, "wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            os.replace(part, path)
        finally:
            part.unlink(missing_ok=True)
            sweep(path)
    except OSError as cause:
        problem = f"{path} could not be written ({cause.strerror or cause})"
        kept = (
            "The file that was there is unchanged." if path.exists() else "Nothing was left behind."
        )
        raise type(cause)(cause.errno, f"{problem}. {kept}") from cause


def write_text(path, text):
    """Write text as UTF-8 with \\n at the ends of lines, whole or not at all."""
    with whole(path) as file:
        file.write(text.encode("utf-8"))


def sweep(path):
    """Remove temporary files of `path` that a killed process has left."""
    for left in path.parent.glob(f"{path.name}.*.part"):
        try:
            if time.time() - left.stat().st_mtime > STALE:
                left.unlink()
        except OSError:
            pass  # somebody else has removed it, or may
