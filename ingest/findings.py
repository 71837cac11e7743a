"""What looking at a page can find, in words that say what to do next."""

from documents.errors import Reason
from documents.model import Box, Finding


def low_resolution(dpi: float, box: Box) -> Finding:
    """Return that a page has fewer px to the inch than the rules demand."""
    reason = Reason(
        code="low_resolution",
        vi=f"Độ phân giải khoảng {dpi:.0f} dpi, thấp hơn 200 dpi theo quy định. "
        "Quét lại nếu còn giấy, hoặc ghi lý do rồi xác nhận.",
        en=f"The resolution is about {dpi:.0f} dpi, below the 200 dpi that the rules demand. "
        "Scan again if the paper is there, or confirm with a reason.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(dpi, 1))


def small_print(height: float, box: Box) -> Finding:
    """Return that letters have too few px to be told apart, whatever the resolution says."""
    reason = Reason(
        code="small_print",
        vi=f"Chữ chỉ cao khoảng {height:.0f} điểm ảnh, khó đọc đúng dấu. "
        "Quét lại ở 300 dpi trở lên.",
        en=f"The letters are only about {height:.0f} px high, too few to tell their marks. "
        "Scan again at 300 dpi or more.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(height, 1))


def blank_page(box: Box) -> Finding:
    """Return that nothing is printed on a page."""
    reason = Reason(
        code="blank_page",
        vi="Trang trắng. Kiểm tra có phải mặt sau không in hay đặt ngược mặt giấy.",
        en="The page is blank. Check whether it is an empty back or the sheet lay face down.",
    )
    return Finding(reason=reason, severity="note", box=box)


def blurred(width: float, box: Box) -> Finding:
    """Return that letters have soft edges."""
    reason = Reason(
        code="blurred",
        vi="Ảnh bị mờ, nét chữ nhòe. Lau mặt kính, giữ phẳng giấy rồi quét lại.",
        en="The image is blurred. Clean the glass, keep the paper flat and scan again.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(width, 2))


def skewed(degrees: float, box: Box) -> Finding:
    """Return that lines of print fall or rise by more than is allowed."""
    reason = Reason(
        code="skewed",
        vi=f"Trang lệch {abs(degrees):.1f} độ (cho phép 1 độ). Chỉnh thanh dẫn giấy rồi quét lại.",
        en=f"The page is askew by {abs(degrees):.1f}° (1° is allowed). "
        "Adjust the paper guides and scan again.",
    )
    return Finding(reason=reason, severity="note", box=box, value=round(degrees, 2))


def skew_beyond_repair(degrees: float, box: Box) -> Finding:
    """Return that a page lies so much askew that it is not levelled for reading."""
    reason = Reason(
        code="skew_beyond_repair",
        vi=f"Trang lệch {abs(degrees):.0f} độ, không thể chỉnh thẳng để đọc. "
        "Đặt giấy thẳng rồi quét lại.",
        en=f"The page is askew by {abs(degrees):.0f}°, too much to be levelled for reading. "
        "Lay the paper straight and scan again.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(degrees, 2))


def cut_edge(box: Box) -> Finding:
    """Return that an edge of the image runs through print."""
    reason = Reason(
        code="cut_edge",
        vi="Chữ bị cắt ở mép trang. Đặt lại giấy cho trọn khổ rồi quét lại.",
        en="Print is cut off at an edge. Place the whole sheet inside the area and scan again.",
    )
    return Finding(reason=reason, severity="warning", box=box)


def folded_corner(box: Box) -> Finding:
    """Return that a corner of the paper is folded away."""
    reason = Reason(
        code="folded_corner",
        vi="Góc giấy bị gấp. Vuốt phẳng góc giấy rồi quét lại.",
        en="A corner of the paper is folded. Smooth it out and scan again.",
    )
    return Finding(reason=reason, severity="warning", box=box)


def double_feed(box: Box) -> Finding:
    """Return that the edge of a second sheet lies across the page."""
    reason = Reason(
        code="double_feed",
        vi="Có mép tờ giấy khác đè lên trang này. Tách hai tờ, quét lại từng tờ.",
        en="The edge of another sheet lies over this page. Part the two and scan each again.",
    )
    return Finding(reason=reason, severity="warning", box=box)


def copied_seal(strength: float, box: Box) -> Finding:
    """Return that a seal is printed with dots, as colour copies are."""
    reason = Reason(
        code="copied_seal",
        vi="Con dấu có hạt in, có thể là bản chụp màu. Đề nghị đưa bản có dấu đóng trực tiếp, "
        "hoặc ghi rõ là bản sao.",
        en="The seal shows printing dots; the paper may be a colour copy. Ask for the one that was "
        "stamped, or note that it is a copy.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(strength, 1))


def under_exposed(paper: float, box: Box) -> Finding:
    """Return that the paper came out grey."""
    reason = Reason(
        code="under_exposed",
        vi="Ảnh quá tối, nền giấy xám. Tăng độ sáng của máy quét rồi quét lại.",
        en="The image is too dark, the paper is grey. Raise the scanner's brightness and repeat.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(paper, 1))


def over_exposed(contrast: float, box: Box) -> Finding:
    """Return that print hardly differs from the paper."""
    reason = Reason(
        code="over_exposed",
        vi="Chữ quá nhạt so với nền giấy. Giảm độ sáng của máy quét rồi quét lại.",
        en="The print is too faint on the paper. Lower the scanner's brightness and repeat.",
    )
    return Finding(reason=reason, severity="warning", box=box, value=round(contrast, 1))


def odd_size(width_mm: float, height_mm: float, box: Box) -> Finding:
    """Return that a page has the size of no usual paper."""
    reason = Reason(
        code="odd_size",
        vi=f"Khổ trang {width_mm:.0f} × {height_mm:.0f} mm không phải khổ giấy thông thường. "
        "Kiểm tra trang có bị cắt hoặc quét thiếu không.",
        en=f"The page measures {width_mm:.0f} × {height_mm:.0f} mm, no usual paper. "
        "Check that nothing was cut off.",
    )
    return Finding(reason=reason, severity="note", box=box)


def several_papers(parts: tuple[Box, ...], cut: Box) -> Finding:
    """Return that an image seems to show several papers, with the parts it can be cut into."""
    count = len(parts)
    reason = Reason(
        code="several_papers",
        vi=f"Ảnh này có vẻ chụp {count} giấy trên một tờ. Xem khung trên ảnh: nếu đúng thì cắt "
        f"thành {count} trang, nếu là một giấy thì giữ nguyên.",
        en=f"This image seems to show {count} papers at once. See the frames on it: cut it into "
        f"{count} pages if that is right, leave it if it is one paper.",
    )
    return Finding(reason=reason, severity="warning", box=cut, value=float(count), parts=parts)
