"""What can go wrong in signing, time-stamping and checking signatures."""

from documents.errors import (
    BackEndUnavailableError,
    ConfigurationError,
    IntegrityError,
    PolicyViolationError,
    RejectedInputError,
)


class TimestampUnavailableError(BackEndUnavailableError):
    """No time-stamp came; nothing is signed without one."""

    code = "timestamp_unavailable"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Chưa lấy được dấu thời gian ({what}). Tài liệu chờ, hệ thống sẽ tự ký lại.",
            en=f"No time-stamp was given ({what}). The document waits and is signed later.",
        )


class SigningKeyError(ConfigurationError):
    """A key or its passphrase is missing or wrong."""

    code = "signing_key"

    def __init__(self, what: str) -> None:
        super().__init__(
            vi=f"Không dùng được khóa ký ({what}). Kiểm tra thư mục pki của hệ thống.",
            en=f"The signing key cannot be used ({what}). Check the pki folder.",
        )


class ExposedSecretError(ConfigurationError):
    """A key or its passphrase lies where other accounts of the machine can read it."""

    code = "exposed_secret"

    def __init__(self, name: str) -> None:
        super().__init__(
            vi=f"Tệp bí mật pki/{name} mở cho tài khoản khác trên máy. Chạy: chmod 600 tệp đó; "
            "nếu có thể đã bị đọc, hãy tạo khóa mới.",
            en=f"Other accounts of this machine can open the secret file pki/{name}. Run chmod 600 "
            "on it; make new keys if it may have been read.",
        )


class CertificateExpiredError(PolicyViolationError):
    """The certificate of a signer is not valid now."""

    code = "certificate_expired"

    def __init__(self, who: str) -> None:
        super().__init__(
            vi=f"Chứng thư số của {who} không còn (hoặc chưa) hiệu lực. Hãy thay chứng thư.",
            en=f"The certificate of {who} is not valid now. Replace it.",
        )


class AlreadySignedError(PolicyViolationError):
    """A file that holds signatures already is never signed as if it were ours."""

    code = "already_signed"

    def __init__(self) -> None:
        super().__init__(
            vi="Tệp đã có chữ ký số nên không được ký đè. Giữ nguyên tệp gốc.",
            en="The file holds signatures already and is not signed over. Keep it as it is.",
        )


class InvalidSignatureError(IntegrityError):
    """A signature that was just made does not hold."""

    code = "invalid_signature"

    def __init__(self, field_name: str) -> None:
        self.field_name = field_name
        super().__init__(
            vi=f"Chữ ký {field_name} vừa tạo không hợp lệ. Dừng lại, báo cho quản trị viên.",
            en=f"The signature {field_name} just made does not hold. Tell the administrator.",
        )


class UnreadableSignedFileError(RejectedInputError):
    """A file whose signatures cannot be looked at, because it is no readable PDF."""

    code = "unreadable_signed_file"

    def __init__(self) -> None:
        super().__init__(
            vi="Không đọc được cấu trúc tệp PDF để kiểm tra chữ ký. Kiểm tra lại tệp gốc.",
            en="The PDF cannot be read to check its signatures. Check the original file.",
        )


class MissingFontError(ConfigurationError):
    """The font for signature stamps is not installed."""

    code = "missing_font"

    def __init__(self) -> None:
        super().__init__(
            vi="Thiếu phông chữ có dấu tiếng Việt. Chạy: sudo apt-get install fonts-liberation2",
            en="A font with Vietnamese letters is missing. "
            "Run: sudo apt-get install fonts-liberation2",
        )
