"""The papers of the second dossier: a permit to build a house."""

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
from samples.pages import Page, Stamp, Style
from samples.people import BUILDER, CHAIR, DEPUTY, WARD_COMMITTEE, WARD_SEAL

DOSSIER = "H99.12.03-260406-0012"
PROCEDURE = "1.013225"
_PLOT = "thửa đất số 999, tờ bản đồ số 99, phường Thí Nghiệm, tỉnh Mẫu"


def application_front(page: Page) -> None:
    """First page of the application for a building permit."""
    nation_only(page)
    title(page, "ĐƠN ĐỀ NGHỊ CẤP GIẤY PHÉP XÂY DỰNG", "(Sử dụng cho công trình: Nhà ở riêng lẻ)")
    page.flow("Kính gửi: **Ủy ban nhân dân phường Thí Nghiệm, tỉnh Mẫu**", indent=22)
    page.flow("**1. Thông tin về chủ đầu tư:**", indent=0)
    for line in (
        f"- Tên chủ đầu tư (chủ hộ): **{BUILDER.name}**",
        f"- Số định danh cá nhân: {BUILDER.id}",
        f"- Địa chỉ liên hệ: {BUILDER.address}",
        "- Số điện thoại: 0000 654 321",
    ):
        page.flow(line, indent=4, align="left")
    page.flow("**2. Thông tin công trình:**", indent=0)
    page.flow(f"- Địa điểm xây dựng: {_PLOT}.", indent=4)
    page.flow(
        "- Diện tích khu đất: 120,0 m2. Khu đất thuộc quyền sử dụng của chủ đầu tư, không có "
        "tranh chấp, không nằm trong hành lang bảo vệ công trình giao thông, thủy lợi và lưới "
        "điện.",
        indent=4,
    )
    page.flow("**3. Tổ chức lập và thẩm tra thiết kế xây dựng:**", indent=0)
    page.flow(
        "- Tên đơn vị thiết kế: Công ty TNHH Thiết kế Giả Lập. Mã số chứng chỉ năng lực: "
        "MAU-00000000.",
        indent=4,
    )
    page.flow(
        "- Tên chủ nhiệm, chủ trì thiết kế: Kiến trúc sư Đỗ Văn Phác Thảo, số chứng chỉ hành "
        "nghề: MAU-00000001.",
        indent=4,
    )
    page.flow("**4. Nội dung đề nghị cấp phép:**", indent=0)
    page.flow("- Cấp công trình: cấp III. Loại công trình: nhà ở riêng lẻ.", indent=4)
    page.flow("- Diện tích xây dựng tầng 1: 84,5 m2. Cốt nền: +0,45 m.", indent=4)
    page.flow("- Tổng diện tích sàn: 253,5 m2, gồm 3 tầng, không có tầng hầm.", indent=4)
    page.flow("- Chiều cao công trình: 11,4 m tính từ cốt nền đến đỉnh mái.", indent=4)
    page.flow(
        "- Kết cấu: khung bê tông cốt thép toàn khối, tường bao che xây gạch không nung, mái bê "
        "tông cốt thép có lớp chống thấm.",
        indent=4,
    )
    page.marks.append(
        Stamp(place=(26, 3), lines=("CÔNG VĂN ĐẾN", "Số: 112", "Ngày: 06/4/2026"), width=40)
    )


def application_back(page: Page) -> None:
    """Second page of the application."""
    page_number(page, 2)
    page.flow(
        "**5. Dự kiến thời gian hoàn thành công trình:** 09 tháng kể từ ngày được cấp giấy phép "
        "xây dựng.",
        indent=0,
    )
    page.flow(
        "**6. Cam kết:** Tôi xin cam đoan làm theo đúng giấy phép được cấp, nếu sai tôi xin hoàn "
        "toàn chịu trách nhiệm và bị xử lý theo quy định của pháp luật. Trong quá trình thi "
        "công, tôi cam kết bảo đảm an toàn cho các công trình liền kề, không đổ vật liệu ra lòng "
        "đường, hè phố và che chắn công trường để hạn chế bụi, tiếng ồn.",
        indent=0,
    )
    page.flow("Gửi kèm theo đơn này các tài liệu:", indent=0)
    for line in (
        "1. Bản sao giấy tờ chứng minh quyền sử dụng đất.",
        "2. Hai bộ bản vẽ thiết kế xây dựng.",
        "3. Bản cam kết bảo đảm an toàn đối với công trình liền kề.",
    ):
        page.flow(line, indent=6)
    page.skip(5)
    page.centred("Thí Nghiệm, ngày 03 tháng 4 năm 2026", Style("italic", 13), middle=142)
    sign_by_hand(page, "NGƯỜI LÀM ĐƠN", BUILDER.name)


