"""What can go wrong with accounts that have, or must have, a second factor."""

from documents.errors import BackEndUnavailableError, PolicyViolationError, RejectedInputError


class CodeNeededError(PolicyViolationError):
    """The password was right; the code of the second factor is to follow.

    `ticket` lets the second step know that the first one was done, for a few minutes.
    """

    code = "code_needed"

    def __init__(self, ticket: str) -> None:
        self.ticket = ticket
        super().__init__(
            vi="Mật khẩu đúng. Nhập tiếp mã xác thực 6 chữ số trên điện thoại của bạn.",
            en="The password is right. Now enter the six-digit code that your phone shows.",
        )


class WrongCodeError(RejectedInputError):
    """A code that does not count: wrong, too old, or used before."""

    code = "wrong_code"

    def __init__(self) -> None:
        super().__init__(
            vi="Mã không đúng hoặc đã dùng. Chờ mã mới hiện trên điện thoại rồi nhập lại; "
            "kiểm tra giờ của điện thoại.",
            en="The code is wrong or was used before. Wait for the next one and enter it; check "
            "the time of your phone.",
        )


class SecondStepExpiredError(PolicyViolationError):
    """Too much time has passed since the password, or it has changed."""

    code = "second_step_expired"

    def __init__(self) -> None:
        super().__init__(
            vi="Đã quá lâu kể từ khi nhập mật khẩu, hoặc tài khoản đang tạm khóa. "
            "Đăng nhập lại từ đầu.",
            en="Too long ago since the password, or the account is locked for a while. "
            "Sign in from the beginning.",
        )


class FactorStateError(PolicyViolationError):
    """A second factor is in force already, or was not begun."""

    code = "second_factor_state"

    def __init__(self) -> None:
        super().__init__(
            vi="Mã xác thực của tài khoản đã thay đổi ở nơi khác. Tải lại trang rồi làm lại.",
            en="The second factor of this account was changed elsewhere. Reload the page, "
            "then try again.",
        )


class SealingKeyError(BackEndUnavailableError):
    """The key that seals secrets cannot be used."""

    code = "sealing_key"

    def __init__(self, name: str) -> None:
        super().__init__(
            vi=f"Không dùng được khóa niêm phong {name}: tệp hỏng hoặc người khác đọc được. "
            "Quản trị viên sửa quyền tệp thành 0600 hoặc khôi phục từ bản sao lưu.",
            en=f"The sealing key {name} cannot be used: it is damaged or others can read it. "
            "The administrator sets its mode to 0600 or restores it from a backup.",
        )


class PasswordWorkError(BackEndUnavailableError):
    """There is not memory enough to compare a password."""

    code = "password_work"

    def __init__(self) -> None:
        super().__init__(
            vi="Máy chủ đang thiếu bộ nhớ nên chưa kiểm tra được mật khẩu. Thử lại sau ít phút; "
            "nếu vẫn vậy, báo quản trị viên.",
            en="The server has too little memory to check the password now. Try again in some "
            "minutes; if it stays so, tell the administrator.",
        )
