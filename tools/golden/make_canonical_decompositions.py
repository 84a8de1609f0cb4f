# SPDX-License-Identifier: MIT
"""Makes the table behind our canonical composition (NFC) with the library that the reference tokenizer runs.

    .venv/bin/python tools/golden/make_canonical_decompositions.py

Writes Sources/CLIP/Tokenizer/CanonicalDecompositions.swift.
"""

import pathlib
import textwrap

import tokenizers
from tokenizers import normalizers

TARGET = pathlib.Path(__file__).resolve().parents[2] / "Sources/CLIP/Tokenizer/CanonicalDecompositions.swift"
HEAD = f"""// SPDX-License-Identifier: MIT

/// The canonical decompositions of Unicode but Hangul's, which follow from arithmetic.
///
/// Written by tools/golden/make_canonical_decompositions.py with tokenizers {tokenizers.__version__}.
enum CanonicalDecompositions {{
    /// Hexadecimal code points, entries separated by commas.
    ///
    /// `C A B`: C and the pair A B are the same, and the pair composes to C. `-C A …`: C becomes A … and nothing
    /// becomes C.
    static let table = \"\"\"
"""


def entries():
    nfc, nfd = normalizers.NFC().normalize_str, normalizers.NFD().normalize_str
    for code in range(0x110000):
        character = chr(code) if not 0xD800 <= code < 0xE000 else ""
        full = nfd(character)
        if full == character or 0xAC00 <= code <= 0xD7A3:
            continue
        if nfc(character) == character:
            first, last = nfc(full[:-1]), full[-1]
            assert len(first) == 1, hex(code)
            yield f"{code:x} {ord(first):x} {ord(last):x}"
        else:
            yield f"-{code:x} " + " ".join(f"{ord(part):x}" for part in full)


if __name__ == "__main__":
    lines = textwrap.wrap(",".join(e.replace(" ", "_") for e in entries()).replace(",", ", "), 106)
    lines = [line.replace(", ", ",").replace("_", " ") for line in lines]
    body = "\n".join(f"        {line}\\" for line in lines[:-1]) + f"\n        {lines[-1]}"
    TARGET.write_text(HEAD + body + '\n        """\n}\n')
