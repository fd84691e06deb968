"""The Tax Department: an income tax refund, on a form that the State's registers fill in."""

from examples.agency.fields import COMMUNE, EMAIL, ID_NUMBER, NAME, PHONE, PROVINCE, STREET
from examples.agency.model import Agency

TAX = Agency(
    client_id="tax",
    names={"vi": "Cục Thuế", "en": "Tax Department"},
    headings={"vi": "Hoàn thuế thu nhập cá nhân", "en": "Income tax refund"},
    leads={
        "vi": "Đăng nhập để mở tờ khai. Những gì Nhà nước đã biết sẽ được điền sẵn.",
        "en": "Sign in to open the form. What the State already knows is filled in.",
    },
    scope="openid profile email phone",
    claims=("nid:personal_id_number", "nid:address_permanent"),
    fields=(NAME, ID_NUMBER, STREET, COMMUNE, PROVINCE, PHONE, EMAIL),
)
