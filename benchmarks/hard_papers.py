"""Lays out papers that are hard to read, as HTML, with what is printed there in reading order.

Where something is written by hand, the paper has a box of a colour of its own for it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import escape

from benchmarks.invented_text import Writer

_FULL_PAGE = 3_000
_HALF_PAGE = 1_700
_MOST_IN_COLUMNS = 3_100
_MARK = "background:rgb({},{},{});-webkit-print-color-adjust:exact"
_COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"


def colour_of_box(place: int) -> tuple[int, int, int]:
    """Return the colour, which nothing else on paper has, of the box at a place of `written`."""
    return 255, 10 * place, 128


@dataclass(slots=True)
class Paper:
    """A page that is being laid out; `written` is what stands in each box for handwriting."""

    writer: Writer
    html: list[str] = field(default_factory=list)
    truth: list[str] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def put(self, html: str, *truth: str) -> None:
        """Add a piece of layout and what it says."""
        self.html.append(html)
        self.truth += truth

    def paragraphs(self, characters: int) -> None:
        """Add running text."""
        for text in self.writer.paragraphs(characters):
            self.put(f"<p>{escape(text)}</p>", text)

    def title(self, text: str) -> None:
        """Add a heading."""
        self.put(f"<h1>{escape(text)}</h1>", text)

    def hand(self, text: str) -> str:
        """Return the box in which a text is written by hand."""
        colour = colour_of_box(len(self.written))
        self.written.append(text)
        width = max(1.6, 0.72 * len(text))
        style = f"display:inline-block;height:1.15em;width:{width:.2f}em;vertical-align:-0.2em"
        return f'<span style="{style};{_MARK.format(*colour)}"></span>'


def draw_letterhead(paper: Paper) -> None:
    """Add the two columns at the head of official papers; number and day written by hand."""
    writer = paper.writer
    place, number, day = writer.place(), str(writer.whole(2, 999)), str(writer.whole(1, 28))
    month, year = str(writer.whole(1, 12)), writer.whole(2015, 2026)
    agency = [writer.pick("ỦY BAN NHÂN DÂN", "HỘI ĐỒNG NHÂN DÂN"), f"XÃ {place.upper()}"]
    kind = writer.pick("QĐ-UBND", "TB-UBND", "BC-UBND", "TTr-UBND")
    left = (
        f"{agency[0]}<br><b>{agency[1]}</b><br><br>Số: {paper.hand(number)}/{kind}",
        *agency,
        f"Số: {number}/{kind}",
    )
    when = f"{place}, ngày {paper.hand(day)} tháng {paper.hand(month)} năm {year}"
    right = (
        f"<b>{_COUNTRY}</b><br><b>{_MOTTO}</b><br><br><i>{when}</i>",
        _COUNTRY,
        _MOTTO,
        f"{place}, ngày {day} tháng {month} năm {year}",
    )
    html = f"<div class=sides><div>{left[0]}</div><div class=wide>{right[0]}</div></div>"
    paper.put(html, *left[1:], *right[1:])


def draw_signatures(paper: Paper) -> None:
    """Add receivers at the left, office and name of who signs at the right."""
    writer = paper.writer
    receivers = ["Nơi nhận:", "- Như Điều 3;", f"- UBND xã {writer.place()};", "- Lưu: VT, NV."]
    name = writer.name()
    office = ["TM. ỦY BAN NHÂN DÂN", writer.pick("CHỦ TỊCH", "KT. CHỦ TỊCH"), "PHÓ CHỦ TỊCH"]
    left = "<br>".join((f"<b><i>{receivers[0]}</i></b>", *receivers[1:]))
    right = f"<b>{'<br>'.join(office)}<br><br><br><br>{name}</b>"
    html = f"<div class=sides><div class=small>{left}</div><div>{right}</div></div>"
    paper.put(html, *receivers, *office, name)


def _table(paper: Paper, *, is_ruled: bool) -> None:
    writer = paper.writer
    paper.title(f"DANH SÁCH HỘ GIA ĐÌNH {writer.place().upper()}")
    paper.paragraphs(420)
    head = ["STT", "Họ và tên", "Năm sinh", "Nơi ở", "Số tiền (đồng)", "Ghi chú"]
    rows = [
        [
            str(number),
            writer.name(),
            str(writer.whole(1940, 2006)),
            f"Thôn {writer.place()}",
            writer.money(),
            writer.pick("Đã nhận", "Chưa nhận", "Nhận thay", "Vắng mặt"),
        ]
        for number in range(1, writer.whole(22, 27))
    ]
    cells = "".join(
        "<tr>" + "".join(f"<td>{escape(cell)}</td>" for cell in row) + "</tr>" for row in rows
    )
    heads = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    html = f"<table class={'ruled' if is_ruled else 'plain'}><tr>{heads}</tr>{cells}</table>"
    paper.put(html, *(" ".join(row) for row in [head, *rows]))
    paper.paragraphs(600)


def _ruled_table(paper: Paper) -> None:
    _table(paper, is_ruled=True)


def _plain_table(paper: Paper) -> None:
    _table(paper, is_ruled=False)


def _signed(paper: Paper) -> None:
    draw_letterhead(paper)
    paper.title(f"QUYẾT ĐỊNH Về việc {paper.writer.topic()}")
    paper.paragraphs(_HALF_PAGE)
    draw_signatures(paper)


def _form(paper: Paper) -> None:
    writer = paper.writer
    paper.title("TỜ KHAI ĐĂNG KÝ")
    paper.paragraphs(300)
    fields = (
        ("Họ, chữ đệm, tên người yêu cầu:", writer.name()),
        ("Ngày, tháng, năm sinh:", f"{writer.whole(1, 28)}/{writer.whole(1, 12)}/1986"),
        ("Số định danh cá nhân:", f"0991{writer.whole(10_000_000, 99_999_999)}"),
        ("Nơi cư trú: Thôn", writer.place()),
        ("Số điện thoại liên hệ:", f"0912{writer.whole(100_000, 999_999)}"),
        ("Diện tích sử dụng (m2):", str(writer.whole(40, 900))),
        ("Tờ bản đồ số:", str(writer.whole(2, 60))),
        ("Thửa đất số:", str(writer.whole(2, 400))),
        ("Số người trong hộ:", str(writer.whole(1, 9))),
        ("Số tiền đề nghị vay (đồng):", writer.money()),
        ("Người làm chứng:", writer.name()),
        ("Số biên lai:", f"{writer.whole(1000, 99_999)}"),
    )
    for label, value in fields:
        paper.put(f"<p class=line>{escape(label)} {paper.hand(value)}</p>", f"{label} {value}")
    paper.paragraphs(1_300)


def _running(paper: Paper) -> None:
    draw_letterhead(paper)
    paper.paragraphs(_FULL_PAGE)


def _two_columns(paper: Paper) -> None:
    paper.title(f"BẢN TIN XÃ {paper.writer.place().upper()}")
    paragraphs = paper.writer.paragraphs(_MOST_IN_COLUMNS)
    inner = "".join(f"<p>{escape(text)}</p>" for text in paragraphs)
    paper.put(f"<div class=columns>{inner}</div>", *paragraphs)


KINDS: dict[str, Callable[[Paper], None]] = {
    "tables with rules": _ruled_table,
    "tables without rules": _plain_table,
    "letterhead and signatures": _signed,
    "forms filled by hand": _form,
    "faded copies": _running,
    "show-through": _running,
    "stamps over text": _signed,
    "two columns": _two_columns,
    "150 dpi": _running,
}
STYLE = """
    @page { size: A4; margin: 18mm 18mm 15mm 25mm }
    body { margin: 0 }
    section { break-after: page; line-height: 1.3 }
    p { margin: 0 0 4pt; text-indent: 8mm; text-align: justify }
    p.line { text-indent: 0; margin: 0 0 7pt; text-align: left }
    h1 { font-size: 1.1em; text-align: center; margin: 6pt 0 8pt }
    .sides { display: flex; justify-content: space-between; text-align: center; margin: 0 0 10pt }
    .wide { white-space: nowrap; font-size: 0.94em; padding-left: 8mm }
    .small { font-size: 0.85em; text-align: left }
    .columns { column-count: 2; column-gap: 9mm }
    table { border-collapse: collapse; width: 100%; font-size: 0.88em; margin: 0 0 8pt }
    td, th { padding: 2pt 4pt; text-align: left; white-space: nowrap }
    table.ruled td, table.ruled th { border: 0.6pt solid black }
"""


def lay_out(kind: str, writer: Writer) -> Paper:
    """Return a paper of a kind."""
    paper = Paper(writer)
    KINDS[kind](paper)
    return paper


def to_html(papers: Sequence[tuple[Paper, str]]) -> str:
    """Return one document with a page for each paper, set in the font that stands beside it."""
    sections = (
        f'<section style="font:{font}">{"".join(paper.html)}</section>' for paper, font in papers
    )
    return f"<!doctype html><meta charset=utf-8><style>{STYLE}</style>{''.join(sections)}"
