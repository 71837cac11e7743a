"""What the language must not change: personal names, and words that the texts do not bear out."""

import re
from collections.abc import Sequence
from itertools import chain

from ocr.language.model import LanguageModel
from ocr.language.syllables import core_of, without_marks
from ocr.language.tokens import NUMBER, SENTENCE, token_of
from ocr.language.weights import Weights

# Family names of the Kinh and of other peoples of the country.
_FAMILY_NAME_TEXT = """
    nguyễn trần lê phạm hoàng huỳnh phan vũ võ đặng bùi đỗ hồ ngô dương lý đinh trịnh trương lương
    mai tô tôn đào đoàn cao châu tạ hà quách thái kiều lâm nông vương tăng phùng lục lò vàng giàng
    sầm hứa chu bế triệu thạch mạc khuất tiêu ninh cầm quàng lường tòng vi hoàn lưu la ma mã
    thân tống từ trà ông phó nghiêm âu đàm điêu đồng doãn giáp hầu khương kim lại nhữ
    cù ngụy hờ sình mùa khổng lữ nhan ô phương quản quang sử tào thi tiết
    ung uông vạn vòng xa cà chẩu cứ đèo kha khúc lãnh lèng liễu lim lỷ màn mông nịnh
    ong phí thiều tưởng ứng văn viên vừ sùng thào giàng chảo tẩn lù hạng ksor rơ siu niê ya kpă
"""
FAMILY_NAMES = frozenset(_FAMILY_NAME_TEXT.split())
# F a family name, C another word with a capital, small where a sign follows, - all else.
_NAME = re.compile("F[FC]{1,3}[FCfc]|(?<![FCfc])F[FCfc]")


def places_in_names(texts: Sequence[str]) -> set[int]:
    """Return the places of words in personal names: a family name and what follows it."""
    kinds = "".join(map(_kind_in_name, texts))
    return set(chain.from_iterable(range(*match.span()) for match in _NAME.finditer(kinds)))


def _kind_in_name(text: str) -> str:
    core = core_of(text)
    if not core.isalpha() or core != core.capitalize():
        return "-"
    kind = "F" if core.lower() in FAMILY_NAMES else "C"
    return kind if text.endswith(core) else kind.lower()


def take_back(
    texts: Sequence[str], readings: Sequence[str], model: LanguageModel, weights: Weights
) -> list[str]:
    """Return the readings, with changes of possible words undone where nothing bears them out.

    A word that is Vietnamese as it stands gives way only to one that was seen in the texts often
    enough beside the word before or after it, and so does any word to one of other letters; a word
    in a personal name never does.
    """
    tokens = [token_of(reading) for reading in readings]
    names = places_in_names(texts)
    kept = list(readings)
    for place, (text, reading) in enumerate(zip(texts, readings, strict=True)):
        if reading == text:
            continue
        core = core_of(text)
        if place in names:
            kept[place] = text
        elif model.is_possible(core) or without_marks(core) != without_marks(core_of(reading)):
            needed = weights.capital_pair if core[0].isupper() else weights.pair
            if seen_beside_neighbours(tokens, place, model) < needed:
                kept[place] = text
    return kept


def seen_beside_neighbours(tokens: Sequence[str | None], place: int, model: LanguageModel) -> int:
    """Return how often the texts have a token beside its neighbours, the better of the two."""
    token = tokens[place] or SENTENCE
    before = next((one for one in reversed(tokens[:place]) if one), SENTENCE)
    after = next((one for one in tokens[place + 1 :] if one), SENTENCE)
    seen = 0
    if before in model.lexicon or before == NUMBER:
        seen = model.pair_count(before, token)
    if after in model.lexicon:
        seen = max(seen, model.pair_count(token, after))
    return seen
