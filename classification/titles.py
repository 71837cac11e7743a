"""What a paper is: from its title, its type line, its number's notation and its cues.

Rules of the trade: a paper that is mentioned is not the paper; specific types go before general
ones; without enough evidence the answer is "not determined".
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from classification.page_lines import PageLine, box_of
from documents.catalogue import ComponentType
from documents.model import Proposal

_TITLE_ZONE = 0.55
_CAPITALS = 0.6
_JOINED_CAPITALS = 0.75
_LONGEST_TITLE = 110
_STATE_HEADS = ("cong hoa xa hoi", "doc lap", "uy ban nhan dan", "hoi dong nhan dan", "bo ", "so ")
# Without its marks a ward ("phường An Lạc") begins as a scheme does ("phương án").
_WARD = re.compile(r"ph[uư]ờng\b")
_MENTION = re.compile(r"\b(?:can cu|theo|kem theo|so|ngay|dieu|khoan)\b")
_SURE_TITLE, _NOTATION, _BOTH, _CUE, _LETTER = 0.9, 0.8, 0.97, 0.55, 0.85
_DOUBTFUL_BELOW = 0.75
_MOST_ALTERNATIVES = 4


@dataclass(frozen=True, slots=True)
class _Found:
    type_id: str
    strength: float
    line: PageLine
    rank: int


def propose_type(
    lines: Sequence[PageLine],
    types: Mapping[str, ComponentType],
    *,
    notation: str | None,
    is_card: bool,
) -> tuple[Proposal | None, tuple[Proposal, ...]]:
    """Return the likeliest component type and others that it might be.

    Args:
        lines: of the first page, top down.
        types: the catalogue, most specific first.
        notation: the type abbreviation of the paper's number, where it was read.
        is_card: the page has the size of an identity card.
    """
    found = [*_by_title(lines, types, is_card=is_card), *_by_cues(lines, types, is_card=is_card)]
    by_notation = _by_notation(lines, types, notation)
    if by_notation is not None:
        found.append(by_notation)
    best: dict[str, _Found] = {}
    for one in found:
        known = best.get(one.type_id)
        if known is None:
            best[one.type_id] = one
        elif known.line is not one.line or one is by_notation:
            strength = max(known.strength, one.strength, _BOTH if one is by_notation else 0)
            best[one.type_id] = _Found(one.type_id, strength, known.line, known.rank)
    ranked = sorted(best.values(), key=lambda one: (-round(one.strength, 1), one.rank))
    proposals = tuple(_proposal(one) for one in ranked)
    if not proposals:
        return None, ()
    return proposals[0], proposals[1 : 1 + _MOST_ALTERNATIVES]


def _proposal(found: _Found) -> Proposal:
    confidence = round(found.strength * (0.5 + 0.5 * found.line.confidence), 4)
    return Proposal(
        name="component_type",
        value=found.type_id,
        confidence=confidence,
        page=found.line.page,
        box=box_of(found.line.words),
        doubtful=confidence < _DOUBTFUL_BELOW,
    )


def _by_title(
    lines: Sequence[PageLine], types: Mapping[str, ComponentType], *, is_card: bool
) -> list[_Found]:
    """Match lines in capitals of the upper part; the first and most specific counts."""
    found: list[_Found] = []
    for candidate, line in _title_candidates(lines):
        matches = [
            one
            for one in types.values()
            if one.is_card <= is_card and any(title.search(candidate) for title in one.titles)
        ]
        if matches:
            first = min(matches, key=lambda one: one.rank)
            found.append(_Found(first.id, _SURE_TITLE, line, first.rank))
        if found:
            break
    return found


def _title_candidates(lines: Sequence[PageLine]) -> list[tuple[str, PageLine]]:
    """Return titles with and without the capital line that follows them."""
    candidates = []
    upper = [line for line in lines if line.y < _TITLE_ZONE]
    for index, line in enumerate(upper):
        title = _bare(line.folded)
        is_head = title.startswith(_STATE_HEADS)
        if line.capital_share < _CAPITALS or is_head or len(title) > _LONGEST_TITLE:
            continue
        if _MENTION.match(title) or _WARD.match(line.text.lower()):
            continue
        following = upper[index + 1] if index + 1 < len(upper) else None
        if following is not None and following.capital_share >= _JOINED_CAPITALS:
            candidates.append((f"{title} {_bare(following.folded)}", line))
        candidates.append((title, line))
    return candidates


def _bare(folded: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"[^a-z0-9,()/ ]", " ", folded)).strip()


def _by_notation(
    lines: Sequence[PageLine], types: Mapping[str, ComponentType], notation: str | None
) -> _Found | None:
    """Let the number's notation speak: QĐ is a decision; an agency's letters are a letter."""
    if notation is None or not lines:
        return None
    for one in types.values():
        if notation in one.notations:
            return _Found(one.id, _NOTATION, lines[0], one.rank)
    return None


def _by_cues(
    lines: Sequence[PageLine], types: Mapping[str, ComponentType], *, is_card: bool
) -> list[_Found]:
    """Match phrases that only such a paper carries; two of them make a type likely."""
    found = []
    for one in types.values():
        if one.is_card and not is_card:
            continue
        hits = {cue.pattern: line for cue in one.cues for line in lines if cue.search(line.folded)}
        if one.id == "cong_van":
            is_letter = bool(hits) and any(
                line.folded.startswith(("v/v", "ve viec")) for line in lines if line.y < _TITLE_ZONE
            )
            if is_letter:
                found.append(_Found(one.id, _LETTER, next(iter(hits.values())), one.rank))
        elif hits:
            strength = _CUE + (0.1 if len(hits) > 1 else 0.0)
            found.append(_Found(one.id, strength, next(iter(hits.values())), one.rank))
    return found
