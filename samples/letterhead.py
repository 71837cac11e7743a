"""What official papers have in common: head, number and date, block of signatures.

Places and type sizes after NĐ 30/2020/NĐ-CP, Phụ lục I.
"""

from dataclasses import dataclass

from samples.pages import Page, Seal, Signature, Style

LEFT_MIDDLE = 63.0
RIGHT_MIDDLE = 142.0
_NATION = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What stands above the text; `place_and_date` in full, as printed."""

    parent: str
    agency: tuple[str, ...]
    number: str
    place_and_date: str
    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Signer:
    """Who signs: lines in capitals, then the name; `seal` is the text round the seal."""

    capacity: tuple[str, ...]
    name: str
    seal: str = ""
    seal_lower: str = "TỈNH MẪU"


def letterhead(page: Page, head: Head) -> None:
    """Write the two columns at the top of an official paper."""
    top = page.y
    if head.parent:
        page.centred(head.parent, Style("regular", 12), middle=LEFT_MIDDLE)
    for line in head.agency:
        width = page.centred(line, Style("bold", 12), middle=LEFT_MIDDLE)
    page.underline(width * 0.4, middle=LEFT_MIDDLE)
    below = page.y
    page.y = top
    _nation(page, RIGHT_MIDDLE)
    page.y = max(page.y, below) + 1.5
    _number_and_date(page, head)
    for line in head.about:
        page.centred(line, Style("regular", 12), middle=LEFT_MIDDLE)
    page.skip(4)


def _number_and_date(page: Page, head: Head) -> None:
    row = page.y
    if head.number:
        page.centred(f"Số: {head.number}", Style("regular", 13), middle=LEFT_MIDDLE)
        page.y = row
    page.centred(head.place_and_date, Style("italic", 13), middle=RIGHT_MIDDLE)


def nation_only(page: Page) -> None:
    """Write the name of the state and its motto across the page, as forms and certificates do."""
    _nation(page, (page.left + page.right) / 2)
    page.skip(4)


def _nation(page: Page, middle: float) -> None:
    page.centred(_NATION, Style("bold", 12), middle=middle)
    width = page.centred(_MOTTO, Style("bold", 13), middle=middle)
    page.underline(width, middle=middle)


def title(page: Page, *lines: str, size: float = 14) -> None:
    """Write the name of the paper, then what it is about."""
    for line in lines:
        page.centred(line, Style("bold", size))
    page.skip(3)


def recipients(page: Page, *names: str) -> None:
    """Write "Nơi nhận" at the left without moving the cursor."""
    top = page.y
    page.write((page.left, page.y + 4), "Nơi nhận:", Style("bold_italic", 12))
    for number, name in enumerate(names):
        page.write((page.left, page.y + 9 + number * 4.8), name, Style("regular", 11))
    page.y = top


def sign(page: Page, signer: Signer, *, middle: float = RIGHT_MIDDLE) -> None:
    """Write capacity and name, with signature and seal between them."""
    for line in signer.capacity:
        page.centred(line, Style("bold", 13), middle=middle)
    page.marks.append(Signature(place=(middle - 16, page.y + 6)))
    if signer.seal:
        place = (middle - 20, page.y + 16)
        page.marks.append(Seal(place=place, upper=signer.seal, lower=signer.seal_lower))
    page.skip(31)
    page.centred(signer.name, Style("bold", 13), middle=middle)


def sign_by_hand(page: Page, role: str, name: str, *, middle: float = RIGHT_MIDDLE) -> None:
    """Write the block of a citizen: role, hint, signature, name."""
    page.centred(role, Style("bold", 13), middle=middle)
    page.centred("(Ký, ghi rõ họ tên)", Style("italic", 12), middle=middle)
    page.marks.append(Signature(place=(middle - 15, page.y + 1), width=30))
    page.skip(18)
    page.centred(name, Style("regular", 13), middle=middle)


def page_number(page: Page, number: int) -> None:
    """Write the number of a following page: top, centred."""
    page.y = 14
    page.centred(str(number), Style("regular", 13))
    page.y = 24
