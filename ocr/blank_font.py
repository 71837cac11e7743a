"""A font that draws nothing but gives each character its place and its meaning.

ISO 19005-2 §6.2.11 wants every font embedded, and level U a ToUnicode entry for every character:
one `bfchar` each, since a range may only run over its last byte (§6.2.11.7.2).
"""

import io
from collections.abc import Mapping, Sequence

import pikepdf
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from pikepdf import Array, Dictionary, Name, Stream

ADVANCE = 200
"""Width of every character, in thousandths of the type size; words are stretched to their boxes.

Much narrower than type: PDFium puts what is shown within half of it above or below in order from
left to right, and pdf.js gives a lone character its own width unless it is stretched by half.
Narrower still, PDFium takes the second of two equal letters for the shadow of the first.
"""
ASCENT, DESCENT = 880, 260
"""How far every character reaches above and below the base line, likewise.

PDFium marks found text from one to the other; pdf.js by the browser's own sans serif, which
reaches from 0.87 (Arial) or 0.88 (DejaVu Sans) above to 0.25 or 0.29 below.
"""

_UNITS = 1000
_FIXED_MOMENT = 3786912000  # 2024-01-01 in seconds since 1904: the same bytes on every run
_CHARACTERS_IN_A_BLOCK = 100


def add_blank_font(pdf: pikepdf.Pdf, characters: Sequence[str]) -> pikepdf.Object:
    """Embed the font; the n-th character (from 0) has the code n + 1, two bytes."""
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name.SoHoaBlank,
        Flags=4,
        FontBBox=Array([0, -DESCENT, ADVANCE, ASCENT]),
        ItalicAngle=0,
        Ascent=ASCENT,
        Descent=-DESCENT,
        CapHeight=ASCENT,
        StemV=80,
        FontFile2=pdf.make_indirect(Stream(pdf, _true_type())),
    )
    to_glyph = b"\x00\x00" + b"\x00\x01" * len(characters)
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name.SoHoaBlank,
        CIDSystemInfo=Dictionary(Registry=b"Adobe", Ordering=b"Identity", Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        DW=ADVANCE,
        CIDToGIDMap=pdf.make_indirect(Stream(pdf, to_glyph)),
    )
    return pdf.make_indirect(
        Dictionary(
            Type=Name.Font,
            Subtype=Name.Type0,
            BaseFont=Name.SoHoaBlank,
            Encoding=Name("/Identity-H"),
            DescendantFonts=Array([pdf.make_indirect(descendant)]),
            ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(characters))),
        )
    )


def codes_of(characters: Sequence[str]) -> Mapping[str, str]:
    """Return the code of each character, as four hexadecimal digits."""
    return {character: f"{code:04x}" for code, character in enumerate(characters, start=1)}


def _true_type() -> bytes:
    """One glyph: a contour of no area that spans the em box.

    With an empty glyph viewers find the text but their highlights have no height.
    """
    pen = TTGlyphPen(None)
    pen.moveTo((0, -DESCENT))
    pen.lineTo((ADVANCE, ASCENT))
    pen.lineTo((ADVANCE // 2, (ASCENT - DESCENT) // 2))
    pen.closePath()
    builder = FontBuilder(_UNITS, isTTF=True)
    builder.setupGlyphOrder([".notdef", "blank"])
    builder.setupCharacterMap({32: "blank"})
    builder.setupGlyf({".notdef": TTGlyphPen(None).glyph(), "blank": pen.glyph()})
    builder.setupHorizontalMetrics({".notdef": (ADVANCE, 0), "blank": (ADVANCE, 0)})
    builder.setupHorizontalHeader(ascent=ASCENT, descent=-DESCENT)
    builder.setupNameTable(
        {"familyName": "SoHoaBlank", "styleName": "Regular", "psName": "SoHoaBlank"}
    )
    builder.setupOS2()
    builder.setupPost()
    builder.font["head"].created = builder.font["head"].modified = _FIXED_MOMENT
    builder.font.recalcTimestamp = False
    content = io.BytesIO()
    builder.save(content)
    return content.getvalue()


def _to_unicode(characters: Sequence[str]) -> bytes:
    lines = [
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap",
        "/CMapName /SoHoaBlank def /CMapType 2 def",
        "1 begincodespacerange <0000> <FFFF> endcodespacerange",
    ]
    entries = [
        f"<{code}> <{character.encode('utf-16-be').hex()}>"
        for character, code in codes_of(characters).items()
    ]
    for start in range(0, len(entries), _CHARACTERS_IN_A_BLOCK):
        block = entries[start : start + _CHARACTERS_IN_A_BLOCK]
        lines += [f"{len(block)} beginbfchar", *block, "endbfchar"]
    lines.append("endcmap CMapName currentdict /CMap defineresource pop end end")
    return "\n".join(lines).encode()
