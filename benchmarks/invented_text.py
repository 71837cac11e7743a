"""Invents what stands on office papers: sentences, names, places, numbers; nobody is meant.

The sentences of `prose.txt` and `office_prose.txt` are our own. Each stands in one of two halves,
so that what is chosen on pages of one half can be judged on pages of words it has not seen.
"""

import random
from pathlib import Path

HALVES = ("fit", "judge")
_FILES = tuple(Path(__file__).with_name(name) for name in ("prose.txt", "office_prose.txt"))
_FAMILIES = (
    "Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ",
    "Hồ", "Ngô", "Dương", "Lý", "Trịnh", "Đinh", "Mai", "Lò", "Vàng", "Hà", "Tạ", "Quách", "Lương",
)  # fmt: skip
_MIDDLES = (
    "Văn", "Thị", "Minh", "Đức", "Thanh", "Quốc", "Ngọc", "Hữu", "Xuân", "Hồng", "Thu", "Bảo",
    "Gia", "Kim", "Tuấn", "Thùy", "Đình", "Anh", "Diệu", "Khắc",
)  # fmt: skip
_GIVEN = (
    "An", "Bình", "Châu", "Dũng", "Hà", "Hạnh", "Hòa", "Hùng", "Khánh", "Lan", "Linh", "Long",
    "Mai", "Nam", "Nga", "Phúc", "Quân", "Sơn", "Hiền", "Tuyết", "Yến", "Đạt", "Trường", "Vinh",
    "Thảo", "Oanh", "Tùng", "Nhung", "Cường", "Thắm", "Loan", "Kiên", "Hường", "Trúc", "Uyên",
)  # fmt: skip
_PLACES = (
    "An Lạc", "Hòa Sơn", "Bình Thuận", "Tân Phú", "Đông Hải", "Phước Long", "Vĩnh Thạnh",
    "Mỹ Đức", "Xuân Trường", "Kim Bảng", "Nậm Pung", "Sơn Động", "Cẩm Giàng", "Yên Bình",
    "Thạch Hà", "Đức Linh", "Long Điền", "Giồng Trôm", "Ea Kar", "Quỳnh Lưu",
)  # fmt: skip
_TOPICS = (
    "ban hành quy chế tiếp công dân", "kiện toàn tổ công nghệ số cộng đồng",
    "công nhận hộ thoát nghèo", "thu hồi đất để mở rộng trường học",
    "phê duyệt kết quả lựa chọn nhà thầu", "trợ cấp khó khăn đột xuất",
    "cho phép chuyển mục đích sử dụng đất", "khen thưởng phong trào trồng cây",
)  # fmt: skip
_FORMULAS = (
    "Căn cứ Nghị quyết số {number}/NQ-HĐND ngày {date} của Hội đồng nhân dân xã {place};",
    "Căn cứ Quyết định số {number}/QĐ-UBND ngày {date} của Ủy ban nhân dân tỉnh về việc {topic};",
    "Xét đề nghị của Trưởng phòng Nội vụ tại Tờ trình số {number}/TTr-NV ngày {date},",
    "Giao cho ông {name} phối hợp với các đơn vị liên quan tổ chức thực hiện trước ngày {date}.",
    "Quyết định này có hiệu lực kể từ ngày ký và thay thế Quyết định số {number}/QĐ-UBND.",
    "Bà {name}, sinh năm {year}, cư trú tại thôn {place}, nộp hồ sơ ngày {date}.",
    "Ủy ban nhân dân xã {place} thông báo về việc {topic} để các tổ chức, cá nhân được biết.",
    "Số tiền được duyệt là {money} đồng, chi từ nguồn dự phòng ngân sách năm {year}.",
    "Chánh Văn phòng, Thủ trưởng các cơ quan, đơn vị và ông {name} chịu trách nhiệm thi hành.",
    "Thời hạn giải quyết là {small} ngày làm việc kể từ ngày nhận đủ hồ sơ hợp lệ.",
)


class Writer:
    """Writes for one page; the same half and seed give the same."""

    def __init__(self, half: str, seed: int) -> None:
        self._chance = random.Random(f"{half} {seed}")  # noqa: S311 - repeatable, not secret
        lines = [line for file in _FILES for line in file.read_text("utf-8").splitlines()]
        self.prose = lines[HALVES.index(half) :: len(HALVES)]

    def pick(self, *choices: str) -> str:
        """Return one of some texts."""
        return self._chance.choice(choices)

    def whole(self, least: int, most: int) -> int:
        """Return a number from least to most."""
        return self._chance.randint(least, most)

    def name(self) -> str:
        """Return a person's name."""
        return f"{self.pick(*_FAMILIES)} {self.pick(*_MIDDLES)} {self.pick(*_GIVEN)}"

    def place(self) -> str:
        """Return a place's name."""
        return self.pick(*_PLACES)

    def topic(self) -> str:
        """Return what a decision is about."""
        return self.pick(*_TOPICS)

    def date(self) -> str:
        """Return a day as papers write it."""
        day, month, year = self.whole(1, 28), self.whole(1, 12), self.whole(2008, 2026)
        return self.pick(f"{day:02d}/{month}/{year}", f"{day} tháng {month} năm {year}")

    def money(self) -> str:
        """Return a sum with dots."""
        return f"{self.whole(120, 98_000) * 1000:,}".replace(",", ".")

    def sentence(self) -> str:
        """Return a sentence: mostly of our prose, now and then a formula of such papers."""
        if self._chance.random() < 0.6:  # noqa: PLR2004 - the share of prose
            return self._chance.choice(self.prose)
        return self.pick(*_FORMULAS).format(
            number=self.whole(2, 2400),
            date=self.date(),
            place=self.place(),
            name=self.name(),
            topic=self.topic(),
            year=self.whole(1950, 2026),
            money=self.money(),
            small=self.whole(2, 45),
        )

    def paragraphs(self, characters: int) -> list[str]:
        """Return paragraphs of two or three sentences, so many characters altogether."""
        found: list[str] = []
        left = characters
        while True:
            paragraph = " ".join(self.sentence() for _ in range(self.whole(1, 3)))
            left -= len(paragraph) + 40
            if left < 0:
                return found
            found.append(paragraph)
