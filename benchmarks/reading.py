"""How well and at what cost pages are read, beside the tools that people would use instead.

Run by `make benchmark-reading`. The rules of the scores stand in `reading_scores.py`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from pathlib import Path

from benchmarks.measuring import ProgramFailedError
from benchmarks.reading_contenders import Contender, Reading, contenders
from benchmarks.reading_pages import PageSet, damaged_sets, given_set, hard_sets
from benchmarks.reading_scores import Score, add_scores, core_of, score_page, words_of
from benchmarks.tables import to_markdown
from benchmarks.whole_way import machine

_REPORT = Path(__file__).parents[1] / "docs" / "reference" / "reading.md"
_YARDSTICK, _OURS = "tesserocr alone", "sohoa"
_MOST_BELOW = 0.005
_HEAD = [
    "what", "words found", "words right", "found, marks apart", "character errors",
    "CPU s/page", "wall s/page", "MB", "marked doubtful", "wrong of those", "wrong of others",
]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A contender's reading of a set, page by page."""

    name: str
    scores: Sequence[Score] = ()
    reading: Reading | None = None
    why_not: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Doubts:
    """How many words there are with doubt and without, and how many of each are wrong."""

    doubtful: int
    doubtful_wrong: int
    sure: int
    sure_wrong: int


def main() -> int:
    """Read all sets in all ways, print the tables, and say whether no page got worse."""
    wish = _arguments()
    sets = [
        given_set("scanned pages", "vn-scanned-pages"),
        given_set("page images", "vn-page-images"),
        *hard_sets(wish.cache),
        *(damaged_sets(wish.cache) if wish.damaged else ()),
    ]
    ways = [
        way
        for way in contenders(wish.peers, wish.why_no_peers)
        if not wish.only or way.name in wish.only
    ]
    parts = [_heading()]
    holds = True
    for one in sets:
        # What takes ten times as long reads the given pages only.
        asked = [way for way in ways if not (way.is_slow and one.is_drawn)]
        judged = [judge(way, one) for way in asked] if one.pages else []
        parts.append(_section(one, judged))
        holds &= not pages_that_lost(judged)
    report = "\n\n".join(parts) + "\n"
    print(report)
    if wish.write:
        _REPORT.write_text(report, encoding="utf-8")
    return 0 if holds else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cache", type=Path, required=True, help="where pages are kept")
    parser.add_argument("--peers", type=Path, help="bin folder of the peers' environment")
    parser.add_argument("--why-no-peers", default="it was not asked for")
    parser.add_argument("--only", action="append", help="a contender by its name; may be repeated")
    parser.add_argument("--damaged", action="store_true", help="our own pages at five strengths")
    parser.add_argument("--write", action="store_true", help=f"write {_REPORT.name} anew")
    return parser.parse_args()


def judge(way: Contender, pages: PageSet) -> Judged:
    """Let a contender read a set, and score each page."""
    if way.read is None:
        return Judged(name=way.name, why_not=way.why_not)
    try:
        reading = way.read(pages.pages)
    except (ProgramFailedError, OSError) as error:
        return Judged(name=way.name, why_not=str(error).splitlines()[-1])
    scores = [
        score_page(truth, text) for truth, text in zip(pages.truths, reading.texts, strict=True)
    ]
    return Judged(name=way.name, scores=scores, reading=reading)


def pages_that_lost(judged: Sequence[Judged]) -> list[int]:
    """Return the places of pages on which we find fewer words than the yardstick, by 0.5 points."""
    by_name = {one.name: one for one in judged}
    bare, ours = by_name.get(_YARDSTICK), by_name.get(_OURS)
    if bare is None or ours is None:
        return []
    return [
        place
        for place, (theirs, mine) in enumerate(zip(bare.scores, ours.scores, strict=True))
        if mine.recall < theirs.recall - _MOST_BELOW
    ]


def count_doubts(pages: PageSet, reading: Reading) -> Doubts:
    """Count right and wrong words by doubt; a word is right where it stands in its row of words."""
    counted = {(doubtful, wrong): 0 for doubtful in (True, False) for wrong in (True, False)}
    for truth, words in zip(pages.truths, reading.words, strict=True):
        read = [(core, word.doubtful) for word in words if (core := core_of(word.text))]
        right = _right_places(words_of(truth), [core for core, _ in read])
        for place, (_, doubtful) in enumerate(read):
            counted[doubtful, place not in right] += 1
    return Doubts(
        doubtful=counted[True, True] + counted[True, False],
        doubtful_wrong=counted[True, True],
        sure=counted[False, True] + counted[False, False],
        sure_wrong=counted[False, True],
    )


def _right_places(printed: Sequence[str], read: Sequence[str]) -> set[int]:
    matcher = SequenceMatcher(None, printed, read, autojunk=False)
    return {
        place
        for _, start, size in matcher.get_matching_blocks()
        for place in range(start, start + size)
    }


def _section(pages: PageSet, judged: Sequence[Judged]) -> str:
    if not pages.pages:
        return f"## {pages.name}\n\nNot read: {pages.why_not}."
    rows = [_HEAD, *(_row(pages, one) for one in judged if one.reading)]
    missing = [f"{one.name}: {one.why_not}." for one in judged if not one.reading]
    words = sum(len(words_of(truth)) for truth in pages.truths)
    parts = [
        f"## {pages.name}: {len(pages.pages)} pages, {words} words",
        to_markdown(rows),
        *(["Not there: " + " ".join(missing)] if missing else []),
        _page_table(pages, judged),
    ]
    return "\n\n".join(part for part in parts if part)


def _row(pages: PageSet, one: Judged) -> list[str]:
    total = add_scores(one.scores)
    reading = one.reading
    if reading is None:
        return []
    doubts = ["–", "–", "–"]
    if reading.words:
        found = count_doubts(pages, reading)
        doubts = [
            _percent(found.doubtful, found.doubtful + found.sure),
            _percent(found.doubtful_wrong, found.doubtful),
            _percent(found.sure_wrong, found.sure),
        ]
    return [
        one.name,
        f"{total.recall:.2%}",
        f"{total.precision:.2%}",
        f"{total.folded_recall:.2%}",
        f"{total.character_error_rate:.2%}",
        f"{reading.cpu_seconds / len(pages.pages):.2f}",
        f"{reading.wall_seconds / len(pages.pages):.2f}",
        f"{reading.peak_bytes >> 20}",
        *doubts,
    ]


def _page_table(pages: PageSet, judged: Sequence[Judged]) -> str:
    """Return the words found on each page, and the pages on which we lost."""
    shown = [one for one in judged if one.scores]
    if not shown:
        return ""
    rows = [["page", *(one.name for one in shown)]]
    for place, page in enumerate(pages.pages):
        rows.append([page.stem, *(f"{one.scores[place].recall:.2%}" for one in shown)])
    lost = ", ".join(pages.pages[place].stem for place in pages_that_lost(judged))
    verdict = f"Pages below {_YARDSTICK} by more than 0.5 points: {lost or 'none'}."
    return f"{to_markdown(rows)}\n\n{verdict}"


def _percent(part: int, whole: int) -> str:
    return f"{part / whole:.2%}" if whole else "–"


def _heading() -> str:
    return f"""# How well pages are read

Made by `make benchmark-reading WRITE=1`. Words are compared with case and marks, characters in
order; the rules stand in `benchmarks/reading_scores.py`. CPU counts a program and all that it
started, its start included.

{machine()}"""


if __name__ == "__main__":
    raise SystemExit(main())