def enquiry(page: Page) -> None:
    """An official letter that asks another agency; it goes through the scanner askew."""
    head = Head(
        parent="TỈNH MẪU",
        agency=(WARD_COMMITTEE,),
        number="126/UBND-KTHTĐT",
        place_and_date="Thí Nghiệm, ngày 08 tháng 4 năm 2026",
        about=("V/v lấy ý kiến về cấp giấy phép", "xây dựng nhà ở riêng lẻ"),
    )
    letterhead(page, head)
    page.flow("Kính gửi: Sở Xây dựng tỉnh Mẫu", indent=45, size=14)
    page.skip(3)
    for text in (
        (
            f"Ủy ban nhân dân phường Thí Nghiệm nhận được hồ sơ số {DOSSIER} của ông "
            f"{BUILDER.name} đề nghị cấp giấy phép xây dựng nhà ở riêng lẻ tại {_PLOT}."
        ),
        (
            "Qua kiểm tra, hồ sơ đầy đủ thành phần theo quy định. Vị trí xây dựng nằm tiếp giáp "
            "tuyến đường đang được điều chỉnh quy hoạch chi tiết, do đó cần xác định chỉ giới "
            "đường đỏ, chỉ giới xây dựng và cao độ nền trước khi cấp phép."
        ),
        (
            "Để có cơ sở giải quyết thủ tục hành chính đúng thời hạn, Ủy ban nhân dân phường Thí "
            "Nghiệm đề nghị Sở Xây dựng cho ý kiến bằng văn bản về các nội dung nêu trên, gửi về "
            "Ủy ban nhân dân phường trước ngày 14 tháng 4 năm 2026. Quá thời hạn này mà không có "
            "ý kiến thì coi như đã đồng ý."
        ),
        "Rất mong nhận được sự quan tâm, phối hợp của Sở Xây dựng./.",
    ):
        page.flow(text, size=14)
    page.skip(5)
    recipients(page, "- Như trên;", "- Chủ tịch UBND phường (để báo cáo);", "- Lưu: VT, KTHTĐT.")
    sign(
        page,
        Signer(
            capacity=("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
            name=DEPUTY,
            seal=WARD_SEAL,
        ),
    )


def building_permit(page: Page) -> None:
    """The permit itself."""
    head = Head(
        parent="TỈNH MẪU",
        agency=(WARD_COMMITTEE,),
        number="09/GPXD",
        place_and_date="Thí Nghiệm, ngày 17 tháng 4 năm 2026",
    )
    letterhead(page, head)
    title(page, "GIẤY PHÉP XÂY DỰNG", "(Sử dụng cho nhà ở riêng lẻ)")
    page.flow(f"1. Cấp cho: ông **{BUILDER.name}**, số định danh cá nhân {BUILDER.id}.", indent=0)
    page.flow(f"Địa chỉ: {BUILDER.address}.", indent=6)
    page.flow("2. Được phép xây dựng công trình: nhà ở riêng lẻ, cấp III.", indent=0)
    for line in (
        "Theo thiết kế do Công ty TNHH Thiết kế Giả Lập lập.",
        f"Trên {_PLOT}.",
        "Cốt nền xây dựng công trình: +0,45 m so với cốt vỉa hè.",
        "Mật độ xây dựng: 70,4 %. Hệ số sử dụng đất: 2,11 lần.",
        "Chỉ giới đường đỏ: trùng ranh giới phía trước thửa đất.",
        "Chỉ giới xây dựng: lùi 1,5 m so với chỉ giới đường đỏ.",
        "Diện tích xây dựng tầng 1: 84,5 m2. Tổng diện tích sàn: 253,5 m2.",
        "Chiều cao công trình: 11,4 m. Số tầng: 03 tầng.",
    ):
        page.flow(line, indent=6)
    page.flow(
        "3. Giấy tờ về quyền sử dụng đất: Giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở "
        "và tài sản khác gắn liền với đất do cơ quan có thẩm quyền cấp.",
        indent=0,
    )
    page.flow(
        "4. Giấy phép này có hiệu lực khởi công xây dựng trong thời hạn 12 tháng kể từ ngày cấp; "
        "quá thời hạn trên thì phải đề nghị gia hạn giấy phép xây dựng.",
        indent=0,
    )
    page.skip(4)
    recipients(page, "- Chủ đầu tư;", "- Sở Xây dựng tỉnh Mẫu;", "- Lưu: VT, KTHTĐT.")
    sign(page, Signer(capacity=("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"), name=CHAIR, seal=WARD_SEAL))


def signed_decision(page: Page) -> None:
    """A decision that arrives as a signed PDF; nothing on it was ever paper."""
    head = Head(
        parent="",
        agency=("ỦY BAN NHÂN DÂN", "TỈNH MẪU"),
        number="215/QĐ-UBND",
        place_and_date="Mẫu, ngày 02 tháng 3 năm 2026",
    )
    letterhead(page, head)
    title(
        page,
        "QUYẾT ĐỊNH",
        "Về việc phê duyệt điều chỉnh cục bộ quy hoạch chi tiết",
        "khu dân cư phố Ví Dụ, phường Thí Nghiệm",
    )
    page.centred("CHỦ TỊCH ỦY BAN NHÂN DÂN TỈNH MẪU", Style("bold", 13))
    page.skip(3)
    for text in (
        "Căn cứ Luật Tổ chức chính quyền địa phương ngày 16 tháng 6 năm 2025;",
        "Căn cứ Luật Quy hoạch đô thị và nông thôn ngày 26 tháng 11 năm 2024;",
        (
            "Theo đề nghị của Giám đốc Sở Xây dựng tại Tờ trình số 88/TTr-SXD ngày 20 tháng 02 năm "
            "2026."
        ),
    ):
        page.flow(text, face="italic")
    page.centred("QUYẾT ĐỊNH:", Style("bold", 13))
    page.skip(2)
    for text in (
        (
            "**Điều 1.** Phê duyệt điều chỉnh cục bộ quy hoạch chi tiết khu dân cư phố Ví Dụ, "
            "phường Thí Nghiệm với nội dung: mở rộng mặt cắt ngang tuyến đường Minh Họa từ 9,0 m "
            "lên 13,5 m; giữ nguyên mật độ xây dựng, tầng cao và hệ số sử dụng đất của các lô "
            "đất ở hiện có."
        ),
        (
            "**Điều 2.** Giao Ủy ban nhân dân phường Thí Nghiệm công bố công khai nội dung điều "
            "chỉnh, cắm mốc giới ngoài thực địa và hướng dẫn các hộ dân thực hiện thủ tục về xây "
            "dựng theo quy định."
        ),
        (
            "**Điều 3.** Quyết định này có hiệu lực kể từ ngày ký. Chánh Văn phòng Ủy ban nhân "
            "dân tỉnh, Giám đốc Sở Xây dựng, Chủ tịch Ủy ban nhân dân phường Thí Nghiệm và các "
            "tổ chức, cá nhân có liên quan chịu trách nhiệm thi hành Quyết định này./."
        ),
    ):
        page.flow(text)
    page.skip(5)
    recipients(page, "- Như Điều 3;", "- Chủ tịch, các Phó Chủ tịch;", "- Lưu: VT, CN.")
    sign(page, Signer(capacity=("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"), name="Cao Văn Thử Nghiệm"))
