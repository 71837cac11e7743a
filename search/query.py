"""What a person typed, as terms; nothing in it has a special meaning but quotation marks."""

import re
from dataclasses import dataclass, replace

from documents.folding import to_nfc
from search.errors import MalformedQueryError
from search.words import WORD, fold_nfc, identifier_of, words_of

MAX_CHARACTERS = 1_000
MAX_WORDS = 64
_MIN_PREFIX_CHARACTERS = 2
_YEAR = re.compile(r"(?:19|20)[0-9]{2}")
_CHUNK = re.compile(r'"([^"]*)"?|([^\s"]+)')
_QUOTES = str.maketrans("“”„«»", '"""""')


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Words that must stand next to each other; mostly one.

    `exact` are NFC words in lower case, `folded` the same without marks. With `is_prefix` the last
    word may go on. `identifier` holds the digits where the term is a personal or enterprise number.
    """

    exact: tuple[str, ...]
    folded: tuple[str, ...]
    is_prefix: bool = False
    identifier: str | None = None

    @property
    def year(self) -> str | None:
        """The term where it is a year: papers that were issued in it fit, too."""
        word = self.folded[0]
        return word if len(self.folded) == 1 and _YEAR.fullmatch(word) else None

    @property
    def has_marks(self) -> bool:
        """Whether the person typed marks, and so meant them."""
        return self.exact != self.folded

    @property
    def whole(self) -> "Term":
        """The term with a finished last word."""
        return replace(self, is_prefix=False)


def parse_query(text: str) -> tuple[Term, ...]:
    """Return the terms of a query; none if it holds neither letters nor digits.

    Raises:
        MalformedQueryError: it is longer than 1,000 characters or 64 words.
    """
    nfc = to_nfc(text).translate(_QUOTES)
    if len(nfc) > MAX_CHARACTERS or len(WORD.findall(nfc)) > MAX_WORDS:
        raise MalformedQueryError(
            vi=f"dài quá {MAX_CHARACTERS} ký tự hoặc {MAX_WORDS} từ. Chỉ giữ lại các từ chính.",
            en=f"longer than {MAX_CHARACTERS} characters or {MAX_WORDS} words. Keep the main ones.",
        )
    terms = []
    for found in _CHUNK.finditer(nfc):
        quoted, bare = found.groups()
        term = _term(bare or quoted or "", may_go_on=bare is not None and found.end() == len(nfc))
        if term is not None:
            terms.append(term)
    return tuple(terms)


def _term(chunk: str, *, may_go_on: bool) -> Term | None:
    exact = tuple(words_of(chunk))
    if not exact:
        return None
    last = exact[-1]
    # A number that goes on is another number.
    is_prefix = (
        may_go_on
        and len(last) >= _MIN_PREFIX_CHARACTERS
        and not last.isdigit()
        and chunk.endswith(WORD.findall(chunk)[-1])
    )
    return Term(
        exact=exact,
        folded=tuple(fold_nfc(word) for word in exact),
        is_prefix=is_prefix,
        identifier=identifier_of(chunk),
    )
