"""Passwords that many people choose: a list made by rule, not one that was taken from anybody.

Lists of breached passwords hold what real people chose; none of them is used. What such lists teach
is how the common ones are made: a word that many know, twice or with another one, and a year or a
row of digits behind or before it, some letters written as digits and signs. That is the rule here.
`list_common` yields them, `is_common` finds them without keeping the list.
"""

import re
from collections.abc import Iterator

from documents.folding import fold

_VIETNAMESE = """
    matkhau matkhaumoi matkhaucu khongbiet khongco khongnho toiquenroi anhyeuem emyeuanh yeuem
    yeuanh yeubame yeucon yeugiadinh yeulam yeunhieu yeumai maiyeu maimaiyeu maimaiben
    tinhyeu tinhban hanhphuc maymansuckhoe mayman giadinh giadinhtoi bame bometoi concung conyeu
    vochong chongyeu voyeu banbe banthan nguoiyeu congaiyeu contrai congai choemnhe nhoanh nhoem
    nhomai cogang coganglen thanhcong thatbai chiasetinhyeu tinhyeuvinhcuu mottinhyeu xinchao
    chaoban chaobuoisang tambiet camon xinloi vietnam vietnamtoi vietnamvodich toiyeuvietnam
    yeuvietnam hanoi hanoitoiyeu saigon hochiminh thanhpho danang haiphong cantho hue nhatrang
    dalat vungtau quehuong quehuongtoi nhatoi nhacuatoi congty congviec lamviec coquan coquantoi
    uybannhandan uyban ubnd hanhchinh hanhchinhcong motcua motcuadientu dichvucong canbo canboxa
    congchuc vanphong vanthu luutru sohoa hoso hosodientu quantri quantrivien nguoidung taikhoan
    dangnhap truycap maytinh dienthoai internet bongda nhacviet phimhay trasua caphe comtam
    buncha phobo hoahong hoasen hoamai mattroi mattrang bautroi dongsong bienxanh mualanh
    muathu muaxuan muahe muadong thang nam trangsang conmeo conmeocon concho concon conheo
    conrong conho nguyen tran le pham hoang huynh phan vu vo dang bui do ho ngo duong ly
    nguyenvan nguyenthi tranvan tranthi levan lethi phamvan phamthi hoangvan hoangthi
    anhtuan minhanh minhtuan quanghuy thuhuong thuha thanhha thuytrang huongiang ngoclan ngocanh
    hongnhung tuananh ducanh hoanglong hoanganh phuonganh phuonglinh linhchi baochau giabao
"""
_ENGLISH = """
    password passwd passw0rd mypassword newpassword changeme letmein welcome welcomeback iloveyou
    loveyou iloveu lovely mylove sunshine princess football baseball superman batman spiderman
    dragon monkey shadow master trustno master hello helloworld freedom whatever computer internet
    samsung iphone google facebook youtube microsoft windows administrator admin root test testing
    user guest login access secret default temp demo office company manager qwerty qwertyuiop
    qazwsx asdfgh asdfghjkl zxcvbn zxcvbnm abcdef abcd abc summer winter spring autumn january
    monday friday family friend friends forever angel flower butterfly chocolate cookie pokemon
    naruto liverpool chelsea arsenal manchester barcelona realmadrid ronaldo messi michael jordan
    charlie jessica ashley daniel thomas andrew robert jennifer nothing something security
"""
WORDS: tuple[str, ...] = tuple(dict.fromkeys(f"{_VIETNAMESE} {_ENGLISH}".split()))
_ROWS = tuple("0123456789"[:length] for length in range(2, 11)) + tuple(
    "1234567890"[:length] for length in range(1, 11)
)
_REPEATED = tuple(digit * length for digit in "0123456789" for length in range(2, 9))
_LUCKY = (
    "6868",
    "8686",
    "68686868",
    "7979",
    "3979",
    "1102",
    "123123",
    "321",
    "321321",
    "987654321",
)
_YEARS = tuple(str(year) for year in range(1950, 2041))
ENDINGS: frozenset[str] = frozenset(("", *_ROWS, *_REPEATED, *_LUCKY, *_YEARS))
_BY_LENGTH: tuple[str, ...] = tuple(sorted(WORDS, key=len, reverse=True))
_PLAIN = str.maketrans("@$!013457", "asioieast")
_MOST_WORDS = 3
_SHORTEST = 12


def list_common() -> Iterator[str]:
    """Yield those of the list that are long enough to be passwords here, some more than once."""
    for first in WORDS:
        for ending in ENDINGS:
            for made in (first + ending, ending + first):
                if len(made) >= _SHORTEST:
                    yield made
        for second in WORDS:
            if len(first + second) >= _SHORTEST:
                yield first + second


def is_common(password: str) -> bool:
    """Say whether a password is on the list, however it is spelt and whatever stands between."""
    folded = fold(password)
    raw = re.sub(r"[\W_]+", "", folded)
    # "p@ssw0rd2024": letters are looked for in the one, digits in the other.
    kept = [(sign, sign.translate(_PLAIN)) for sign in folded if re.match(r"[^\W_]|[@$!]", sign)]
    spelt, read = "".join(one for one, _ in kept), "".join(one for _, one in kept)
    return _is_made(raw, raw, words=_MOST_WORDS) or _is_made(spelt, read, words=_MOST_WORDS)


def _is_made(raw: str, plain: str, *, words: int) -> bool:
    """Say whether words of the list, with an ending behind or before, make up a text.

    `plain` is `raw` with letters for the signs that stand for them.
    """
    if raw.strip("@$!") in ENDINGS and words < _MOST_WORDS:
        return True
    if not words:
        return False
    starts = {0} if words < _MOST_WORDS else {0, *_lengths_of_endings(raw)}
    return any(
        _is_made(raw[start + len(word) :], plain[start + len(word) :], words=words - 1)
        for start in starts
        for word in _BY_LENGTH
        if plain.startswith(word, start)
    )


def _lengths_of_endings(raw: str) -> Iterator[int]:
    for length in range(1, len(raw)):
        if raw[:length] in ENDINGS:
            yield length
