"""Vietnamese syllables: how they are spelt, what could be one, and how a word shows one."""

import re
import unicodedata
from functools import lru_cache

from documents.folding import to_nfc

LETTERS = "a-zàáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
LONGEST_SYLLABLE = 7
_SYLLABLE_LETTERS = re.compile(f"[{LETTERS}]{{1,{LONGEST_SYLLABLE}}}")
_EDGES = re.compile(r"([\W_]*)(.*?)([\W_]*)", re.DOTALL)
_TONES = {"\u0300": 1, "\u0301": 2, "\u0309": 3, "\u0303": 4, "\u0323": 5}
_SHARP, _HEAVY = 2, 5
# Two spellings of one syllable; the second is the one that counts.
_TONE_PLACES = {
    "òa": "oà", "óa": "oá", "ỏa": "oả", "õa": "oã", "ọa": "oạ",
    "òe": "oè", "óe": "oé", "ỏe": "oẻ", "õe": "oẽ", "ọe": "oẹ",
    "ùy": "uỳ", "úy": "uý", "ủy": "uỷ", "ũy": "uỹ", "ụy": "uỵ",
}  # fmt: skip
_OLDER_PLACES = {newer: older for older, newer in _TONE_PLACES.items()}
_STARTS = (
    "ngh", "ng", "nh", "ch", "gh", "gi", "kh", "ph", "qu", "th", "tr",
    "b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", "",
)  # fmt: skip
# Rimes without tone; those that end in p, t, c or ch carry a sharp or a heavy tone.
_RIME_TEXT = """
    a ai ao au ay ac ach am an ang anh ap at ă ăc ăm ăn ăng ăp ăt â âc âm ân âng âp ât âu ây
    e ec em en eng eo ep et ê êch êm ên ênh êp êt êu êc êng i ia ich im in inh ip it iu iêc iêm
    iên iêng iêp iêt iêu o oa oac oach oai oam oan oang oanh oap oat oay oao oăc oăm oăn oăng oăt
    oc oe oen oeo oet oi om on ong ooc oong op ot ô ôc ôi ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt
    u ua uân uâng uât uây uê uêch uênh uy uya uych uyên uyêt uyn uynh uyt uyu uơ uôc uôi uôm uôn
    uông uôt uc ui um un ung up ut ư ưa ưc ươc ươi ươm ươn ương ươp ươt ươu ưi ưm ưng ưt ưu
    y yêm yên yêng yêt yêu ynh uêt
"""
_RIMES = frozenset(_RIME_TEXT.split())
_STOPS = ("p", "t", "c", "ch")


@lru_cache(maxsize=1 << 16)
def peel(text: str) -> tuple[str, str, str]:
    """Return signs before, the word itself, and signs after: "(Ngày," is "(", "Ngày" and ","."""
    match = _EDGES.fullmatch(text)
    if match is None:  # never: the expression takes every text
        return "", text, ""
    return match[1], match[2], match[3]


def core_of(text: str) -> str:
    """Return a word without the signs at its edges."""
    return peel(text)[1]


@lru_cache(maxsize=1 << 16)
def without_marks(text: str) -> str:
    """Return the letters without marks; case stays ("Đường" is "Duong")."""
    parts = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return to_nfc("".join(part for part in parts if not unicodedata.combining(part)))


@lru_cache(maxsize=1 << 16)
def syllable_of(text: str) -> str:
    """Return small letters, in one spelling for the two places of the tone mark (Hòa is hoà)."""
    low = text.lower()
    if low.startswith("q") and len(low) == 3:  # noqa: PLR2004 - quý: here u belongs to q
        return low
    return low[:-2] + _TONE_PLACES.get(low[-2:], low[-2:])


def spellings_of(syllable: str) -> tuple[str, ...]:
    """Return a syllable as `syllable_of` gives it, and its other spelling where there is one."""
    older = _OLDER_PLACES.get(syllable[-2:])
    return (syllable,) if older is None else (syllable, syllable[:-2] + older)


def has_syllable_letters(low: str) -> bool:
    """Say whether a text of small letters is short and all of Latin and Vietnamese letters."""
    return _SYLLABLE_LETTERS.fullmatch(low) is not None


@lru_cache(maxsize=1 << 16)
def could_be_syllable(text: str) -> bool:
    """Say whether start, rime and tone go together in Vietnamese, whatever the word may be."""
    toneless: list[str] = []
    tones: list[int] = []
    for part in unicodedata.normalize("NFD", text.lower()):
        if part in _TONES:
            tones.append(_TONES[part])
        else:
            toneless.append(part)
    if len(tones) > 1:
        return False
    tone = tones[0] if tones else 0
    low = to_nfc("".join(toneless))
    # "gi" is a start (giá) and a start with its rime (gì), so all starts that fit are tried.
    return any(
        low.startswith(start) and _is_rime(low[len(start) :] or start[-1:], tone)
        for start in _STARTS
        if len(low) > len(start) or start == "gi"
    )


def _is_rime(rime: str, tone: int) -> bool:
    return rime in _RIMES and (not rime.endswith(_STOPS) or tone in (_SHARP, _HEAVY))


def with_case_of(pattern: str, low: str) -> str:
    """Return small letters in the case of another word."""
    if pattern.isupper() and len(pattern) > 1:
        return low.upper()
    return low[:1].upper() + low[1:] if pattern[:1].isupper() else low
