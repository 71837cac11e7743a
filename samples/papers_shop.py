"""The papers of the third dossier: a household business passes to the widow."""

from samples.letterhead import (
    Head,
    Signer,
    letterhead,
    nation_only,
    page_number,
    recipients,
    sign,
    sign_by_hand,
    title,
)
from samples.pages import BLUE_INK, Page, Stamp, Style
from samples.people import CHAIR, CLERK, DEPUTY, SHOPKEEPER, WARD_COMMITTEE, WARD_SEAL, WIDOW

DOSSIER = "H99.12.03-260511-0003"
PROCEDURE = "2.000720"


def request(page: Page) -> None:
    """The widow's request."""
    nation_only(page)
    page.centred("Thí Nghiệm, ngày 11 tháng 5 năm 2026", Style("italic", 13), middle=142)
    page.skip(4)
    title(
        page,
        "ĐƠN ĐỀ NGHỊ",
        "Về việc thay đổi chủ hộ kinh doanh do chủ hộ đã mất",
    )
    page.flow("Kính gửi: Phòng Kinh tế, Hạ tầng và Đô thị phường Thí Nghiệm", indent=22)
    page.flow(f"Tôi tên là: **{WIDOW.name}**. Giới tính: {WIDOW.sex}.")
    page.flow(f"Sinh ngày: {WIDOW.born_on}. Số định danh cá nhân: {WIDOW.id}.")
    page.flow(f"Nơi thường trú: {WIDOW.address}.")
    for text in (
        (
            f"Chồng tôi là ông {SHOPKEEPER.name}, chủ hộ kinh doanh Tạp hóa Giả Định, mất ngày 20 "
            "tháng 4 năm 2026. Sau khi chồng tôi qua đời, các thành viên trong gia đình đã họp "
            "và thống nhất cử tôi tiếp tục đứng tên làm chủ hộ kinh doanh, giữ nguyên tên, địa "
            "điểm và ngành, nghề đã đăng ký."
        ),
        (
            "Nay tôi làm đơn này kính đề nghị quý cơ quan xem xét, giải quyết cho tôi được đăng "
            "ký thay đổi chủ hộ kinh doanh theo quy định của pháp luật."
        ),
        (
            "Tôi xin gửi kèm theo đơn này bản chính giấy chứng nhận đăng ký hộ kinh doanh đã "
            "cấp, trích lục khai tử của chồng tôi và giấy xác nhận thông tin về cư trú."
        ),
        (
            "Tôi cam đoan những nội dung trình bày trên đây là đúng sự thật, nếu sai tôi xin "
            "hoàn toàn chịu trách nhiệm trước pháp luật. Tôi xin chân thành cảm ơn!"
        ),
    ):
        page.flow(text)
    page.skip(6)
    sign_by_hand(page, "NGƯỜI LÀM ĐƠN", WIDOW.name)
    page.marks.append(
        Stamp(place=(34, page.y - 26), lines=("ĐÃ TIẾP NHẬN", "Ngày 11/5/2026"), colour=BLUE_INK)
    )


def business_certificate(page: Page) -> None:
    """The certificate of the household business, laid upside down on the glass."""
    head = Head(
        parent=WARD_COMMITTEE,
        agency=("PHÒNG KINH TẾ, HẠ TẦNG", "VÀ ĐÔ THỊ"),
        number="",
        place_and_date="",
    )
    letterhead(page, head)
    title(page, "GIẤY CHỨNG NHẬN ĐĂNG KÝ HỘ KINH DOANH", size=15)
    page.centred(f"Mã số hộ kinh doanh: {SHOPKEEPER.id}", Style("bold", 13))
    page.centred("Đăng ký lần đầu, ngày 15 tháng 9 năm 2025", Style("italic", 13))
    page.skip(4)
    page.flow("**1. Tên hộ kinh doanh:** TẠP HÓA GIẢ ĐỊNH", indent=0)
    page.flow(f"**2. Địa chỉ trụ sở:** {SHOPKEEPER.address}", indent=0)
    page.flow("Điện thoại: 0000 111 222", indent=6)
    page.flow("**3. Ngành, nghề kinh doanh:**", indent=0)
    page.table(
        (14, 110, 36),
        (
            ("STT", "Tên ngành", "Mã ngành"),
            ("1", "Bán lẻ lương thực, thực phẩm trong các cửa hàng kinh doanh tổng hợp", "4711"),
            ("2", "Bán lẻ đồ dùng gia đình trong các cửa hàng chuyên doanh", "4759"),
            ("3", "Bán lẻ sách, báo, tạp chí, văn phòng phẩm", "4761"),
        ),
    )
    page.flow("**4. Vốn kinh doanh:** 80.000.000 đồng (Tám mươi triệu đồng)", indent=0)
    page.flow("**5. Thông tin về chủ hộ kinh doanh:**", indent=0)
    page.flow(f"Họ và tên: **{SHOPKEEPER.capitals}**. Giới tính: {SHOPKEEPER.sex}", indent=6)
    page.flow("Sinh ngày: 17/02/1968. Dân tộc: Kinh. Quốc tịch: Việt Nam", indent=6)
    page.flow(f"Số định danh cá nhân: {SHOPKEEPER.id}", indent=6)
    page.flow(f"Nơi thường trú: {SHOPKEEPER.address}", indent=6)
    page.flow("**6. Chủ thể thành lập hộ kinh doanh:** Cá nhân", indent=0)
    page.skip(6)
    sign(
        page,
        Signer(
            capacity=("TRƯỞNG PHÒNG",),
            name="Phan Văn Bản Mẫu",
            seal="PHÒNG KINH TẾ, HẠ TẦNG VÀ ĐÔ THỊ",
            seal_lower="PHƯỜNG THÍ NGHIỆM",
        ),
    )


