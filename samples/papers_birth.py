"""The papers of the first dossier: the registration of a birth."""

from samples.fonts import Face
from samples.letterhead import (
    LEFT_MIDDLE,
    RIGHT_MIDDLE,
    Head,
    Signer,
    letterhead,
    nation_only,
    sign,
    sign_by_hand,
    title,
)
from samples.pages import BLUE_INK, Frame, Page, QrCode, Stamp, Style
from samples.people import (
    CENTRE_LINES,
    CHAIR,
    CHILD,
    CLERK,
    DEPUTY,
    FATHER,
    MOTHER,
    WARD_COMMITTEE,
    WARD_SEAL,
    Person,
)

DOSSIER = "H99.12.03-260316-0007"
PROCEDURE = "1.001193"


def acceptance_slip(page: Page) -> None:
    """Mẫu số 01 of Thông tư 03/2025: what was handed in, and when to come back."""
    code = f"{DOSSIER}|{PROCEDURE}|{FATHER.id}|Giấy tiếp nhận hồ sơ và hẹn trả kết quả"
    page.marks.append(QrCode(place=(14, 6), content=code, size=17))
    page.y = 24
    head = Head(
        parent=WARD_COMMITTEE,
        agency=CENTRE_LINES,
        number="07/TTPVHCC",
        place_and_date="Thí Nghiệm, ngày 16 tháng 3 năm 2026",
    )
    letterhead(page, head)
    title(page, "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ")
    page.flow(f"Mã hồ sơ: **{DOSSIER}**", indent=0)
    for line in (
        "Trung tâm Phục vụ hành chính công phường Thí Nghiệm",
        f"Tiếp nhận hồ sơ của: **{FATHER.name}**",
        f"Số định danh cá nhân: {FATHER.id}",
        f"Địa chỉ: {FATHER.address}",
        "Số điện thoại: 0000 123 456. Email: thu@vidu.example",
        "Nội dung yêu cầu giải quyết: Đăng ký khai sinh",
        "Thành phần hồ sơ nộp gồm:",
        "1. Tờ khai đăng ký khai sinh (01 bản chính)",
        "2. Giấy chứng sinh (01 bản chính)",
        "3. Giấy chứng nhận kết hôn của cha, mẹ (xuất trình bản chính)",
        "Số lượng hồ sơ: 01 (bộ)",
        "Thời gian giải quyết hồ sơ theo quy định là: 01 ngày làm việc",
        "Thời gian nhận hồ sơ: 08 giờ 35 phút, ngày 16 tháng 3 năm 2026",
        "Thời gian trả kết quả giải quyết hồ sơ: 16 giờ 00 phút, ngày 17 tháng 3 năm 2026",
        "Đăng ký nhận kết quả tại: Trung tâm Phục vụ hành chính công phường Thí Nghiệm",
        "Vào Sổ theo dõi hồ sơ, Quyển số 01, Số thứ tự 07.",
    ):
        page.flow(line, indent=0, align="left")
    page.skip(4)
    top = page.y
    sign_by_hand(page, "NGƯỜI NỘP HỒ SƠ", FATHER.name, middle=LEFT_MIDDLE)
    page.y = top
    sign_by_hand(page, "NGƯỜI TIẾP NHẬN HỒ SƠ", CLERK)


