# SPDX-License-Identifier: MIT
"""Makes the image fixtures of Tests/ImagingTests and what Pillow makes of them.

    python3 -m venv .venv && .venv/bin/pip install -r tools/golden/requirements.txt
    .venv/bin/python tools/golden/make_image_goldens.py

Writes Tests/ImagingTests/Fixtures: the pictures (drawn here, nothing foreign), goldens.json with the SHA-256
of every stage and the verdict on truncated copies, and the whole bytes of some stages, so that a failing test
can name the first pixel that differs. The tensor comes from the CLIPImageProcessorPil of transformers.
"""

import hashlib
import io
import json
import pathlib
import random
import struct
import sys
import warnings
import zlib

import numpy
import PIL

# The PIL processor needs no torchvision, but transformers would import one that lies around.
sys.modules["torchvision"] = None
import transformers
from PIL import Image
from transformers.models.clip.image_processing_pil_clip import CLIPImageProcessorPil

FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests/ImagingTests/Fixtures"
# Stages whose bytes are stored besides their hashes.
WHOLE = {
    "jpeg-420.jpg": ["decoded", "cropped"],
    "jpeg-cmyk.jpg": ["decoded"],
    "png-grey16.png": ["decoded"],
    "webp-lossy.webp": ["decoded"],
    "png-2x3.png": ["decoded", "resized"],
}


def scene(width, height, seed=1):
    """A picture with slopes, edges, saturated colours and a little noise, [height, width, 3]."""
    y, x = numpy.mgrid[0:height, 0:width].astype(float)
    u, v = x / max(width - 1, 1), y / max(height - 1, 1)
    red = 255 * u
    green = 127.5 + 127.5 * numpy.sin(6.0 * v + 3.0 * u)
    blue = numpy.where((x // 7 + y // 5) % 2 == 0, 230.0, 20.0)
    inside = (u - 0.5) ** 2 + (v - 0.5) ** 2 < 0.06
    picture = numpy.stack([red, green, numpy.where(inside, 255 * v, blue)], axis=-1)
    noise = numpy.random.RandomState(seed).randint(-6, 7, picture.shape)
    return numpy.clip(picture + noise, 0, 255).astype(numpy.uint8)


def picture(width, height, seed=1):
    return Image.fromarray(scene(width, height, seed))


def saved(image, **options):
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


def jpeg(image, **options):
    return saved(image, format="JPEG", **{"quality": 85, **options})


# MARK: JPEG files that Pillow cannot write, made by changing a marker


def with_frame(data, width, height, luma_sampling):
    """The same blocks in another arrangement: the picture is scrambled, the file is valid."""
    at = next(data.index(marker) for marker in (b"\xff\xc0", b"\xff\xc2") if marker in data)
    changed = bytearray(data)
    changed[at + 5 : at + 9] = struct.pack(">HH", height, width)
    changed[at + 11] = luma_sampling
    return bytes(changed)


def with_adobe_transform(data, transform):
    at = data.index(b"Adobe")
    return data[: at + 11] + bytes([transform]) + data[at + 12 :]


def jpegs():
    base = picture(45, 37)
    exif = Image.Exif()
    exif[0x0112] = 6  # turn by 90 degrees: not applied
    yield "jpeg-420.jpg", jpeg(base, subsampling="4:2:0")
    yield "jpeg-422.jpg", jpeg(base, subsampling="4:2:2")
    yield "jpeg-444.jpg", jpeg(base, subsampling="4:4:4")
    yield "jpeg-440.jpg", with_frame(jpeg(picture(64, 48), subsampling="4:2:2"), 32, 96, 0x12)
    yield "jpeg-411.jpg", with_frame(jpeg(picture(48, 64), subsampling="4:2:0"), 96, 32, 0x41)
    yield "jpeg-440-odd.jpg", with_frame(jpeg(picture(58, 44), subsampling="4:2:2"), 27, 83, 0x12)
    yield "jpeg-progressive.jpg", jpeg(base, progressive=True)
    yield "jpeg-progressive-444.jpg", jpeg(base, progressive=True, subsampling="4:4:4")
    yield "jpeg-grey.jpg", jpeg(base.convert("L"))
    yield "jpeg-grey-progressive.jpg", jpeg(base.convert("L"), progressive=True)
    yield "jpeg-cmyk.jpg", jpeg(base.convert("CMYK"))
    yield "jpeg-ycck.jpg", with_adobe_transform(jpeg(base.convert("CMYK")), 2)
    yield "jpeg-rgb.jpg", jpeg(base, keep_rgb=True)
    yield "jpeg-restart-blocks.jpg", jpeg(base, restart_marker_blocks=2)
    yield "jpeg-restart-rows.jpg", jpeg(base, restart_marker_rows=1, progressive=True)
    yield "jpeg-exif-rotated.jpg", jpeg(base, exif=exif, icc_profile=b"\x00" * 40)
    yield "jpeg-quality-5.jpg", jpeg(base, quality=5)
    yield "jpeg-quality-100.jpg", jpeg(base, quality=100)
    yield "jpeg-1x60.jpg", jpeg(picture(1, 60))
    yield "jpeg-60x1.jpg", jpeg(picture(60, 1))
    yield "jpeg-1x1.jpg", jpeg(picture(1, 1))
    yield "jpeg-640x360.jpg", jpeg(picture(640, 360), quality=60)
    yield "jpeg-224x301.jpg", jpeg(picture(224, 301), quality=50)
    yield "jpeg-tail.jpg", jpeg(base) + b"left over" * 40


# MARK: PNG, written chunk by chunk

ADAM7 = [(0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)]
SAMPLES = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}


def chunk(kind, payload):
    return struct.pack(">I", len(payload)) + kind + payload + struct.pack(">I", zlib.crc32(kind + payload))


def packed(row, depth):
    """Samples of one row as bytes."""
    if depth == 16:
        return row.astype(">u2").tobytes()
    if depth == 8:
        return row.astype(numpy.uint8).tobytes()
    bits = "".join(format(int(sample), f"0{depth}b") for sample in row)
    bits += "0" * (-len(bits) % 8)
    return bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits), 8))


