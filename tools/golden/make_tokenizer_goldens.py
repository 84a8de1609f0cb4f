# SPDX-License-Identifier: MIT
"""Makes the golden token ids with transformers' CLIPTokenizer.

    tools/lib/get-merges /tmp/merges.txt
    .venv/bin/python tools/golden/make_tokenizer_goldens.py /tmp/merges.txt
    .venv/bin/python tools/golden/make_tokenizer_goldens.py /tmp/merges.txt --sweep /tmp/sweep.json

Takes Hugging Face's merges.txt or OpenAI's bpe_simple_vocab_16e6.txt, plain or .gz.

Without --sweep it writes Tests/CLIPTests/Fixtures/tokens.json: about 550 texts and their ids, without padding. With it, a
file of every code point of Unicode in several surroundings, and of thousands of random texts, which

    AFTERIMAGE_TOKENIZER_SWEEP=/tmp/sweep.json tools/test --filter TokenizerGoldenTests

reads too.
"""

import argparse
import gzip
import json
import pathlib
import random
import sys

sys.modules["torchvision"] = None
import tokenizers
import transformers
from tokenizers import normalizers
from transformers import CLIPTokenizer

FIXTURE = pathlib.Path(__file__).resolve().parents[2] / "Tests/CLIPTests/Fixtures/tokens.json"
MERGE_COUNT = 48_894

HANDMADE = """
a photo of a cat|a photo of a dog|A Photo Of A CAT|a|A|I|person at the front door|red car|a red car in the drive at night
two people carrying a parcel|delivery van|man with an umbrella|PACKAGE LEFT AT DOOR|cat|dogs|person, vehicle, animal
don't|can't won't shouldn't|I'm you're he's we've they'll she'd|'s|'t|'re|'ve|'m|'ll|'d|it's 's|rock'n'roll|O'Brien's
'sing|x's''s|!'s|''s|'''|DON'T|DON’T|l’été|‘quoted’|“quoted”|'S|'LL|'Re|a'd b'm|y'all'd've|'s's's|'d'|'|''''s
0|7|12|2026|3.14159|1,000,000|12:05|192.168.1.10|+49 170 1234567|2026-11-23T10:44:00Z|½ ¼ ²|٣٤٥|১২৩|Ⅷ ⅷ|①②③|x2y3z4|4k|50%
https://example.org/a/b?c=d&e=f#g|http://camera.local:8554/stream1|user@example.com|ftp://x.y/z.tar.gz|www.example.co.uk|file:///etc/hosts
C:\\Users\\me\\a.txt|/var/lib/afterimage|rtsp://10.0.0.5/h264|#front_door|@home|a_b_c|snake_case|kebab-case|camelCase|a+b=c|x**2|c++|#!/bin/sh
é|e\u0301|É|E\u0301|café|cafe\u0301|CAFÉ|Ångström|A\u030angstro\u0308m|ÅNGSTRÖM|\u212b|\u212a|ñ|n\u0303|ü|u\u0308|ǖ|u\u0308\u0304|u\u0304\u0308
Ệ|E\u0323\u0302|E\u0302\u0323|e\u0323\u0302x|\u1e69|s\u0323\u0307|s\u0307\u0323|a\u0315\u0300\u05ae\u0300|\u0344|\u0340\u0341|q\u0307\u0323
ß|ẞ|STRASSE straße|ſ|ﬁ ﬂ ﬀ|Σ|ΣΑΣ|σας|ὈΔΥΣΣΕΎΣ|İ|I|ı|İSTANBUL|istanbul|Ǆ ǅ ǆ|Ⅳ|ⓐ Ⓐ|Ａｂｃ １２３|𝒜𝓑|𝟘𝟙|Ა ა|Ꭰ ꭰ|Ω Ω|Å Å|K K
日本語|玄関に人がいる|猫|東京都|中文字符|红色汽车|小狗在花园里|紅色汽車|한국어|안녕하세요|\u1112\u1161\u11ab\u1100\u116e\u11a8|각|ㄱㅏㄱ|가\u11a8|ひらがな カタカナ|か\u3099|ガ カ\u3099
ｶﾞ|豈 豈|\uf900|〇|々|，。！？|「猫」|１２３|㎏|㍿|漢字かなmixed text|日本2026年11月23日|犬dog猫cat
привет мир|Человек у двери|ЁЛКА ёлка|е\u0308лка|Й й|Київ|београд|γάτα|ΓΆΤΑ|α\u0301|ά|Ά|ἀ\u0345|ᾳ|שלום|שָׁלוֹם|مرحبا|سيارة حمراء|قِطَّة|فارسی|اردو|हिन्दी|कुत्ता|क़|क\u093c|ক\u09cd\u09b7
தமிழ்|ภาษาไทย|แมว|ខ្មែរ|မြန်မာ|ລາວ|བོད་ཡིག|ქართული|հայերեն|አማርኛ|ᏣᎳᎩ|ᓄᓇᕗᑦ|Việt Nam|Türkiye|Þórr|Łódź|Dvořák|naïve façade|crème brûlée|Ærø|Œuvre|Ĳssel|Ŀ ŀ
😀|😀😀😀|👍🏽|👨‍👩‍👧|👨‍👩‍👧‍👦|🏳️‍🌈|🏴‍☠️|🇩🇪|🇩🇪🇫🇷|🇩|❤️|❤|☎️|1️⃣|#️⃣|©️|🤦🏼‍♂️|👩‍🚒|🐈‍⬛|a😀b|😀 a 😀|🚗💨|📦🚪|🧑🏿‍🤝‍🧑🏻|🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f
<|startoftext|>|<|endoftext|>|a <|endoftext|> b|<|startoftext|>a<|endoftext|>b|<|endoftext|><|endoftext|>|<|ENDOFTEXT|>|<|EndOfText|>!!|x!<|ENDOFTEXT|>|<|STARTOFTEXT|>'s|<|endoftext|
endoftext|<| endoftext |>|<<|endoftext|>>|<|endoftext|>'s|a<|endoftext|>|<|end|>|<|<|endoftext|>|>|<|startoftext|><|startoftext|>x|</w>|a</w>|cat</w>|<start_of_text>|[CLS]|<s>|<pad>|<unk>
!|!!|!!!|?!|...|…|—|–|-|--|---|_|__|(a)|[b]|{c}|a/b|a\\b|a&b|&amp;|<b>bold</b>|"quoted"|`code`|~|^|$|$5|€5|£5|¥5|₹5|°C|±|×|÷|≈|∞|√|∑|→|←|↔|•|■|★|☃|♫|✓|№|™|®|©|§|¶|†
"""

