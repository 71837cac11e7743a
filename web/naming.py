"""Names as people say them: who decided, what was done, offices and titles as they are written."""

import re
from collections.abc import Mapping

from documents.folding import fold
from web.language import Translator, mark

_POLICY = re.compile(r"policy:(\w+) \((.*)\)")
_POLICIES = {
    "backfile": mark("quy tắc số hóa hàng loạt"),
    "sure": mark("quy tắc xác nhận điều chắc chắn"),
}
_PROGRAMS = {
    "pipeline": mark("hệ thống"),
    "command": mark("dòng lệnh"),
    "samples": mark("bộ giấy tờ mẫu"),
}
_ROLES = {
    "operator": mark("người quét"),
    "officer": mark("cán bộ giải quyết"),
    "archivist": mark("lưu trữ viên"),
    "inspector": mark("thanh tra"),
    "administrator": mark("quản trị viên"),
    "dossier_system": mark("hệ thống hồ sơ"),
    "command_line": mark("dòng lệnh"),
    "station": mark("trạm quét"),
    "system": mark("hệ thống"),
    "policy": mark("theo quy tắc"),
}
_ACTIONS = {
    "batch_closed": mark("đã đóng lô quét"),
    "batch_opened": mark("đã mở lô quét"),
    "confirmed_by_policy": mark("đã xác nhận theo quy tắc"),
    "document_confirmed": mark("đã xác nhận"),
    "document_discarded": mark("đã bỏ tài liệu"),
    "document_filed": mark("đã lưu vào kho"),
    "document_released": mark("đã thôi xem để xác nhận"),
    "document_reserved": mark("đã nhận xem để xác nhận"),
    "document_shown": mark("đã xem tài liệu"),
    "dossier_closed": mark("đã kết thúc hồ sơ"),
    "dossier_filled_in": mark("đã bổ sung thông tin hồ sơ"),
    "dossier_opened": mark("đã mở hồ sơ"),
    "dossier_shown": mark("đã xem hồ sơ"),
    "file_given_out": mark("đã tải tệp"),
    "file_received": mark("đã giao tệp"),
    "history_shown": mark("đã xem lịch sử sửa"),
    "once_only_asked": mark("đã hỏi giấy tờ đang có"),
    "owner_detached": mark("đã gỡ chủ giấy tờ"),
    "pages_expected": mark("đã báo số trang"),
    "secret_paper_stopped": mark("đã dừng vì là tài liệu mật"),
    "tags_corrected": mark("đã sửa thông tin"),
    "tried_again": mark("đã cho làm lại"),
}
_OTHER_ACTION = mark("thao tác khác")
# Purposes that pages and programs of ours write down themselves.
_PURPOSES = {"download": mark("tải về"), "verify": mark("kiểm tra lại tệp")}

# Of the name of an office only these words begin with a small letter inside a name.
_SMALL_WORDS = (
    "công chứng an bệnh viện đa khoa trung tâm phục vụ hành chính kinh tế hạ tầng đô thị "
    "văn phòng sở y tài nguyên môi trường nội vụ tư pháp xây dựng kế hoạch đầu giáo dục đào tạo "
    "ủy ban nhân dân hội đồng phường xã tỉnh thành phố thị trấn quận huyện và số"
)
_SMALL = frozenset(_SMALL_WORDS.split())
_HEADS = re.compile(
    r"(?<=\w) (?=(?:UBND|HĐND|Ủy ban|Hội đồng nhân dân|Sở|Phòng|Trung tâm|Công an|Bệnh viện"
    r"|Văn phòng|Chi cục|Cục)\b)"
)


def who(t: Translator, name: str | None, people: Mapping[str, str]) -> str:
    """Return who did or decided something: a person's name, or a rule in words."""
    if not name:
        return ""
    policy = _POLICY.fullmatch(name)
    if policy:
        rule = t(_POLICIES.get(policy[1], policy[1]))
        return f"{rule} ({who(t, policy[2], people)})"
    if name in _PROGRAMS:
        return t(_PROGRAMS[name])
    kind, _, rest = name.partition(":")
    if rest and kind in ("station", "os"):
        return f"{t(_ROLES['station' if kind == 'station' else 'command_line'])} {rest}"
    return people.get(name, name)


def action_words(t: Translator, action: str) -> str:
    """Return what was done, in words."""
    return t(_ACTIONS.get(action, _OTHER_ACTION))


def role_words(t: Translator, role: str) -> str:
    """Return a role, in words."""
    return t(_ROLES[role]) if role in _ROLES else role


def purpose_words(t: Translator, purpose: str | None) -> str:
    """Return for what something was opened, as the person said it."""
    return t(_PURPOSES[purpose]) if purpose in _PURPOSES else purpose or ""


def show_office(name: str | None) -> str:
    """Return the name of an office as it is written in a sentence, the higher office first.

    "Tỉnh Mẫu UBND Phường Thí Nghiệm" → "Tỉnh Mẫu, UBND phường Thí Nghiệm".
    """
    words = (name or "").split()
    shown = []
    for place, word in enumerate(words):
        plain = word.lower().strip(",.;")
        is_abbreviation = word.isupper() and fold(plain) in _ABBREVIATIONS
        if is_abbreviation:
            shown.append(word)
        elif place and plain in _SMALL and not _is_name(words, place):
            shown.append(word.lower())
        else:
            shown.append(word[:1].upper() + word[1:].lower())
    return _capitalised(_HEADS.sub(", ", _with_heads(" ".join(shown))))


_ABBREVIATIONS = frozenset({"ubnd", "hdnd", "ttpvhcc", "tnhh", "cp"})
_PLACES = frozenset({"phường", "xã", "tỉnh", "phố", "quận", "huyện", "trấn"})
_HEAD_WORDS = (
    "ủy ban", "hội đồng", "sở", "phòng", "trung tâm", "công an", "bệnh viện", "văn phòng",
)  # fmt: skip


def _is_name(words: list[str], place: int) -> bool:
    """Say whether a word is the name of the place that the word before announces."""
    return words[place - 1].lower() in _PLACES and words[place].lower() not in _PLACES


def _with_heads(text: str) -> str:
    """Begin each office with a capital letter, so that it can be told from the one above."""
    for head in _HEAD_WORDS:
        text = re.sub(
            rf"(?<=[\w,]) {head}\b", lambda found: f" {found[0][1].upper()}{found[0][2:]}", text
        )
    return text.replace("Văn Phòng", "Văn phòng")


def _capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def show_person(name: str | None) -> str:
    """Return a person's name with capital first letters, also where the paper shouts it."""
    return (name or "").title() if (name or "").isupper() else name or ""


def show_title(title: str | None, type_name: str) -> str:
    """Return what a title says beyond the name of the type; empty if it says nothing more."""
    text = " ".join((title or "").split())
    if fold(text).startswith(fold(type_name)):
        text = text[len(type_name) :].lstrip(" :.,-–")
    if text.isupper():
        text = text.capitalize()
    return text[:1].upper() + text[1:]
