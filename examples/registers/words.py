"""Names and places that synthetic people are made of.

Provinces and communes are those since 1 July 2025. A family name stands as often as it is common.
"""

FAMILY = (
    *["Nguyễn"] * 15,
    *["Trần"] * 5,
    *["Lê"] * 4,
    *["Phạm"] * 3,
    *["Hoàng", "Huỳnh", "Phan", "Vũ", "Võ"] * 2,
    *["Đặng", "Bùi", "Đỗ", "Hồ", "Ngô", "Dương", "Lý", "Đinh", "Trịnh", "Mai", "Lâm", "Nông"],
)

MIDDLE = {
    "female": (
        *["Thị"] * 6,
        *["Thị Thu", "Thị Kim", "Ngọc", "Thu", "Minh", "Thanh", "Hồng", "Phương", "Khánh", "Bảo"],
    ),
    "male": (
        *["Văn"] * 5,
        *["Hữu", "Đức", "Minh", "Quang", "Thanh", "Quốc", "Xuân", "Công", "Ngọc", "Gia", "Đình"],
    ),
}

GIVEN = {
    "female": (
        *["Anh", "Chi", "Dung", "Giang", "Hà", "Hạnh", "Hằng", "Hiền", "Hoa", "Hương", "Huyền"],
        *["Lan", "Linh", "Loan", "Mai", "My", "Nga", "Ngân", "Nhung", "Oanh", "Phượng", "Quỳnh"],
        *["Thảo", "Thủy", "Trang", "Trinh", "Tuyết", "Vân", "Xuân", "Yến"],
    ),
    "male": (
        *["An", "Bình", "Cường", "Dũng", "Đạt", "Hải", "Hiếu", "Hòa", "Hùng", "Huy", "Khoa"],
        *["Khôi", "Lâm", "Long", "Mạnh", "Nam", "Nghĩa", "Phong", "Phúc", "Quân", "Sơn", "Tài"],
        *["Thắng", "Thành", "Thịnh", "Tiến", "Toàn", "Trung", "Tuấn", "Vinh"],
    ),
}

STREETS = (
    *["Bà Triệu", "Bạch Đằng", "Cách Mạng Tháng Tám", "Đinh Tiên Hoàng", "Hai Bà Trưng"],
    *["Hùng Vương", "Lê Duẩn", "Lê Hồng Phong", "Lê Lợi", "Lê Thánh Tông", "Lý Thường Kiệt"],
    *["Lý Tự Trọng", "Ngô Quyền", "Nguyễn Du", "Nguyễn Huệ", "Nguyễn Thị Minh Khai"],
    *["Nguyễn Trãi", "Phan Bội Châu", "Phan Chu Trinh", "Quang Trung", "Trần Hưng Đạo"],
    *["Trần Phú", "Trần Quốc Toản", "Yên Ninh"],
)

PLACES = (
    ("phường Hoàn Kiếm", "Hà Nội"),
    ("phường Cửa Nam", "Hà Nội"),
    ("phường Ba Đình", "Hà Nội"),
    ("phường Cầu Giấy", "Hà Nội"),
    ("phường Hà Đông", "Hà Nội"),
    ("phường Sài Gòn", "Thành phố Hồ Chí Minh"),
    ("phường Bến Thành", "Thành phố Hồ Chí Minh"),
    ("phường Chợ Lớn", "Thành phố Hồ Chí Minh"),
    ("phường Thủ Dầu Một", "Thành phố Hồ Chí Minh"),
    ("phường Vũng Tàu", "Thành phố Hồ Chí Minh"),
    ("phường Hồng Bàng", "Hải Phòng"),
    ("phường Hải Dương", "Hải Phòng"),
    ("phường Thuận Hóa", "Huế"),
    ("phường Phú Xuân", "Huế"),
    ("phường Hải Châu", "Đà Nẵng"),
    ("phường Hội An", "Đà Nẵng"),
    ("phường Ninh Kiều", "Cần Thơ"),
    ("phường Sóc Trăng", "Cần Thơ"),
    ("phường Thục Phán", "Cao Bằng"),
    ("phường Minh Xuân", "Tuyên Quang"),
    ("phường Điện Biên Phủ", "Điện Biên"),
    ("phường Tân Phong", "Lai Châu"),
    ("phường Tô Hiệu", "Sơn La"),
    ("phường Sa Pa", "Lào Cai"),
    ("phường Phan Đình Phùng", "Thái Nguyên"),
    ("phường Đông Kinh", "Lạng Sơn"),
    ("phường Hồng Gai", "Quảng Ninh"),
    ("đặc khu Cô Tô", "Quảng Ninh"),
    ("phường Kinh Bắc", "Bắc Ninh"),
    ("phường Bắc Giang", "Bắc Ninh"),
    ("phường Việt Trì", "Phú Thọ"),
    ("phường Vĩnh Yên", "Phú Thọ"),
    ("phường Phố Hiến", "Hưng Yên"),
    ("phường Thái Bình", "Hưng Yên"),
    ("phường Hoa Lư", "Ninh Bình"),
    ("phường Nam Định", "Ninh Bình"),
    ("phường Hạc Thành", "Thanh Hóa"),
    ("phường Sầm Sơn", "Thanh Hóa"),
    ("phường Thành Vinh", "Nghệ An"),
    ("phường Cửa Lò", "Nghệ An"),
    ("phường Thành Sen", "Hà Tĩnh"),
    ("phường Đồng Hới", "Quảng Trị"),
    ("phường Đông Hà", "Quảng Trị"),
    ("phường Cẩm Thành", "Quảng Ngãi"),
    ("phường Kon Tum", "Quảng Ngãi"),
    ("phường Pleiku", "Gia Lai"),
    ("phường Quy Nhơn", "Gia Lai"),
    ("phường Nha Trang", "Khánh Hòa"),
    ("phường Phan Rang", "Khánh Hòa"),
    ("phường Xuân Hương - Đà Lạt", "Lâm Đồng"),
    ("phường Phan Thiết", "Lâm Đồng"),
    ("phường Buôn Ma Thuột", "Đắk Lắk"),
    ("phường Tuy Hòa", "Đắk Lắk"),
    ("phường Trấn Biên", "Đồng Nai"),
    ("phường Đồng Xoài", "Đồng Nai"),
    ("phường Tân Ninh", "Tây Ninh"),
    ("phường Long An", "Tây Ninh"),
    ("phường Long Châu", "Vĩnh Long"),
    ("phường Trà Vinh", "Vĩnh Long"),
    ("phường Mỹ Tho", "Đồng Tháp"),
    ("phường Cao Lãnh", "Đồng Tháp"),
    ("phường Long Xuyên", "An Giang"),
    ("đặc khu Phú Quốc", "An Giang"),
    ("phường Bạc Liêu", "Cà Mau"),
    ("phường An Xuyên", "Cà Mau"),
)
