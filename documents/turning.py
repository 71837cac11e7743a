"""Places on a page, as its pixels are stored and as it stands upright."""

from documents.model import Box, PageImage, Turn


def turned_box(box: Box, *, width: int, height: int, turn: Turn) -> Box:
    """Return where a box lies after its page was turned clockwise.

    Args:
        box: in px of the page before.
        width: px of the page before.
        height: px of the page before.
        turn: degrees.
    """
    match turn:
        case 90:
            return Box(height - box.y1, box.x0, height - box.y0, box.x1)
        case 180:
            return Box(width - box.x1, height - box.y1, width - box.x0, height - box.y0)
        case 270:
            return Box(box.y0, width - box.x1, box.y1, width - box.x0)
        case _:
            return box


def stored_box(box: Box, image: PageImage) -> Box:
    """Return where a box of the upright page lies in the page as stored, before its turn."""
    width, height = image.width, image.height
    if image.turn in (90, 270):
        width, height = height, width
    back: Turn = {0: 0, 90: 270, 180: 180, 270: 90}[image.turn]  # type: ignore[assignment]
    return turned_box(box, width=width, height=height, turn=back)
