"""The invented people, agencies and codes of the sample dossiers.

The personal numbers are well-formed (Luật Căn cước 2023 Điều 12: place, century and sex, year,
six digits) and agree with sex and year of birth, but 099 is no place of registration and H99 no
agency: none of them can be anyone's.
"""

from dataclasses import dataclass

WARD_COMMITTEE = "UBND PHƯỜNG THÍ NGHIỆM"
WARD_SEAL = "ỦY BAN NHÂN DÂN PHƯỜNG THÍ NGHIỆM"
CENTRE_LINES = ("TRUNG TÂM PHỤC VỤ", "HÀNH CHÍNH CÔNG")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who does not exist; `born_on` as printed (day/month/year)."""

    name: str
    id: str
    sex: str
    born_on: str
    address: str

    @property
    def capitals(self) -> str:
        """The name as certificates print it."""
        return self.name.upper()


MOTHER = Person(
    name="Nguyễn Thị Mẫu An",
    id="099195000011",
    sex="Nữ",
    born_on="12/04/1995",
    address="số 12 phố Ví Dụ, phường Thí Nghiệm, tỉnh Mẫu",
)
FATHER = Person(
    name="Trần Văn Thử",
    id="099093000012",
    sex="Nam",
    born_on="03/09/1993",
    address="số 12 phố Ví Dụ, phường Thí Nghiệm, tỉnh Mẫu",
)
CHILD = Person(
    name="Trần Mẫu Bảo Anh",
    id="099326000013",
    sex="Nữ",
    born_on="10/03/2026",
    address="số 12 phố Ví Dụ, phường Thí Nghiệm, tỉnh Mẫu",
)
BUILDER = Person(
    name="Lê Văn Ví Dụ",
    id="099079000021",
    sex="Nam",
    born_on="20/11/1979",
    address="số 45 đường Minh Họa, phường Thí Nghiệm, tỉnh Mẫu",
)
WIDOW = Person(
    name="Phạm Thị Minh Họa",
    id="099170000031",
    sex="Nữ",
    born_on="05/06/1970",
    address="số 8 ngõ Giả Định, phường Thí Nghiệm, tỉnh Mẫu",
)
SHOPKEEPER = Person(
    name="Hoàng Văn Giả Định",
    id="099068000032",
    sex="Nam",
    born_on="17/02/1968",
    address="số 8 ngõ Giả Định, phường Thí Nghiệm, tỉnh Mẫu",
)
CHAIR = "Đặng Thị Kiểm Thử"
DEPUTY = "Vũ Văn Mô Phỏng"
CLERK = "Bùi Thị Chạy Thử"