# Words are separated by | above; these hold white space and controls, or are long.
EXTRA = [
    "", " ", "  ", "\t", "\n", "\r\n", "\v\f", " a ", "a  b", "a\tb", "a\nb", "a\r\nb", "a\u00a0b", "a\u2003b", "a\u3000b", "a\u200bb",
    "a\u200cb", "a\u200db", "a\u2060b", "a\ufeffb", "\ufeffa", "a\u00adb", "a\u0085b", "a\u2028b", "a\u2029b", "a\u1680b", "a\u180eb",
    "a\u202fb", "a\u205fb", "a\x1cb", "a\x1fb", "\0", "a\0b", "\x01\x02\x03", "\x07bell", "a\x7fb", "\x80\x81", "a\x9fb", "\x1b[31mred\x1b[0m",
    "a | b", "||", "a|b", "\u202eabc", "\u2066a\u2069", "\ufffd", "\ufffe\uffff", "\ue000", "\U000f0000", "\U0010ffff", "\u0378", "\u0301", "\u0301a", " \u0301",
    "a" * 10, "a" * 77, "a" * 500, "ab" * 300, "!" * 200, "😀" * 60, "漢" * 90, "1" * 100, "'s" * 90, "é" * 80, "e\u0301" * 80, "\u0301" * 100,
    "a " * 74, "a " * 75, "a " * 76, "a " * 77, "cat " * 73 + "supercalifragilisticexpialidocious", "cat " * 74 + "supercalifragilisticexpialidocious",
    "x" * 5000, "pneumonoultramicroscopicsilicovolcanoconiosis", "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
    "Donaudampfschifffahrtsgesellschaftskapitän", " ".join("a photo of a cat".split() * 15), "a photo of a cat<|endoftext|>" + "b " * 80,
    "\u0958\u0959\u095a", "\u0f77\u0f79", "\u2126\u212a\u212b", "\u1100\u1161\u11a8\u11a8", "\uac00\u11a7", "\U0001d15e\U0001d1bb", "\ufb1d\ufb2a\ufb4e",
    "\U0002f800\U0002fa1d", "\u0f71\u0f72\u0f74", "\u09c7\u09be", "\u0b47\u0b56", "\u0dd9\u0dcf\u0dca", "\u1025\u102e", "\U00011131\U00011127",
    "\u1c89\u1c8a", "\ua7cb\ua7cc", "\ua7ce", "\U00016ea0", "\U00010d50", "\u088f", "\U000323b0", "\U00011de0",
]


def reference(path, length):
    read = gzip.open if path.endswith(".gz") else open
    with read(path, "rt", encoding="utf-8") as file:
        merges = file.read().split("\n")[1 : MERGE_COUNT + 1]
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(256) if byte not in printable]
    characters = [chr(byte) for byte in printable] + [chr(256 + index) for index in range(len(rest))]
    symbols = characters + [c + "</w>" for c in characters] + [m.replace(" ", "") for m in merges]
    vocabulary = {symbol: index for index, symbol in enumerate([*symbols, "<|startoftext|>", "<|endoftext|>"])}
    assert len(vocabulary) == 49_408
    pairs = [tuple(merge.split(" ")) for merge in merges]
    return CLIPTokenizer(vocab=vocabulary, merges=pairs, model_max_length=length)


