"""The units of Điện Biên in 2020, the index each comes out with, and who appraises them.

What `PUBLISHED` and `PUBLISHED_BEFORE` name was reported in 2021; every other index, of 2020 or of the year
before, is made up to go with it.
"""

from __future__ import annotations

from dataclasses import dataclass

from building.appraisers import Appraiser

SO, HUYEN = "so", "huyen"  # departments, districts
BANDS = (("Tốt", "85"), ("Khá", "65"), ("Trung bình", "50"), ("Yếu", "0"))
YEAR, DECIMALS = 2020, 3


@dataclass(frozen=True)
class Unit:
    """One unit: `sign` stands in its document numbers, `index` is this year's, `before` last year's."""

    code: str
    name: str
    bloc: str
    sign: str
    index: str
    before: str


UNITS = (
    Unit("so-noi-vu", "Sở Nội vụ", SO, "SNV", "84.726", "78.914"),
    Unit("so-tu-phap", "Sở Tư pháp", SO, "STP", "92.510", "84.305"),
    Unit("van-phong-ubnd-tinh", "Văn phòng UBND tỉnh", SO, "VPUBND", "86.630", "80.127"),
    Unit("so-thong-tin-truyen-thong", "Sở Thông tin và Truyền thông", SO, "STTTT", "83.663", "76.23"),
    Unit("so-tai-chinh", "Sở Tài chính", SO, "STC", "84.105", "77.46"),
    Unit("so-ke-hoach-dau-tu", "Sở Kế hoạch và Đầu tư", SO, "SKHĐT", "81.377", "75.882"),
    Unit("so-nong-nghiep", "Sở Nông nghiệp và Phát triển nông thôn", SO, "SNN", "79.866", "73.519"),
    Unit("so-cong-thuong", "Sở Công Thương", SO, "SCT", "78.254", "74.208"),
    Unit("so-giao-thong-van-tai", "Sở Giao thông vận tải", SO, "SGTVT", "75.627", "71.94"),
    Unit("so-xay-dung", "Sở Xây dựng", SO, "SXD", "71.862", "69.773"),
    Unit("so-tai-nguyen-moi-truong", "Sở Tài nguyên và Môi trường", SO, "STNMT", "76.318", "67.351"),
    Unit("so-giao-duc-dao-tao", "Sở Giáo dục và Đào tạo", SO, "SGDĐT", "82.204", "75.046"),
    Unit("so-y-te", "Sở Y tế", SO, "SYT", "80.541", "72.667"),
    Unit("so-van-hoa-the-thao-du-lich", "Sở Văn hóa, Thể thao và Du lịch", SO, "SVHTTDL", "77.409", "72.015"),
    Unit(
        "so-lao-dong-thuong-binh-xa-hoi",
        "Sở Lao động - Thương binh và Xã hội",
        SO,
        "SLĐTBXH",
        "79.013",
        "70.822",
    ),
    Unit("so-khoa-hoc-cong-nghe", "Sở Khoa học và Công nghệ", SO, "SKHCN", "82.918", "73.98"),
    Unit("so-ngoai-vu", "Sở Ngoại vụ", SO, "SNgV", "73.485", "70.196"),
    Unit("thanh-tra-tinh", "Thanh tra tỉnh", SO, "TTr", "74.930", "68.54"),
    Unit("ban-dan-toc", "Ban Dân tộc", SO, "BDT", "69.547", "66.408"),
    Unit("tp-dien-bien-phu", "Thành phố Điện Biên Phủ", HUYEN, "TPĐBP", "75.490", "74.126"),
    Unit("tx-muong-lay", "Thị xã Mường Lay", HUYEN, "TXML", "72.731", "70.658"),
    Unit("huyen-dien-bien", "Huyện Điện Biên", HUYEN, "HĐB", "74.885", "72.34"),
    Unit("huyen-dien-bien-dong", "Huyện Điện Biên Đông", HUYEN, "HĐBĐ", "67.922", "64.873"),
    Unit("huyen-muong-ang", "Huyện Mường Ảng", HUYEN, "HMA", "73.946", "69.207"),
    Unit("huyen-muong-cha", "Huyện Mường Chà", HUYEN, "HMC", "71.358", "67.915"),
    Unit("huyen-muong-nhe", "Huyện Mường Nhé", HUYEN, "HMN", "56.167", "60.482"),
    Unit("huyen-nam-po", "Huyện Nậm Pồ", HUYEN, "HNP", "77.030", "58.369"),
    Unit("huyen-tua-chua", "Huyện Tủa Chùa", HUYEN, "HTC", "69.604", "66.751"),
    Unit("huyen-tuan-giao", "Huyện Tuần Giáo", HUYEN, "HTG", "76.412", "73.094"),
)

# What the press reported: unit -> (index, rank or "", class or ""); "" where nothing was reported.
PUBLISHED = {
    "so-tu-phap": ("92.510", "1", ""),
    "van-phong-ubnd-tinh": ("86.630", "2", "Tốt"),
    "so-thong-tin-truyen-thong": ("83.663", "5", "Khá"),
    "huyen-nam-po": ("77.030", "1", ""),
    "tp-dien-bien-phu": ("75.490", "", "Khá"),
    "huyen-muong-nhe": ("56.167", "", "Trung bình"),
}
PUBLISHED_BEFORE = {"so-thong-tin-truyen-thong": ("76.230", "5", ""), "huyen-nam-po": ("", "10", "")}
PUBLISHED_CLASSES = {
    SO: {"Tốt": 2, "Khá": 17},
    HUYEN: {"Khá": 9, "Trung bình": 1},
}


TEAM = "to-giup-viec"
APPRAISERS = (
    Appraiser("tham-dinh-noi-vu", "Tổ thẩm định của Sở Nội vụ", ("1", "4", "5"), "so-noi-vu"),
    Appraiser("tham-dinh-tu-phap", "Tổ thẩm định của Sở Tư pháp", ("2",), "so-tu-phap"),
    Appraiser("tham-dinh-van-phong", "Tổ thẩm định của Văn phòng UBND tỉnh", ("3",), "van-phong-ubnd-tinh"),
    Appraiser("tham-dinh-tai-chinh", "Tổ thẩm định của Sở Tài chính", ("6",), "so-tai-chinh", workbook=True),
    Appraiser(
        "tham-dinh-thong-tin",
        "Tổ thẩm định của Sở Thông tin và Truyền thông",
        ("7.1", "7.2", "7.3"),
        "so-thong-tin-truyen-thong",
    ),
    Appraiser(
        "tham-dinh-khoa-hoc",
        "Tổ thẩm định của Sở Khoa học và Công nghệ",
        ("7.3", "7.4"),
        "so-khoa-hoc-cong-nghe",
        workbook=True,
    ),
    Appraiser("tham-dinh-ke-hoach", "Tổ thẩm định của Sở Kế hoạch và Đầu tư", ("8.3",), "so-ke-hoach-dau-tu"),
    Appraiser(TEAM, "Tổ giúp việc Hội đồng thẩm định", ("1", "2", "3", "4", "5", "6", "7", "8"), fallback=True),
)
