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


class IndexUnreachableError(IndexUnavailableError):
    """The search server does not answer, or refuses us; what it holds may be sound."""

    code = "index_unreachable"

    def __init__(self, cause: str) -> None:
        BackEndUnavailableError.__init__(
            self,
            vi=f"Máy chủ tìm kiếm chưa trả lời: {cause}. Tài liệu đã lưu không bị ảnh hưởng; "
            "tài liệu mới được đưa vào chỉ mục khi máy chủ trở lại. Tìm lại sau ít phút.",
            en=f"The search server does not answer: {cause}. Stored documents are not affected; "
            "new ones are indexed when it is back. Search again in a few minutes.",
        )


class MalformedQueryError(RejectedInputError):
    """The query is too long, or asks for an impossible part of the answer."""

    code = "malformed_query"

    def __init__(self, *, vi: str, en: str) -> None:
        super().__init__(vi=f"Câu tìm kiếm không dùng được: {vi}", en=f"Unusable query: {en}")
