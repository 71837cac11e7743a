"""What can go wrong in the search."""

from documents.errors import BackEndUnavailableError, RejectedInputError


class IndexUnavailableError(BackEndUnavailableError):
    """The index is missing, damaged, of another schema, or cannot be reached."""

    code = "index_unavailable"

    def __init__(self, cause: str) -> None:
        super().__init__(
            vi=f"Chỉ mục tìm kiếm không dùng được: {cause}. Tài liệu đã lưu không bị ảnh hưởng. "
            "Chạy 'sohoa index rebuild' để dựng lại chỉ mục.",
            en=f"The search index cannot be used: {cause}. Stored documents are not affected. "
            "Run 'sohoa index rebuild' to build it again.",
        )


class MalformedQueryError(RejectedInputError):
    """The query is too long, or asks for an impossible part of the answer."""

    code = "malformed_query"

    def __init__(self, *, vi: str, en: str) -> None:
        super().__init__(vi=f"Câu tìm kiếm không dùng được: {vi}", en=f"Unusable query: {en}")
