"""What is chosen in a search, as addresses that can be sent to a colleague."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, cast
from urllib.parse import urlencode

from search.search_index import Facet, SearchHit, SortOrder, Validity
from web.language import Translator, mark
from web.naming import show_office, show_person
from workers.searching import Found, Wish
from workers.services import Services

_PARAMETERS: Mapping[Facet, str] = {
    "component_type": "type",
    "validity": "validity",
    "year": "year",
    "issuer": "issuer",
    "procedure": "procedure",
    "owner_id": "owner",
}
_LABELS: Mapping[Facet, str] = {
    "component_type": mark("Loại giấy tờ"),
    "validity": mark("Hiệu lực"),
    "year": mark("Năm ban hành"),
    "issuer": mark("Cơ quan ban hành"),
    "procedure": mark("Thủ tục"),
    "owner_id": mark("Chủ giấy tờ"),
}
_VALIDITIES: Mapping[Validity, str] = {
    "valid": mark("Còn giá trị"),
    "expired": mark("Hết giá trị"),
    "unknown": mark("Cần tra cứu thêm"),
}
SORTS: Mapping[SortOrder, str] = {
    "relevance": mark("Khớp nhất"),
    "issued_on": mark("Ngày ban hành mới nhất"),
    "filed_at": mark("Mới lưu nhất"),
}
_YEAR_DIGITS = 4
_SHOWN_AT_FIRST = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """A value to narrow by: in words, how many it leaves, and where it leads."""

    text: str
    count: int | None
    address: str
    is_chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The values of one facet; some are shown at first, the others on demand."""

    facet: Facet
    parameter: str
    label: str
    options: tuple[Option, ...]

    @property
    def first(self) -> tuple[Option, ...]:
        """The values that are shown at once."""
        return self.options[:_SHOWN_AT_FIRST]

    @property
    def others(self) -> tuple[Option, ...]:
        """The values that are shown on demand."""
        return self.options[_SHOWN_AT_FIRST:]

    @property
    def chosen(self) -> Option | None:
        """The value that was chosen."""
        return next((one for one in self.options if one.is_chosen), None)


class Narrowing:
    """The parameters of a search that are not empty."""

    def __init__(self, chosen: Mapping[str, str]) -> None:
        self.chosen = chosen

    def wish(self, *, limit: int, offset: int) -> Wish:
        """Return what is looked for; what is no possible value counts as nothing chosen."""
        year, validity = self.chosen.get("year", ""), self.chosen.get("validity")
        return Wish(
            text=self.chosen.get("q", ""),
            component_type=self.chosen.get("type"),
            procedure=self.chosen.get("procedure"),
            issuer=self.chosen.get("issuer"),
            year=int(year) if self._is_year(year) else None,
            owner=self.chosen.get("owner"),
            validity=cast("Validity", validity) if validity in _VALIDITIES else None,
            sort=self.sort,
            limit=limit,
            offset=offset,
        )

    @property
    def sort(self) -> SortOrder:
        """The order that was chosen: newest first where nothing is looked for by words."""
        wanted = self.chosen.get("sort")
        if wanted in SORTS:
            return cast("SortOrder", wanted)
        return "relevance" if self.chosen.get("q") else "filed_at"

    @property
    def filter_count(self) -> int:
        """How many filters are chosen."""
        return sum(name in self.chosen for name in _PARAMETERS.values())

    def address(self, **changes: str | None) -> str:
        """Return the address of this search with some parameters changed or left out."""
        kept = {**self.chosen, **changes}
        query = urlencode({name: value for name, value in kept.items() if value})
        return f"/search?{query}" if query else "/search"

    def without(self, facet: Facet) -> str:
        """Return the address of this search without one filter."""
        return self.address(**{_PARAMETERS[facet]: None})

    def groups(
        self,
        services: Services,
        found: Found,
        t: Translator,
        language: Literal["vi", "en"],
    ) -> list[Group]:
        """Return by what the finds can be narrowed; a chosen value is there in any case."""
        made = []
        for facet, parameter in _PARAMETERS.items():
            counted = self._counted(facet, found)
            chosen = self.chosen.get(parameter)
            if chosen is not None and chosen not in {value for value, _, _ in counted}:
                name = (found.owner_name or "") if facet == "owner_id" else ""
                counted = [(chosen, name, None), *counted]
            options = tuple(
                Option(
                    text=self._text(services, facet, value, name, t, language),
                    count=count,
                    address=self.address(**{parameter: None if value == chosen else value}),
                    is_chosen=value == chosen,
                )
                for value, name, count in counted
            )
            if options:
                made.append(
                    Group(
                        facet=facet, parameter=parameter, label=t(_LABELS[facet]), options=options
                    )
                )
        return made

    def sorts(self, t: Translator) -> list[Option]:
        """Return the orders to choose from."""
        return [
            Option(
                text=t(text),
                count=None,
                address=self.address(sort=name),
                is_chosen=name == self.sort,
            )
            for name, text in SORTS.items()
        ]

    @staticmethod
    def _is_year(text: str) -> bool:
        return len(text) == _YEAR_DIGITS and text.isascii() and text.isdigit()

    @staticmethod
    def _counted(facet: Facet, found: Found) -> list[tuple[str, str, int | None]]:
        """Return value, name and number of each value of a facet."""
        if facet == "owner_id":
            return [(one.key, one.name, one.count) for one in found.owners]
        return [(one.value, "", one.count) for one in found.facets.get(facet, ())]

    @staticmethod
    def _text(
        services: Services, facet: Facet, value: str, name: str, t: Translator, language: str
    ) -> str:
        if facet == "owner_id":
            return show_person(name) or t(mark("một người"))
        if facet == "issuer":
            return show_office(value)
        if facet == "validity" and value in _VALIDITIES:
            return t(_VALIDITIES[cast("Validity", value)])
        known = (
            services.component_types.get(value)
            if facet == "component_type"
            else services.procedures.get(value)
            if facet == "procedure"
            else None
        )
        if known is None:
            return value
        return known.name_en if language == "en" else known.name_vi


def snippet_pieces(hit: SearchHit) -> Iterator[tuple[str, bool]]:
    """Yield the snippet in pieces, and whether each fits the query; the template escapes them."""
    position = 0
    for start, end in hit.marked:
        if start > position:
            yield hit.snippet[position:start], False
        yield hit.snippet[start:end], True
        position = end
    if position < len(hit.snippet):
        yield hit.snippet[position:], False
