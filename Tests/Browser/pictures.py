# SPDX-License-Identifier: MIT
"""Pictures of the sample scenes, and pictures that are none."""

import functools
import io
import pathlib
import random
import tempfile

from PIL import Image

import house


@functools.cache
def scenes(seed=1):
    """The sample scenes of a seed by name, as JPEG."""
    with tempfile.TemporaryDirectory() as folder:
        house.run("scenes", "--out", folder, "--seed", seed)
        return {path.stem: path.read_bytes() for path in sorted(pathlib.Path(folder).glob("*.jpg"))}


def corrupt():
    """A JPEG whose middle is noise and whose end is missing."""
    whole = scenes()["red-car-morning"]
    return whole[:300] + random.Random(1).randbytes(400)


def large():
    """A file of 20 MB that begins like a JPEG."""
    return scenes()["red-car-morning"] + bytes(20 << 20)


def png():
    """A picture of another format."""
    output = io.BytesIO()
    Image.open(io.BytesIO(scenes()["red-car-morning"])).save(output, "PNG")
    return output.getvalue()
