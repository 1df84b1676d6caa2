"""Is a picture still what its code draws? Compared block by block, not byte by byte."""

import base64
import io

import matplotlib
import numpy as np
from PIL import Image

SHARE = 0.01  # of a notebook's picture


def difference(old, new, scale=1, share=0):
    """What separates a committed picture from one drawn now, in words, or None.

    Blocks of pixels are compared by their mean colour. Under the matplotlib that drew the committed
    picture every letter counts. Another version sets letters a pixel aside, so there only what is
    larger than letters can be compared. `scale`: pixels to a pixel of the page. `share` of the
    blocks may differ: a run near divergence ends elsewhere on another processor.
    """
    block, most, slack = (4 * scale, 25, 0) if same_version(old) else (16 * scale, 40, scale)
    if max(abs(a - b) for a, b in zip(old.size, new.size, strict=True)) > slack:
        return f"{old.size} pixels committed, {new.size} drawn"
    old, new = _averages(old, block), _averages(new, block)
    rows, columns = np.minimum(old.shape[:2], new.shape[:2])
    apart = np.abs(old[:rows, :columns] - new[:rows, :columns]).max(axis=-1)
    if (apart > most).mean() > share:
        y, x = np.unravel_index(apart.argmax(), apart.shape)
        return f"differs most near x {x * block}, y {y * block}: by {apart.max():.0f} of 255"
    return None


def same_version(picture):
    """True where the matplotlib that is here has drawn it."""
    return picture.info.get("Software") == f"matplotlib {matplotlib.__version__}"


def _averages(picture, block):
    """Mean colour of every block of pixels, on white."""
    ground = Image.new("RGBA", picture.size, "white")
    pixels = np.asarray(Image.alpha_composite(ground, picture.convert("RGBA")), dtype=float)[
        ..., :3
    ]
    rows, columns = pixels.shape[0] // block, pixels.shape[1] // block
    pixels = pixels[: rows * block, : columns * block]
    return pixels.reshape(rows, block, columns, block, 3).mean(axis=(1, 3))


def shown(outputs):
    """The pictures among a cell's outputs, and for each the pixels to a pixel of the page."""
    for output in outputs:
        data = output.get("data", {})
        if "image/png" in data:
            picture = Image.open(io.BytesIO(base64.b64decode(data["image/png"])))
            width = output.get("metadata", {}).get("image/png", {}).get("width", picture.width)
            yield picture, max(1, round(picture.width / width))


def differences(committed, drawn):
    """What separates the pictures of a cell from those that it draws now, in words, or None.

    Looked at under the matplotlib that drew the committed ones; for another version, whose layout
    may differ, they are only counted.
    """
    old, new = list(shown(committed)), list(shown(drawn))
    if len(old) != len(new):
        return f"{len(old)} pictures committed, {len(new)} drawn"
    pairs = zip(old, new, strict=True)
    told = [difference(a, b, scale, share=SHARE) for (a, scale), (b, _) in pairs if same_version(a)]
    return next(filter(None, told), None)
