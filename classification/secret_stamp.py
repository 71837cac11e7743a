"""Secrecy stamps: MẬT, TỐI MẬT, TUYỆT MẬT as a stamp, not as words of a sentence.

Such papers are not digitized here (TT 01/2023/TT-VPCP Điều 4).
"""

import re
from collections.abc import Sequence

from classification.page_lines import PageLine

_STAMP = re.compile(r"^\W*(?:TUYỆT\s+|TỐI\s+)?MẬT\W*$")
_UPPER_PART = 0.4


def bears_secret_stamp(lines: Sequence[PageLine]) -> bool:
    """Say whether a short line of its own in the upper part of a page is a secrecy stamp.

    Args:
        lines: of one page. A stamp that the recogniser joined to its neighbour on the left or
            right is found by the gap between the words.
    """
    return any(
        _STAMP.match(part) for line in lines if line.y < _UPPER_PART for part in _parts(line)
    )


def _parts(line: PageLine) -> list[str]:
    """Return the line's text cut where words stand far apart."""
    parts = [line.words[0].text]
    for left, right in zip(line.words, line.words[1:], strict=False):
        height = max(left.box.y1 - left.box.y0, 1)
        if right.box.x0 - left.box.x1 > 1.5 * height:
            parts.append(right.text)
        else:
            parts[-1] += f" {right.text}"
    return parts