def death_extract(page: Page) -> None:
    """The extract of the death register."""
    head = Head(
        parent="TỈNH MẪU",
        agency=(WARD_COMMITTEE,),
        number="31/TLKT",
        place_and_date="Thí Nghiệm, ngày 22 tháng 4 năm 2026",
    )
    letterhead(page, head)
    title(page, "TRÍCH LỤC KHAI TỬ", size=18)
    page.fields(("Họ, chữ đệm, tên:", SHOPKEEPER.capitals), face="bold")
    page.fields(("Ngày, tháng, năm sinh:", SHOPKEEPER.born_on), face="regular")
    page.fields(
        ("Giới tính:", "Nam"),
        ("Dân tộc:", "Kinh"),
        ("Quốc tịch:", "Việt Nam"),
        at=(80, 125),
        face="regular",
    )
    page.fields(("Số định danh cá nhân:", SHOPKEEPER.id), face="regular")
    page.fields(("Nơi cư trú cuối cùng:", SHOPKEEPER.address), face="regular")
    page.flow("Đã chết vào lúc: 05 giờ 40 phút, ngày 20 tháng 4 năm 2026", indent=0)
    page.flow(
        "__Ghi bằng chữ: Ngày hai mươi tháng tư năm hai nghìn không trăm hai mươi sáu__", indent=0
    )
    page.fields(("Nơi chết:", "tại nhà riêng, phường Thí Nghiệm, tỉnh Mẫu"), face="regular")
    page.fields(("Nguyên nhân chết:", "bệnh lý"), face="regular")
    page.flow("Đăng ký khai tử tại: Ủy ban nhân dân phường Thí Nghiệm, tỉnh Mẫu", indent=0)
    page.flow("Số: 31, ngày 22 tháng 4 năm 2026", indent=0)
    page.fields(("Họ, chữ đệm, tên người đi khai tử:", WIDOW.name), face="regular")
    page.fields(("Số định danh cá nhân:", WIDOW.id), face="regular")
    page.skip(8)
    page.centred("NGƯỜI KÝ TRÍCH LỤC", Style("bold", 13), middle=142)
    sign(page, Signer(capacity=("PHÓ CHỦ TỊCH",), name=DEPUTY, seal=WARD_SEAL))


def residence_confirmation(page: Page) -> None:
    """Form CT07: what is recorded about a person's residence."""
    page.y = 14
    page.write((150, 16), "Mẫu CT07 ban hành kèm theo", Style("italic", 10))
    page.write((150, 20), "Thông tư số 53/2025/TT-BCA", Style("italic", 10))
    page.y = 26
    head = Head(
        parent="CÔNG AN TỈNH MẪU",
        agency=("CÔNG AN PHƯỜNG", "THÍ NGHIỆM"),
        number="204/XN",
        place_and_date="Thí Nghiệm, ngày 08 tháng 5 năm 2026",
    )
    letterhead(page, head)
    title(page, "XÁC NHẬN THÔNG TIN VỀ CƯ TRÚ")
    page.flow("**I. Thông tin về người yêu cầu xác nhận:**", indent=0)
    page.flow(f"1. Họ, chữ đệm và tên: **{WIDOW.capitals}**", indent=4)
    page.flow(f"2. Ngày, tháng, năm sinh: {WIDOW.born_on}. 3. Giới tính: {WIDOW.sex}", indent=4)
    page.flow(f"4. Số định danh cá nhân: {WIDOW.id}", indent=4)
    page.flow("5. Dân tộc: Kinh. 6. Tôn giáo: Không. 7. Quốc tịch: Việt Nam", indent=4)
    page.flow("8. Quê quán: phường Thí Nghiệm, tỉnh Mẫu", indent=4)
    page.flow("**II. Nội dung xác nhận:**", indent=0)
    page.flow(f"1. Nơi thường trú: {WIDOW.address}", indent=4)
    page.flow("2. Nơi tạm trú: Không. 3. Nơi ở hiện tại: như nơi thường trú", indent=4)
    page.flow(f"4. Họ, chữ đệm và tên chủ hộ: {WIDOW.name}", indent=4)
    page.flow("5. Thông tin các thành viên khác trong hộ gia đình:", indent=4)
    page.table(
        (12, 52, 30, 36, 30),
        (
            ("TT", "Họ, chữ đệm và tên", "Ngày sinh", "Số định danh", "Quan hệ"),
            ("1", "Hoàng Văn Giả Lập", "01/09/1996", "099096000033", "Con"),
            ("2", "Hoàng Thị Giả Thuyết", "15/12/2001", "099301000034", "Con"),
        ),
    )
    page.flow(
        "Giấy này có giá trị trong thời hạn 01 năm kể từ ngày cấp; hết giá trị kể từ khi thông "
        "tin cư trú của công dân có sự thay đổi.",
    )
    page.skip(5)
    sign(
        page,
        Signer(
            capacity=("TRƯỞNG CÔNG AN PHƯỜNG",),
            name="Trung tá Mai Văn Tình Huống",
            seal="CÔNG AN PHƯỜNG THÍ NGHIỆM",
        ),
    )


