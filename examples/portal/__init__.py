"""The Public Service Portal: a personal page with a name on it, and a little more if one likes."""

from examples.agency.fields import BIRTHDATE, NAME, SEX
from examples.agency.model import Agency

PORTAL = Agency(
    client_id="portal",
    names={"vi": "Cổng Dịch vụ công", "en": "Public Service Portal"},
    headings={"vi": "Trang cá nhân của bạn", "en": "Your personal page"},
    leads={
        "vi": "Đăng nhập để mở trang cá nhân. Bạn không phải gõ gì cả.",
        "en": "Sign in to open your personal page. You need not type anything.",
    },
    scope="openid profile",
    fields=(NAME, BIRTHDATE, SEX),
)
