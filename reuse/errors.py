"""What can go wrong in answering."""

from documents.errors import ConfigurationError, NotFoundError


class UnknownProcedureError(NotFoundError):
    """The catalogue has no such procedure."""

    code = "unknown_procedure"

    def __init__(self, procedure: str) -> None:
        super().__init__(
            vi=f"Không có thủ tục {procedure} trong danh mục. Kiểm tra lại mã thủ tục.",
            en=f"The catalogue has no procedure {procedure}. Check its code.",
        )


class ProcedureCatalogueError(ConfigurationError):
    """An entry of the catalogue of procedures is wrong."""

    code = "procedure_catalogue"

    def __init__(self, entry: str, what: str) -> None:
        super().__init__(
            vi=f"Danh mục thủ tục sai ở mục “{entry}”: {what}.",
            en=f"The catalogue of procedures is wrong at “{entry}”: {what}.",
        )
