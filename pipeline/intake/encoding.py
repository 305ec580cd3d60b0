"""Find out the encoding of a text file, and keep its wrong bytes findable.

A wrong byte does not stop the reading: it becomes a lone surrogate (``U+DC00`` + byte) that
:func:`wrong_byte` finds later, so that its row and column can be named.
"""

from __future__ import annotations

import codecs
import re
from pathlib import Path
from typing import NamedTuple

#: Name of the error handler that turns wrong bytes into lone surrogates.
KEEP_WRONG_BYTES = "disposisi-keep-wrong-bytes"

_BLOCK = 1 << 20
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_SURROGATE = re.compile("[\ud800-\udfff]")
_GOOD = re.compile("[^\x00-\x7f\ud800-\udfff]")

#: Bytes that no cp1252 text in Indonesian holds: undefined ones, þ and ÿ. Alone they speak for broken UTF-8.
_NOT_CP1252 = frozenset("\udc81\udc8d\udc8f\udc90\udc9d\udcfe\udcff")


def _keep(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return "".join(chr(0xDC00 + byte) for byte in wrong), error.end


codecs.register_error(KEEP_WRONG_BYTES, _keep)


class Encoding(NamedTuple):
    """A codec's name, the bytes of the mark at the file's start, and whether wrong bytes were seen."""

    codec: str
    mark: int
    has_wrong_bytes: bool

    @property
    def shown(self) -> str:
        """The name that people know."""
        return {"utf-8": "UTF-8", "cp1252": "Windows-1252"}.get(self.codec, "UTF-16")


def find_encoding(path: Path) -> Encoding:
    """Read the whole file once (in blocks) and tell its encoding.

    A mark at the start decides. Without one: UTF-8 if the bytes fit, or if more characters fit than bytes do
    not (UTF-8 with some wrong bytes); else Windows-1252, the encoding of older Windows programs in Indonesia.
    """
    with path.open("rb") as stream:
        start = stream.read(4096)
    for mark, codec in _BOMS:
        if start.startswith(mark):
            _, wrong = _count(path, codec, len(mark))
            return Encoding(codec, len(mark), bool(wrong))
    if codec16 := _utf16_without_mark(start):
        _, wrong = _count(path, codec16, 0)
        return Encoding(codec16, 0, bool(wrong))
    if _fits(path, "utf-8"):
        return Encoding("utf-8", 0, has_wrong_bytes=False)
    good, wrong = _count(path, "utf-8", 0)
    if good >= sum(wrong.values()) or wrong.keys() <= _NOT_CP1252:
        return Encoding("utf-8", 0, has_wrong_bytes=True)
    return Encoding("cp1252", 0, bool(wrong.keys() & _NOT_CP1252))


def wrong_byte(text: str) -> str | None:
    """Return the first wrong byte of a decoded text as ``0xNN``, ``None`` where all were right."""
    found = _SURROGATE.search(text)
    return None if found is None else f"0x{ord(found[0]) & 0xFF:02X}"


def _fits(path: Path, codec: str) -> bool:
    """Tell whether the whole file fits the codec (five times as fast as counting)."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _count(path: Path, codec: str, skip: int) -> tuple[int, dict[str, int]]:
    """Count the characters beyond ASCII that fit the codec, and each wrong byte."""
    decoder = codecs.getincrementaldecoder(codec)(errors=KEEP_WRONG_BYTES)
    good = 0
    wrong: dict[str, int] = {}
    with path.open("rb") as stream:
        stream.seek(skip)
        while True:
            block = stream.read(_BLOCK)
            text = decoder.decode(block, final=not block)
            if not text.isascii():
                good += len(_GOOD.findall(text))
                for char in _SURROGATE.findall(text):
                    wrong[char] = wrong.get(char, 0) + 1
            if not block:
                return good, wrong


def _utf16_without_mark(start: bytes) -> str | None:
    """Tell a UTF-16 file without a mark by its zero bytes: every second byte of Latin text is one."""
    half = len(start) // 2
    if half < 4:
        return None
    if start[1::2].count(0) > 0.7 * half and start[0::2].count(0) < 0.1 * half:
        return "utf-16-le"
    if start[0::2].count(0) > 0.7 * half and start[1::2].count(0) < 0.1 * half:
        return "utf-16-be"
    return None
