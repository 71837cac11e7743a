"""Draw pages as a text PDF with embedded, subset TrueType fonts (ISO 32000-1 §9.7)."""

from io import BytesIO

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name

from samples.fonts import Face, find_font
from samples.pages import Style
from samples.raster import A4_MM

_PT_PER_MM = 72 / 25.4
_TO_UNICODE = """/CIDInit /ProcSet findresource begin 12 dict begin begincmap
/CMapName /Adobe-Identity-UCS def /CMapType 2 def
1 begincodespacerange <0000> <FFFF> endcodespacerange
{entries}
endcmap CMapName currentdict /CMap defineresource pop end end
"""
_CMAP_BLOCK = 100


class PdfSurface:
    """One A4 page of text; everything is kept until `as_pdf` knows which glyphs are needed."""

    def __init__(self) -> None:
        self._texts: list[tuple[float, float, str, Style]] = []
        self._rules: list[tuple[float, float, float, float]] = []

    def text(self, place: tuple[float, float], text: str, style: Style) -> None:
        if text:
            self._texts.append((*self._point(place), text, style))

    def rule(self, start: tuple[float, float], end: tuple[float, float], *, dotted: bool) -> None:
        del dotted  # Born-digital papers have no dotted rules to fill in.
        self._rules.append((*self._point(start), *self._point(end)))

    def as_pdf(self, *, title: str) -> bytes:
        """Return the page as a PDF file of one page."""
        pdf = pikepdf.new()
        page = pdf.add_blank_page(page_size=(A4_MM[0] * _PT_PER_MM, A4_MM[1] * _PT_PER_MM))
        faces: list[Face] = sorted({style.face for *_, style in self._texts})
        fonts = {face: _SubsetFont(face, self._letters(face)) for face in faces}
        resources = {f"/F{face}": font.embed(pdf) for face, font in fonts.items()}
        page.Resources = Dictionary(Font=Dictionary(resources))
        page.Contents = pdf.make_stream("\n".join(self._operators(fonts)).encode("ascii"))
        with pdf.open_metadata() as metadata:
            metadata["dc:title"] = title
        stream = BytesIO()
        pdf.save(stream, deterministic_id=True)
        return stream.getvalue()

    def _point(self, place: tuple[float, float]) -> tuple[float, float]:
        return place[0] * _PT_PER_MM, (A4_MM[1] - place[1]) * _PT_PER_MM

    def _letters(self, face: Face) -> str:
        return "".join(text for *_, text, style in self._texts if style.face == face)

    def _operators(self, fonts: "dict[Face, _SubsetFont]") -> list[str]:
        rules = [f"{x0:.2f} {y0:.2f} m {x1:.2f} {y1:.2f} l S" for x0, y0, x1, y1 in self._rules]
        texts = [
            f"/F{style.face} {style.size} Tf 1 0 0 1 {x:.2f} {y:.2f} Tm "
            f"<{fonts[style.face].encode(text)}> Tj"
            for x, y, text, style in self._texts
        ]
        return ["0.6 w", *rules, "BT", *texts, "ET"]


class _SubsetFont:
    """The glyphs of a face that a page needs, numbered as in the subset."""

    def __init__(self, face: Face, letters: str) -> None:
        font = TTFont(find_font(face), lazy=True)
        options = subset.Options(
            layout_features=[], name_IDs=[6], hinting=False, notdef_outline=True
        )
        options.drop_tables += ["FFTM"]
        cutter = subset.Subsetter(options)
        cutter.populate(text=letters + " ")
        cutter.subset(font)
        self._font = font
        self._glyphs = {code: font.getGlyphID(name) for code, name in font.getBestCmap().items()}

    def encode(self, text: str) -> str:
        """Return a text as the hexadecimal of its glyph numbers."""
        return "".join(f"{self._glyphs[ord(letter)]:04X}" for letter in text)

    def embed(self, pdf: pikepdf.Pdf) -> pikepdf.Object:
        """Add the font to a file and return it as a composite font (Identity-H)."""
        head, metrics = self._font["head"], self._font["hmtx"]
        scale = 1000 / head.unitsPerEm
        widths = [round(metrics[name][0] * scale) for name in self._font.getGlyphOrder()]
        name = Name("/AAAAAA+" + self._font["name"].getDebugName(6).replace(" ", ""))
        descriptor = pdf.make_indirect(self._descriptor(pdf, name, scale))
        descendant = Dictionary(
            Type=Name.Font,
            Subtype=Name.CIDFontType2,
            BaseFont=name,
            CIDSystemInfo=Dictionary(
                Registry=pikepdf.String("Adobe"), Ordering=pikepdf.String("Identity"), Supplement=0
            ),
            FontDescriptor=descriptor,
            W=Array([0, Array(widths)]),
            CIDToGIDMap=Name.Identity,
        )
        return pdf.make_indirect(
            Dictionary(
                Type=Name.Font,
                Subtype=Name.Type0,
                BaseFont=name,
                Encoding=Name("/Identity-H"),
                DescendantFonts=Array([pdf.make_indirect(descendant)]),
                ToUnicode=pdf.make_stream(self._to_unicode()),
            )
        )

    def _descriptor(self, pdf: pikepdf.Pdf, name: Name, scale: float) -> Dictionary:
        head, lines = self._font["head"], self._font["hhea"]
        box = [round(v * scale) for v in (head.xMin, head.yMin, head.xMax, head.yMax)]
        stream = BytesIO()
        self._font.save(stream)
        return Dictionary(
            Type=Name.FontDescriptor,
            FontName=name,
            Flags=4,
            FontBBox=Array(box),
            ItalicAngle=0,
            Ascent=round(lines.ascent * scale),
            Descent=round(lines.descent * scale),
            CapHeight=660,
            StemV=80,
            FontFile2=pdf.make_stream(stream.getvalue(), Length1=len(stream.getvalue())),
        )

    def _to_unicode(self) -> bytes:
        pairs = [f"<{glyph:04X}> <{code:04X}>" for code, glyph in sorted(self._glyphs.items())]
        blocks = [pairs[at : at + _CMAP_BLOCK] for at in range(0, len(pairs), _CMAP_BLOCK)]
        entries = "\n".join(
            f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks
        )
        return _TO_UNICODE.format(entries=entries).encode("ascii")