def birth_declaration(page: Page) -> None:
    """The declaration, filled in by hand."""
    nation_only(page)
    title(page, "TỜ KHAI ĐĂNG KÝ KHAI SINH")
    page.flow("Kính gửi: {Ủy ban nhân dân phường Thí Nghiệm, tỉnh Mẫu}", indent=22)
    page.fields(("Họ, chữ đệm, tên người yêu cầu:", FATHER.name))
    page.fields(("Số định danh cá nhân:", FATHER.id))
    page.fields(("Nơi cư trú:", FATHER.address))
    page.fields(("Quan hệ với người được khai sinh:", "Cha"))
    page.flow("**Đề nghị cơ quan đăng ký khai sinh cho người dưới đây:**", indent=0)
    page.fields(("Họ, chữ đệm, tên:", CHILD.capitals))
    page.fields(("Ngày, tháng, năm sinh:", CHILD.born_on), ("Giới tính:", "Nữ"), at=(130,))
    page.fields(("Ghi bằng chữ:", "Ngày mười tháng ba năm hai nghìn không trăm hai mươi sáu"))
    page.fields(("Nơi sinh:", "Bệnh viện Đa khoa Thí Nghiệm, tỉnh Mẫu"))
    page.fields(("Dân tộc:", "Kinh"), ("Quốc tịch:", "Việt Nam"), at=(110,))
    page.fields(("Quê quán:", "phường Thí Nghiệm, tỉnh Mẫu"))
    for role, person in (("mẹ", MOTHER), ("cha", FATHER)):
        page.fields((f"Họ, chữ đệm, tên người {role}:", person.capitals))
        page.fields(
            ("Ngày sinh:", person.born_on),
            ("Dân tộc:", "Kinh"),
            ("Quốc tịch:", "Việt Nam"),
            at=(92, 130),
        )
        page.fields(("Số định danh cá nhân:", person.id))
    page.flow(
        "Tôi cam đoan nội dung đề nghị đăng ký khai sinh trên đây là đúng sự thật, được sự thỏa "
        "thuận nhất trí của các bên liên quan theo quy định pháp luật. Tôi chịu hoàn toàn trách "
        "nhiệm trước pháp luật về nội dung cam đoan của mình."
    )
    page.flow("Làm tại: {phường Thí Nghiệm}, ngày {16} tháng {3} năm {2026}", indent=38)
    sign_by_hand(page, "Người yêu cầu", FATHER.name)


def hospital_certificate(page: Page) -> None:
    """The hospital's certificate of birth."""
    head = Head(
        parent="SỞ Y TẾ TỈNH MẪU",
        agency=("BỆNH VIỆN ĐA KHOA", "THÍ NGHIỆM"),
        number="0123/GCS",
        place_and_date="Thí Nghiệm, ngày 12 tháng 3 năm 2026",
    )
    letterhead(page, head)
    title(page, "GIẤY CHỨNG SINH", size=16)
    printed: Face = "regular"
    page.fields(("Họ và tên mẹ (hoặc người nuôi dưỡng):", MOTHER.capitals), face="bold")
    page.fields(("Năm sinh:", "1995"), ("Dân tộc:", "Kinh"), at=(110,), face=printed)
    page.fields(("Số định danh cá nhân:", MOTHER.id), face=printed)
    page.fields(("Nơi cư trú:", MOTHER.address), face=printed)
    page.flow("Đã sinh con vào lúc: 09 giờ 15 phút, ngày 10 tháng 3 năm 2026", indent=0)
    page.fields(("Tại:", "Bệnh viện Đa khoa Thí Nghiệm, tỉnh Mẫu"), face=printed)
    page.fields(("Số lần sinh:", "01"), ("Số con hiện sống:", "01"), at=(110,), face=printed)
    page.fields(("Số con trong lần sinh này:", "01"), face=printed)
    page.fields(("Giới tính của con:", "Nữ"), ("Cân nặng:", "3200 gam"), at=(110,), face=printed)
    page.fields(("Tình trạng con:", "Khỏe mạnh"), face=printed)
    page.fields(("Dự kiến đặt tên con là:", CHILD.capitals), face="bold")
    page.fields(("Người đỡ đẻ:", "Nữ hộ sinh Lý Thị Mẫu Đơn"), face=printed)
    page.flow(
        "__Ghi chú: Tên dự kiến của con có thể thay đổi khi đăng ký khai sinh. Giấy này được lập "
        "thành hai bản, một bản giao cho gia đình làm thủ tục đăng ký khai sinh.__",
        indent=0,
    )
    page.skip(6)
    top = page.y
    sign_by_hand(page, "Người đỡ đẻ", "Lý Thị Mẫu Đơn", middle=LEFT_MIDDLE)
    page.y = top
    signer = Signer(
        capacity=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        name="Ngô Văn Thí Điểm",
        seal="BỆNH VIỆN ĐA KHOA THÍ NGHIỆM",
        seal_lower="SỞ Y TẾ TỈNH MẪU",
    )
    sign(page, signer)


