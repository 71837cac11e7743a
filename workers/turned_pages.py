"""Pages that lay on the glass the wrong way round, which reading found out."""

from database.pages import PageRow
from documents.errors import Reason
from documents.model import Finding, Turn

UPSIDE_DOWN, ON_ITS_SIDE = "upside_down", "on_its_side"
_HALF = 180
_CODES = (UPSIDE_DOWN, ON_ITS_SIDE)


def about_turn(page: PageRow, *, found: Turn) -> tuple[Finding, ...]:
    """Return the findings of a page with what reading says of its turn, in place of earlier word.

    Args:
        page: as it was looked at.
        found: the turn with which it was read.
    """
    kept = tuple(one for one in page.findings if one.reason.code not in _CODES)
    turn = (found - page.image.turn) % 360
    if turn == 0:
        return kept
    return (*kept, Finding(reason=_UPSIDE_DOWN if turn == _HALF else _SIDEWAYS, severity="note"))


_UPSIDE_DOWN = Reason(
    code=UPSIDE_DOWN,
    vi="Trang quét ngược đầu; đã tự xoay lại. Không cần quét lại.",
    en="The page lay upside down; it was turned by itself. No need to scan it again.",
)
_SIDEWAYS = Reason(
    code=ON_ITS_SIDE,
    vi="Trang quét nằm ngang; đã tự xoay lại. Không cần quét lại.",
    en="The page lay on its side; it was turned by itself. No need to scan it again.",
)
