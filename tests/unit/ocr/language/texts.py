"""A small language to correct by, and words with what else the recogniser saw."""

from dataclasses import replace

from documents.model import Line, Word
from ocr.language.counting import Counted, Limits, count_documents
from ocr.language.model import LanguageModel
from ocr.language.sources import Document
from tests.builders import line_of, make_line, make_word

SENTENCES = (
    "Ủy ban nhân dân tỉnh quyết định công bố thủ tục hành chính thuộc thẩm quyền giải quyết.",
    "Chủ tịch Ủy ban nhân dân huyện có thẩm quyền giải quyết hồ sơ của công dân.",
    "Văn phòng có trách nhiệm hướng dẫn, đề nghị Sở Tư pháp bổ sung hồ sơ còn thiếu.",
    "Nghị định của Chính phủ về kiểm soát thủ tục hành chính.",
    "Người yêu cầu được trả kết quả, bổ sung giấy tờ theo quy định.",
    "Quyền của công dân được bảo đảm, quyên góp là việc tự nguyện.",
)
EVERYTHING = Limits(syllable=1, other_word=1, pair=1, triple=1)
NO_RUNS: frozenset[int] = frozenset()


def count_small(*, times: int = 40) -> Counted:
    """Count the sentences, each as if it stood in that many papers."""
    texts = [Document(sentence, times) for sentence in SENTENCES]
    return count_documents(texts, judged=NO_RUNS, apart=(), limits=EVERYTHING)


def small_model() -> LanguageModel:
    """Return a model that knows these sentences and nothing else."""
    return LanguageModel(count_small().counts)


def with_alternatives(word: Word, place: int, other: str, *, cost: float = 4.0) -> Word:
    """Return a word for which another letter was seen at a place."""
    slots = [() if at != place else ((other, cost),) for at in range(len(word.text))]
    return replace(word, alternatives=tuple(slots))


def read_line(text: str) -> Line:
    """Return a line as it was read."""
    return make_line(text)


def read_words(*words: Word) -> Line:
    """Return a line of words side by side, with the gaps of type."""
    x = 160
    placed = []
    for word in words:
        width = word.box.x1 - word.box.x0
        box = replace(word.box, x0=x, x1=x + width)
        placed.append(replace(word, box=box))
        x += width + 16
    return line_of(placed)


def word(text: str) -> Word:
    """Return a word as it was read."""
    return make_word(text)