def decision_first(page: Page) -> None:
    """First page of a decision of two pages."""
    head = Head(
        parent="TỈNH MẪU",
        agency=(WARD_COMMITTEE,),
        number="57/QĐ-UBND",
        place_and_date="Thí Nghiệm, ngày 29 tháng 4 năm 2026",
    )
    letterhead(page, head)
    title(
        page,
        "QUYẾT ĐỊNH",
        "Về việc cho phép sử dụng tạm thời một phần hè phố",
        "vào mục đích kinh doanh tại phố Giả Định",
    )
    page.centred("CHỦ TỊCH ỦY BAN NHÂN DÂN PHƯỜNG THÍ NGHIỆM", Style("bold", 13))
    page.skip(3)
    for text in (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "Căn cứ Luật Đường bộ ngày 27 tháng 6 năm 2024;",
        "Căn cứ kết quả kiểm tra thực địa ngày 24 tháng 4 năm 2026;",
        "Xét đề nghị của Trưởng phòng Kinh tế, Hạ tầng và Đô thị.",
    ):
        page.flow(text, face="italic", size=14)
    page.centred("QUYẾT ĐỊNH:", Style("bold", 14))
    page.skip(2)
    for text in (
        (
            "**Điều 1.** Cho phép hộ kinh doanh Tạp hóa Giả Định được sử dụng tạm thời một phần "
            "hè phố trước số nhà 8 ngõ Giả Định để trưng bày hàng hóa, với các nội dung sau:"
        ),
        "1. Diện tích sử dụng: 6,0 m2, chiều rộng không quá 1,5 m tính từ mép nhà.",
        (
            "2. Thời gian sử dụng: từ 06 giờ 00 đến 21 giờ 00 hằng ngày, kể từ ngày 01 tháng 5 "
            "năm 2026 đến hết ngày 31 tháng 10 năm 2026."
        ),
        (
            "3. Phần hè phố còn lại dành cho người đi bộ phải có bề rộng tối thiểu 1,5 m, thông "
            "suốt và không bị che khuất tầm nhìn."
        ),
        "**Điều 2.** Hộ kinh doanh được cho phép tại Điều 1 có trách nhiệm:",
        (
            "1. Sử dụng đúng vị trí, diện tích, thời gian đã được cho phép; giữ gìn vệ sinh môi "
            "trường, an toàn thực phẩm, phòng cháy và chữa cháy."
        ),
    ):
        page.flow(text, size=14)


def decision_second(page: Page) -> None:
    """Second page of the decision, with the signature."""
    page_number(page, 2)
    for text in (
        "2. Không xây dựng, lắp đặt mái che, bục bệ hoặc công trình cố định trên hè phố.",
        (
            "3. Nộp phí sử dụng tạm thời hè phố theo quy định và hoàn trả nguyên trạng mặt hè khi "
            "hết thời hạn."
        ),
        (
            "**Điều 3.** Giao phòng Kinh tế, Hạ tầng và Đô thị chủ trì, phối hợp với Công an "
            "phường kiểm tra việc thực hiện; kịp thời báo cáo, đề xuất thu hồi Quyết định này "
            "nếu hộ kinh doanh vi phạm."
        ),
        (
            "**Điều 4.** Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Hội đồng nhân "
            "dân và Ủy ban nhân dân phường, Trưởng phòng Kinh tế, Hạ tầng và Đô thị, hộ kinh "
            "doanh Tạp hóa Giả Định và các cơ quan, cá nhân có liên quan chịu trách nhiệm thi "
            "hành Quyết định này./."
        ),
    ):
        page.flow(text, size=14)
    page.skip(6)
    recipients(
        page, "- Như Điều 4;", "- Công an phường;", f"- Bộ phận một cửa ({CLERK});", "- Lưu: VT."
    )
    sign(page, Signer(capacity=("CHỦ TỊCH",), name=CHAIR, seal=WARD_SEAL))
