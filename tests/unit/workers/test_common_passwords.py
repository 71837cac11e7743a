"""The list of common passwords: made by rule, long enough, and found however they are spelt."""

from itertools import islice

import pytest

from workers.common_passwords import WORDS, is_common, list_common
from workers.passwords import is_weak

ASKED_FOR = 3_000


def test_list_is_longer_than_the_standard_asks() -> None:
    listed = set(list_common())

    assert len(listed) > 10 * ASKED_FOR
    assert min(map(len, listed)) >= 12


def test_everything_on_the_list_is_refused() -> None:
    let_through = [one for one in islice(list_common(), 0, None, 97) if not is_common(one)]

    assert let_through == []


@pytest.mark.parametrize(
    "password",
    [
        "anhyeuem1990",
        "Anh Yêu Em 1990",
        "2024-welcome-back",
        "P@ssw0rd2024!",
        "M4tkh4u@2025",
        "Nguyễn Văn 1985!",
        "iloveyou-iloveyou",
        "Hà Nội Sài Gòn 2024",
        "mãi yêu mãi mãi bên",
        "ubnd-vanphong-2026",
    ],
)
def test_common_password_is_known_however_it_is_spelt(password: str) -> None:
    assert is_common(password)
    assert is_weak(password, name="an.tran")


@pytest.mark.parametrize(
    "password",
    [
        "hoa sen trắng nở muộn",
        "sông Hồng chảy qua phố",
        "correct horse battery staple",
        "83619264729187",
        "xe đạp cũ dựng hiên nhà",
        "kq7-vn2-mzp-4ad",
    ],
)
def test_password_of_ones_own_is_not_common(password: str) -> None:
    assert not is_common(password)


def test_long_text_is_judged_quickly_enough_to_be_asked_by_anybody() -> None:
    # Words that can be cut in many ways must not cost more and more.
    assert not is_common("namnamnamhohohoanhanhanh" * 8 + "q")


def test_no_word_stands_twice() -> None:
    assert len(set(WORDS)) == len(WORDS)
