"""What the agencies' pages say, in plain words."""

from collections.abc import Mapping
from typing import NamedTuple

from examples.agency.fields import Texts


class Told(NamedTuple):
    """A page that tells one thing. ``again``: what its one link says."""

    status: int
    heading: Texts
    text: Texts
    again: Texts


WORDS: Mapping[str, Texts] = {
    "sign_in": {"vi": "Đăng nhập bằng Một Cửa", "en": "Sign in with Một Cửa"},
    "received": {"vi": "Chúng tôi đã nhận được", "en": "What we received"},
    "allowed": {
        "vi": "Dữ liệu được lấy theo sự đồng ý của bạn.",
        "en": "Data fetched as you allowed.",
    },
    "change": {"vi": "Thay đổi", "en": "Change"},
    "filled": {"vi": "mục đã điền", "en": "fields filled"},
    "typed": {"vi": "mục phải gõ", "en": "typed"},
    "open": {"vi": "mục còn trống", "en": "left open"},
    "missing": {
        "vi": "chưa nhận được; bạn có thể cung cấp tại quầy",
        "en": "not received; you can give it at our counter",
    },
    "level_1": {
        "vi": "Bạn đã đăng nhập ở mức 1.",
        "en": "You signed in at level 1.",
    },
    "level_2": {
        "vi": "Bạn đã đăng nhập ở mức 2.",
        "en": "You signed in at level 2.",
    },
    "raise": {"vi": "Xác nhận chắc chắn hơn", "en": "Prove more surely that it is you"},
    "refresh": {"vi": "Lấy lại dữ liệu", "en": "Fetch it again"},
    "sign_out": {"vi": "Đăng xuất", "en": "Sign out"},
    "foot": {
        "vi": "Cơ quan mẫu để thử nghiệm. Không có gì ở đây là thật.",
        "en": "An example agency to try things with. Nothing here is real.",
    },
    "language": {"vi": "Ngôn ngữ", "en": "Language"},
}

_SIGN_IN: Texts = WORDS["sign_in"]
_AGAIN: Texts = {"vi": "Đăng nhập lại", "en": "Sign in again"}
_RETRY: Texts = {"vi": "Thử lại", "en": "Try again"}

TOLD: Mapping[str, Told] = {
    "signed_out": Told(
        200,
        {"vi": "Bạn đã đăng xuất", "en": "You are signed out"},
        {
            "vi": "Bạn đã đăng xuất ở đây và ở tài khoản quốc gia.",
            "en": "You are signed out here and at your national account.",
        },
        _AGAIN,
    ),
    "privacy": Told(
        200,
        {"vi": "Chính sách riêng tư", "en": "Privacy policy"},
        {
            "vi": "Chúng tôi chỉ xem những gì bạn cho phép, vì lý do và trong thời hạn đã"
            " nêu. Bạn có thể ngừng chia sẻ bất cứ lúc nào trong tài khoản quốc gia.",
            "en": "We look only at what you allow, for the reason and for as long as you read when"
            " you decided. You can stop sharing at any time in your national account.",
        },
        _SIGN_IN,
    ),
    "terms": Told(
        200,
        {"vi": "Điều khoản sử dụng", "en": "Terms of use"},
        {
            "vi": "Đây là dịch vụ mẫu để thử đăng nhập và chia sẻ. Không có gì bạn làm ở đây có"
            " hiệu lực pháp lý.",
            "en": "This is an example service, to try signing in and sharing. Nothing that you do"
            " here has any legal effect.",
        },
        _SIGN_IN,
    ),
    "access_denied": Told(
        403,
        {"vi": "Bạn đã chọn không chia sẻ", "en": "You chose not to share"},
        {
            "vi": "Chúng tôi không nhận được gì. Bạn có thể đến quầy, hoặc thử lại.",
            "en": "We received nothing. You can come to our counter, or try again.",
        },
        _RETRY,
    ),
    "stopped": Told(
        403,
        {"vi": "Chúng tôi không còn được xem", "en": "We may no longer look"},
        {
            "vi": "Bạn đã ngừng chia sẻ hoặc đã đăng xuất. Những gì hiện ở đây đã được xóa.",
            "en": "You stopped sharing, or you signed out. What was shown here is gone.",
        },
        _AGAIN,
    ),
    "token_invalid": Told(
        403,
        {"vi": "Đã quá lâu", "en": "Too much time has passed"},
        {
            "vi": "Chúng tôi chỉ được xem trong vài phút. Đăng nhập lại để tiếp tục.",
            "en": "We may look for a few minutes only. Sign in again to go on.",
        },
        _AGAIN,
    ),
    "mismatching_state": Told(
        400,
        {"vi": "Lần đăng nhập này không còn dùng được", "en": "This sign-in cannot be used"},
        {
            "vi": "Nó đã xong, đã cũ, hoặc không bắt đầu từ trình duyệt này.",
            "en": "It is over, too old, or did not start in this browser.",
        },
        _AGAIN,
    ),
    "unreachable": Told(
        502,
        {"vi": "Một Cửa không trả lời", "en": "Một Cửa does not answer"},
        {
            "vi": "Không có gì bị mất. Hãy thử lại sau một phút.",
            "en": "Nothing is lost. Try again in a minute.",
        },
        _RETRY,
    ),
    "failed": Told(
        400,
        {"vi": "Đăng nhập không thành công", "en": "Signing in did not work"},
        {
            "vi": "Câu trả lời nhận được không đúng như mong đợi. Hãy thử lại.",
            "en": "The answer we received is not what we expected. Please try again.",
        },
        _RETRY,
    ),
}