ALPHABETS = [
    "abcdefghijklmnopqrstuvwxyz", "ABC' .,!?-0123456789", "'stremvld' ", "éèêëàâäùûüçñõœæß", "e\u0301\u0323\u0327\u0308a ",
    "абвгдежзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρστυφχψωςάέ", "日本語中文字符猫犬車人", "가나다라마바사\u1100\u1161\u11a8",
    "😀👍🏽👨\u200d👩❤\ufe0f🇩🇪", " \t\n\u00a0\u3000\u200b", "<|>endoftextstart", "\0\x01\x1f\x7f\x85\u2028", "मनयरलवशषसहा\u094d\u093c", "ابتثجحخدذرزسشصض\u064b\u0651",
]


def random_text(random_source, length):
    text = ""
    while len(text) < length:
        kind = random_source.random()
        if kind < 0.55:
            alphabet = random_source.choice(ALPHABETS)
            text += "".join(random_source.choice(alphabet) for _ in range(random_source.randint(1, 8)))
        elif kind < 0.75:
            text += random_source.choice([" ", "  ", "'s", "'ll ", "! ", ", ", "<|endoftext|>", "<|ENDOFTEXT|>", "\n"])
        elif kind < 0.9:
            text += random_source.choice(WORDS) + " "
        else:
            code = random_source.randrange(0x110000)
            text += chr(code) if not 0xD800 <= code < 0xE000 else "?"
    return text


WORDS = (
    "a the of person people man woman child dog cat car truck van bicycle parcel box door gate drive garden street night "
    "day rain snow red blue green white black grey walking running standing carrying holding near behind front left right "
    "photograph delivery courier neighbour stranger umbrella ladder motorcycle headlights infrared silhouette porch"
).split()


def golden_texts():
    # Lines of words between bars; the bars of special tokens are no separators.
    texts = []
    for line in HANDMADE.strip().split("\n"):
        line = line.replace("<|", "\x02").replace("|>", "\x03")
        texts += [part.replace("\x02", "<|").replace("\x03", "|>") for part in line.split("|")]
    texts += EXTRA
    source = random.Random(20261123)
    texts.append(" ".join(source.choice(WORDS) for _ in range(2000)))
    texts += [random_text(source, source.randint(1, 60)) for _ in range(120)]
    return list(dict.fromkeys(texts))


def sweep_texts():
    source = random.Random(1)
    decompose = normalizers.NFD().normalize_str
    characters = [chr(code) for code in range(0x110000) if not 0xD800 <= code < 0xE000]
    for start in range(0, len(characters), 8):
        yield " ".join(f"{c} a{c}1{c}!{c}' {c}{c}" for c in characters[start : start + 8])
    composed = [c for c in characters if decompose(c) != c]
    for start in range(0, len(composed), 4):
        yield " ".join(f"{decompose(c)}\u0323a\u0301{decompose(c)}{c}" for c in composed[start : start + 4])
    # Characters that accents of other classes move around.
    moving = ["\u0334", "\u0315"]
    marks = [c for c in characters if decompose(c + moving[0]) != c + moving[0] or decompose(moving[1] + c) != moving[1] + c]
    marks = [c for c in marks if decompose(c) == c]
    for _ in range(20_000):
        yield random_text(source, source.randint(1, 200))
    for _ in range(20_000):
        yield "".join(source.choice("aeoünÅ가か") + "".join(source.choices(marks, k=source.randint(0, 6))) for _ in range(4))
    for length in (2_000, 20_000, 100_000):
        yield random_text(source, length)


def write(path, tokenizer, texts, context):
    texts = list(texts)
    cases = [{"text": text, "ids": ids} for text, ids in zip(texts, tokenizer(texts, truncation=True)["input_ids"])]
    head = {
        "generator": "tools/golden/make_tokenizer_goldens.py",
        "versions": f"transformers {transformers.__version__}, tokenizers {tokenizers.__version__}",
        "context": context,
    }
    lines = ",\n".join(json.dumps(c, ensure_ascii=True, separators=(",", ":")) for c in cases)
    path.write_text(json.dumps(head)[:-1] + ',\n"cases": [\n' + lines + "\n]}\n")
    print(f"{path}: {len(cases)} texts, {sum(len(c['ids']) for c in cases)} ids")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("merges")
    parser.add_argument("--sweep", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.sweep:
        write(arguments.sweep, reference(arguments.merges, 100_000), sweep_texts(), 100_000)
    else:
        write(FIXTURE, reference(arguments.merges, 77), golden_texts(), 77)
