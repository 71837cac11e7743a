"""What can be said about a signature, in words that a person understands."""

from documents.errors import Reason

UNTRUSTED = Reason(
    code="untrusted_issuer",
    vi="Nội dung không đổi và chữ ký đúng, nhưng chưa cấu hình chứng thư gốc của nơi cấp nên "
    "chưa khẳng định được người ký. Quản trị viên có thể thêm chứng thư gốc.",
    en="Content and signature are right, but the issuer's root certificate is not configured, so "
    "the signer is not confirmed. The administrator can add the root certificate.",
)
VALID = Reason(
    code="valid",
    vi="Nội dung không đổi từ khi ký, chữ ký đúng, người ký được cơ quan cấp chứng thư tin cậy "
    "xác nhận.",
    en="The content is unchanged since signing, the signature is right, and a trusted authority "
    "confirms the signer.",
)
DIGEST_DIFFERS = Reason(
    code="digest_differs",
    vi="Nội dung tệp đã bị thay đổi sau khi ký.",
    en="The content was changed after signing.",
)
WRONG_SIGNATURE = Reason(
    code="wrong_signature",
    vi="Chữ ký không khớp với khóa công khai của người ký.",
    en="The signature does not fit the signer's public key.",
)
ODD_ENCODING = Reason(
    code="odd_encoding",
    vi="Giá trị băm bên trong chữ ký đúng, nhưng cách mã hóa không theo RFC 8017 (thiếu NULL). "
    "Không phải chữ ký giả; nhiều phần mềm sẽ báo lỗi.",
    en="The digest inside the signature is right, but its encoding is not as RFC 8017 asks (no "
    "NULL). It is not forged; much software will refuse it.",
)
CHANGED_AFTERWARDS = Reason(
    code="changed_afterwards",
    vi="Sau khi ký, tệp còn được sửa thêm ngoài việc ký tiếp.",
    en="After this signature the file was changed beyond further signing.",
)
CHANGED_BUT_COVERED = Reason(
    code="changed_but_covered",
    vi="Sau khi ký, tệp được sửa thêm; phần sửa được chữ ký sau đó bao phủ.",
    en="The file was changed after this signature; a later signature covers the change.",
)
TRAILING_BYTES = Reason(
    code="trailing_bytes",
    vi="Có dữ liệu bị gắn thêm vào cuối tệp, không chữ ký nào bao phủ.",
    en="Bytes were appended at the end of the file; no signature covers them.",
)
ODD_RANGE = Reason(
    code="odd_byte_range",
    vi="Chữ ký không bao phủ trọn một phiên bản của tệp.",
    en="The signature does not cover a whole revision of the file.",
)
UNREADABLE = Reason(
    code="unreadable_signature",
    vi="Không đọc được cấu trúc của chữ ký này; cần kiểm tra bằng phần mềm khác.",
    en="The structure of this signature cannot be read; check it with other software.",
)
UNKNOWN_ALGORITHM = Reason(
    code="unknown_algorithm",
    vi="Chữ ký dùng thuật toán mà hệ thống chưa kiểm tra được.",
    en="The signature uses an algorithm that is not checked here.",
)
WEAK_ALGORITHM = Reason(
    code="weak_algorithm",
    vi="Chữ ký dùng thuật toán băm cũ (SHA-1 hoặc MD5).",
    en="The signature uses an old digest algorithm (SHA-1 or MD5).",
)
NO_TIMESTAMP = Reason(
    code="no_timestamp",
    vi="Không có dấu thời gian: thời điểm ký là do máy người ký tự ghi.",
    en="There is no time-stamp: the time of signing is what the signer's machine said.",
)
REVOKED = Reason(
    code="revoked",
    vi="Chứng thư của người ký đã bị thu hồi trước khi ký.",
    en="The signer's certificate was revoked before signing.",
)
CHAIN_FAILS = Reason(
    code="chain_fails",
    vi="Chứng thư của người ký không được xác nhận tại thời điểm ký (hết hạn hoặc thiếu dữ liệu "
    "thu hồi).",
    en="The signer's certificate is not confirmed at the time of signing (expired, or revocation "
    "data is missing).",
)
NO_CERTIFICATE = Reason(
    code="no_certificate",
    vi="Trong chữ ký không có chứng thư của người ký.",
    en="The signature does not bring the signer's certificate.",
)