def filtered(row, above, distance, kind):
    def paeth(a, b, c):
        near = a + b - c
        return min((abs(near - a), 0, a), (abs(near - b), 1, b), (abs(near - c), 2, c))[2]

    out = bytearray([kind])
    for i, value in enumerate(row):
        a = row[i - distance] if i >= distance else 0
        b, c = above[i], above[i - distance] if i >= distance else 0
        out.append(value - [0, a, b, (a + b) // 2, paeth(a, b, c)][kind] & 0xFF)
    return bytes(out)


def scanlines(samples, depth, interlaced):
    """Filtered rows of [height, width, samples]; the filters take turns."""
    passes = ADAM7 if interlaced else [(0, 0, 1, 1)]
    distance = max(samples.shape[2] * depth // 8, 1)
    out, count = b"", 0
    for x, y, dx, dy in passes:
        part = samples[y::dy, x::dx]
        if part.size == 0:
            continue
        above = bytes(len(packed(part[0].ravel(), depth)))
        for line in part:
            row = packed(line.ravel(), depth)
            out += filtered(row, above, distance, count % 5)
            above, count = row, count + 1
    return out


def png(samples, depth, colour, interlaced=False, before=b"", after=b"", piece=None):
    """A PNG file; `before` and `after` are chunks around the image data, cut into `piece` bytes."""
    height, width = samples.shape[:2]
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, int(interlaced))
    data = zlib.compress(scanlines(samples, depth, interlaced), 9)
    piece = piece or len(data)
    body = b"".join(chunk(b"IDAT", data[i : i + piece]) for i in range(0, len(data), piece))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + before + body + after + chunk(b"IEND", b"")


def samples_of(width, height, depth, colour, seed=1):
    """The scene in another number of samples and bits, [height, width, samples]."""
    rgb = scene(width, height, seed).astype(int)
    alpha = (rgb[..., :1] * 3 + 40) % 256
    grey = rgb.sum(axis=2, keepdims=True) // 3
    eight = {0: grey, 2: rgb, 3: grey, 4: numpy.dstack([grey, alpha]), 6: numpy.dstack([rgb, alpha])}[colour]
    if depth == 16:
        return eight * 257 + (eight * 7) % 200 - 100 * (eight > 0)
    return eight >> (8 - depth)


def palette(count):
    return bytes((i * step + 31 * (i % 3)) % 256 for i in range(count) for step in (97, 58, 201))


def pngs():
    names = {0: "grey", 2: "rgb", 3: "palette", 4: "grey-alpha", 6: "rgba"}
    depths = {0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]}
    for colour, name in names.items():
        for depth in depths[colour]:
            before = chunk(b"PLTE", palette(1 << depth)) if colour == 3 else b""
            samples = samples_of(35, 29, depth, colour)
            yield f"png-{name}{depth}.png", png(samples, depth, colour, before=before)
            yield f"png-{name}{depth}-interlaced.png", png(samples, depth, colour, True, before=before)
    rgb = samples_of(35, 29, 8, 2)
    grey = samples_of(35, 29, 8, 0)
    few = samples_of(35, 29, 4, 3)
    colours = chunk(b"PLTE", palette(16))
    yield "png-grey16-dark.png", png(samples_of(35, 29, 8, 0) * 2, 16, 0)
    yield "png-grey-transparent.png", png(grey, 8, 0, before=chunk(b"tRNS", b"\x00\x80"))
    yield "png-rgb-transparent.png", png(rgb, 8, 2, before=chunk(b"tRNS", b"\x00\x80" * 3))
    yield "png-palette-transparent.png", png(few, 4, 3, before=colours + chunk(b"tRNS", bytes(range(0, 160, 10))))
    yield "png-palette-one-transparent.png", png(few, 4, 3, before=colours + chunk(b"tRNS", b"\xff\xff\x00"))
    yield "png-palette-short.png", png(few, 4, 3, before=chunk(b"PLTE", palette(5)))
    yield "png-gamma-background.png", png(
        samples_of(35, 29, 8, 6), 8, 6, before=chunk(b"gAMA", struct.pack(">I", 100000)) + chunk(b"bKGD", b"\0\xff" * 3))
    yield "png-many-chunks.png", png(rgb, 8, 2, piece=17, after=chunk(b"tEXt", b"Comment\0behind the image"))
    frame = lambda number, w, h, x, y: chunk(b"fcTL", struct.pack(">IIIIIHHBB", number, w, h, x, y, 1, 10, 0, 0))
    control = chunk(b"acTL", struct.pack(">II", 2, 0))
    second = chunk(b"fdAT", struct.pack(">I", 2) + zlib.compress(scanlines(grey, 8, False)))
    yield "png-animated.png", png(
        grey, 8, 0, before=control + frame(0, 35, 29, 0, 0), after=frame(1, 35, 29, 0, 0) + second)
    for width, height in [(1, 1), (1, 60), (60, 1), (2, 3), (223, 40), (225, 226), (500, 333)]:
        yield f"png-{width}x{height}.png", png(samples_of(width, height, 8, 2) & 0xF8, 8, 2)


# MARK: WebP


def webps():
    base = picture(45, 37)
    faded = base.copy()
    faded.putalpha(Image.fromarray(scene(45, 37, 2)[..., 0]))
    yield "webp-lossy.webp", saved(base, format="WEBP", quality=70)
    yield "webp-lossless.webp", saved(base, format="WEBP", lossless=True)
    yield "webp-lossy-alpha.webp", saved(faded, format="WEBP", quality=70)
    yield "webp-lossless-alpha.webp", saved(faded, format="WEBP", lossless=True, exact=True)
    yield "webp-metadata.webp", saved(base, format="WEBP", quality=50, exif=b"Exif\0\0", icc_profile=b"\0" * 40)
    yield "webp-animated.webp", saved(
        base, format="WEBP", save_all=True, append_images=[picture(45, 37, 3)], duration=100, quality=60)
    yield "webp-1x60.webp", saved(picture(1, 60), format="WEBP")
    yield "webp-400x300.webp", saved(picture(400, 300), format="WEBP", quality=40)


# MARK: The reference


def decoded(data):
    with Image.open(io.BytesIO(data)) as image:
        return image.convert("RGB")


def stages(data, size):
    image = decoded(data)
    short, long = min(image.size), max(image.size)
    other = int(size * long / short)
    resized = image.resize((size, other) if image.width <= image.height else (other, size), Image.Resampling.BICUBIC)
    left, top = (resized.width - size) // 2, (resized.height - size) // 2
    cropped = resized.crop((left, top, left + size, top + size))
    processor = CLIPImageProcessorPil(size={"shortest_edge": size}, crop_size={"height": size, "width": size})
    tensor = processor(image, return_tensors="np")["pixel_values"][0].astype("<f4", copy=False)
    return {
        "decoded": numpy.asarray(image), "resized": numpy.asarray(resized), "cropped": numpy.asarray(cropped),
        "tensor": tensor,
    }


def sha256(array):
    return hashlib.sha256(array.tobytes()).hexdigest()


def truncations(name, data):
    """Lengths to cut at, and for those that Pillow still decodes the hash of what it sees."""
    choice = random.Random(name)
    lengths = set(range(max(len(data) - 24, 0), len(data))) | {1, 2, 3, 8, 12, 16, 30, 33, 41}
    lengths |= {choice.randrange(1, len(data)) for _ in range(40)}
    lengths = sorted(length for length in lengths if length < len(data))
    accepted = {}
    for length in lengths:
        try:
            accepted[str(length)] = sha256(numpy.asarray(decoded(data[:length])))
        except Exception:  # whatever it is, Pillow refuses
            pass
    return {"lengths": lengths, "accepted": accepted}


def main():
    warnings.simplefilter("ignore")
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in FOLDER.iterdir():
        old.unlink()
    images = []
    for name, data in [*jpegs(), *pngs(), *webps()]:
        (FOLDER / name).write_bytes(data)
        result = stages(data, 224)
        for stage in WHOLE.get(name, []):
            (FOLDER / f"{name}.{stage}.bin").write_bytes(result[stage].tobytes())
        entry = {"name": name, "width": result["decoded"].shape[1], "height": result["decoded"].shape[0]}
        entry |= {stage: sha256(array) for stage, array in result.items()}
        entry["tensor336"] = sha256(stages(data, 336)["tensor"])
        entry["truncations"] = truncations(name, data)
        images.append(entry)
    goldens = {
        "generator": "tools/golden/make_image_goldens.py",
        "command": "python tools/golden/make_image_goldens.py",
        "versions": {
            "Pillow": PIL.__version__, "transformers": transformers.__version__, "numpy": numpy.__version__},
        "images": images,
    }
    (FOLDER / "goldens.json").write_text(json.dumps(goldens, indent=1) + "\n")
    total = sum(file.stat().st_size for file in FOLDER.iterdir())
    print(f"{len(images)} images, {total} bytes with their goldens")


if __name__ == "__main__":
    main()