def marriage_certificate(page: Page) -> None:
    """The parents' certificate of marriage, in two columns."""
    page.marks.append(Frame(colour=(206, 120, 120)))
    page.y = 28
    nation_only(page)
    title(page, "GIẤY CHỨNG NHẬN KẾT HÔN", size=20)
    page.centred("Số: 21/2022", Style("regular", 13))
    page.skip(6)
    top, whole = page.y, (page.left, page.right)
    for sides, role, person in (((30, 108), "vợ", MOTHER), ((114, 190), "chồng", FATHER)):
        page.y, (page.left, page.right) = top, sides
        _spouse(page, role, person)
    page.left, page.right = whole
    page.skip(5)
    page.flow("Nơi đăng ký kết hôn: **Ủy ban nhân dân phường Thí Nghiệm, tỉnh Mẫu**", indent=0)
    page.flow("Ngày, tháng, năm đăng ký: 14 tháng 02 năm 2022", indent=0)
    page.flow(
        "Giấy chứng nhận kết hôn này có giá trị kể từ ngày đăng ký. Quan hệ hôn nhân giữa vợ và "
        "chồng được pháp luật bảo hộ."
    )
    page.skip(4)
    top = page.y
    for role, person, middle in (("Vợ", MOTHER, 48.0), ("Chồng", FATHER, 92.0)):
        page.y = top
        sign_by_hand(page, role, person.name, middle=middle)
    page.y = top
    sign(
        page,
        Signer(capacity=("NGƯỜI KÝ GIẤY", "CHỨNG NHẬN KẾT HÔN"), name=CHAIR, seal=WARD_SEAL),
        middle=152,
    )


def _spouse(page: Page, role: str, person: Person) -> None:
    page.flow(f"Họ, chữ đệm, tên {role}:", indent=0)
    page.flow(f"**{person.capitals}**", indent=0)
    page.flow(f"Ngày, tháng, năm sinh: {person.born_on}", indent=0)
    page.flow("Dân tộc: Kinh. Quốc tịch: Việt Nam", indent=0)
    page.flow(f"Nơi cư trú: {person.address}", indent=0, align="left")
    page.flow(f"Số định danh cá nhân: {person.id}", indent=0, align="left")


def birth_certificate(page: Page) -> None:
    """The certificate of birth, with its patterned frame."""
    page.marks.append(Frame(colour=(120, 150, 120)))
    page.left, page.right, page.y = 26, 186, 26
    head = Head(
        parent="TỈNH MẪU",
        agency=(WARD_COMMITTEE,),
        number="15/2026",
        place_and_date="",
    )
    letterhead(page, head)
    title(page, "GIẤY KHAI SINH", size=24)
    page.fields(("Họ, chữ đệm, tên:", CHILD.capitals), face="bold")
    page.fields(("Ngày, tháng, năm sinh:", CHILD.born_on), face="regular")
    page.fields(
        ("Ghi bằng chữ:", "Ngày mười tháng ba năm hai nghìn không trăm hai mươi sáu"),
        face="italic",
    )
    page.fields(
        ("Giới tính:", "Nữ"),
        ("Dân tộc:", "Kinh"),
        ("Quốc tịch:", "Việt Nam"),
        at=(80, 125),
        face="regular",
    )
    page.fields(("Nơi sinh:", "Bệnh viện Đa khoa Thí Nghiệm, tỉnh Mẫu"), face="regular")
    page.fields(("Quê quán:", "phường Thí Nghiệm, tỉnh Mẫu"), face="regular")
    page.fields(("Số định danh cá nhân:", CHILD.id), face="bold")
    page.skip(2)
    for role, person, year in (("mẹ", MOTHER, "1995"), ("cha", FATHER, "1993")):
        page.fields((f"Họ, chữ đệm, tên người {role}:", person.capitals), face="bold")
        page.fields(
            ("Năm sinh:", year),
            ("Dân tộc:", "Kinh"),
            ("Quốc tịch:", "Việt Nam"),
            at=(80, 125),
            face="regular",
        )
        page.fields(("Nơi cư trú:", person.address), face="regular")
        page.skip(2)
    page.fields(("Nơi đăng ký khai sinh:", "UBND phường Thí Nghiệm, tỉnh Mẫu"), face="regular")
    page.fields(("Ngày, tháng, năm đăng ký:", "16/03/2026"), face="regular")
    page.skip(6)
    page.marks.append(
        Stamp(place=(34, page.y + 6), lines=("ĐÃ ĐỐI CHIẾU", "BẢN CHÍNH"), colour=BLUE_INK)
    )
    signer = Signer(
        capacity=("NGƯỜI KÝ GIẤY KHAI SINH", "PHÓ CHỦ TỊCH"), name=DEPUTY, seal=WARD_SEAL
    )
    sign(page, signer, middle=RIGHT_MIDDLE - 4)
