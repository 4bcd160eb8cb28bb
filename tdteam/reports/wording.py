"""The Vietnamese of papers: fixed legal wording (Decree 30/2020/ND-CP) and the sentences of reports.

The only Python file with Vietnamese in it. Codes come from `domain/report`; user text passes `figures.show`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from tdteam.domain.correction_letters import Correction
from tdteam.domain.report import Mark, Report
from tdteam.domain.report_blocks import Sentence, Subheading
from tdteam.domain.report_facts import AreaCommune, ChangeKind, ChartSeries, FigureLine, VillageColumn
from tdteam.domain.report_settings import PaperDate, PaperReference, PaperSettings, SignerForm
from tdteam.domain.report_spans import ReportSpan, SpanKind
from tdteam.domain.shares import Average, Share, Value, change
from tdteam.domain.village_sums import VillageSubtotal
from tdteam.domain.vocabulary import Nature, Outcome, Source
from tdteam.reports import span_words
from tdteam.reports.figures import fraction, number, percent, show
from tdteam.reports.text import printable

COUNTRY = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
KIND = "BÁO CÁO"
ADDRESSED = "Kính gửi:"
COPIES = "Nơi nhận:"
AS_ABOVE = "Như trên"
ARCHIVE = "Lưu"
FIGURES_OF = "Số liệu"
POINTS = "điểm"
TARGET = "chỉ tiêu"
NOTES = frozenset({"dash_note", "declared_note", *span_words.SENTENCES})
DEMO = "DỮ LIỆU MẪU"
DASH_NOTE = 'Ghi chú: dấu "-" là chưa có số liệu.'
NOTHING = "Không có."
NO_ROWS = "Không có số liệu"
NO_CHANGES = "Không có biến động"
NO_CAUSES = "Không có lượt hỗ trợ chưa hoàn thành"
TEAMS = "Tổ công nghệ số cộng đồng"
BLANK = "\u00a0" * 10  # room for the clerk to write a number of four digits
SHORT_BLANK = "\u00a0" * 5
FIELDS = {
    "so_van_ban": "Số văn bản",
    "ngay": "Ngày ban hành",
    "thang": "Tháng ban hành",
    "nam": "Năm ban hành",
}
DRAFT = "BẢN NHÁP - số liệu chưa chốt"
NAMES_AT_MOST = 20

SIGNERS: Mapping[SignerForm, tuple[str, ...]] = {
    SignerForm.CHAIR: ("TM. ỦY BAN NHÂN DÂN", "CHỦ TỊCH"),
    SignerForm.VICE_CHAIR: ("KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    SignerForm.VICE_CHAIR_FULL: ("TM. ỦY BAN NHÂN DÂN", "KT. CHỦ TỊCH", "PHÓ CHỦ TỊCH"),
    SignerForm.OFFICE_HEAD: ("TRƯỞNG PHÒNG",),
    SignerForm.OFFICE_DEPUTY: ("KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"),
    SignerForm.TEAM_LEADER: ("TỔ TRƯỞNG",),
}
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII")
CHAPTERS = {
    "organisation": "TÌNH HÌNH TỔ CHỨC",
    "results": "KẾT QUẢ THỰC HIỆN",
    "difficulties": "TỒN TẠI, HẠN CHẾ, NGUYÊN NHÂN",
    "proposals": "ĐỀ XUẤT, KIẾN NGHỊ",
}
SUBHEADINGS = {
    "outreach": "Tuyên truyền, hướng dẫn tại cộng đồng",
    "government": "Chính quyền số",
    "economy": "Kinh tế số",
    "society": "Xã hội số",
    "all_figures": "Số liệu tổng hợp",
    "team_list": f"Danh sách {TEAMS}",
    "team_changes": "Biến động về Tổ và thành viên trong kỳ",
}
ANNEXES = {
    "villages": "TỔNG HỢP KẾT QUẢ THEO THÔN, TỔ DÂN PHỐ",
    "causes": "LƯỢT HỖ TRỢ CHƯA HOÀN THÀNH THEO NGUYÊN NHÂN",
    "teams": "DANH SÁCH TỔ VÀ BIẾN ĐỘNG VỀ TỔ, THÀNH VIÊN",
    "changes": "SỐ LIỆU THAY ĐỔI SO VỚI BÁO CÁO ĐƯỢC THAY THẾ",
}
DIFFERENCE_HEADS = ("Nơi", "Chỉ tiêu", "Số đã báo cáo", "Số thay thế")
WHOLE_PLACE = "Toàn đơn vị"
ORDER = "TT"
TOTAL = "Tổng cộng"
VILLAGE = "Thôn, tổ dân phố"
NOTE = "Ghi chú"
VILLAGE_HEADS = {
    "households": "Tổng số hộ",
    "members": "Tổng số",
    "women": "Nữ",
    "youth": "Đoàn viên",
    "gatherings": "Số buổi",
    "attendance": "Lượt người",
    "visits": "Lượt hộ được đến thăm",
    "people": "Lượt người được hỗ trợ",
    "eid": "VNeID",
    "filings": "Nộp hồ sơ trực tuyến",
    "payment": "Thanh toán số",
    "health": "Sức khỏe, BHYT",
    "commerce": "TMĐT, OCOP",
    "safety": "An toàn mạng",
    "other": "Khác",
    "done": "Hoàn thành",
    "pending": "Hẹn lại",
    "not_done": "Chưa được",
}
VILLAGE_GROUPS = {
    "team": "Thành viên Tổ",
    "gatherings": "Tuyên truyền",
    "kinds": "Trong đó, hỗ trợ về",
    "outcomes": "Kết quả (lượt)",
}
FIGURE_HEADS = ("Chỉ tiêu", "Đơn vị tính", "Kỳ này", "Kỳ trước", "So với kỳ trước", "Lũy kế từ ngày")
SHARE_HEADS = ("Số đạt", "Tổng số", "Tỷ lệ (%)")
SOURCE_HEAD = "Nguồn số liệu"
MONTH = "Tháng"
SOURCES = {Source.COUNTED: "Phần mềm ghi nhận", Source.DECLARED: "Đơn vị khác cung cấp"}
CAUSE_HEADS = ("Nguyên nhân", "Số lượt", "Tỷ lệ", "Kỳ trước", "Lũy kế", "Số thôn gặp phải")
TEAM_HEADS = (
    "Tổ (thôn phụ trách)",
    "Quyết định thành lập",
    "Tổ trưởng",
    "Tổng số",
    "Nữ",
    "Đã tập huấn",
    NOTE,
)
TEAM_GROUP = "Thành viên"
CHANGE_HEADS = ("Ngày", "Tổ", "Nội dung", "Họ và tên", "Căn cứ, ghi chú")
CHANGES = {
    ChangeKind.FOUNDED: "Thành lập Tổ",
    ChangeKind.AMENDED: "Kiện toàn Tổ",
    ChangeKind.ENDED: "Giải thể Tổ",
    ChangeKind.JOINED: "Tham gia Tổ",
    ChangeKind.LEFT: "Thôi tham gia Tổ",
    ChangeKind.ROLE: "Thay đổi vai trò",
}
SHEETS = ("Chỉ tiêu", "PL1 Thôn", "PL2 Nguyên nhân", "PL3 Tổ", "PL3 Biến động", "Biểu đồ", "Thay đổi")
FORM = {
    "title": "PHIẾU GHI HỖ TRỢ",
    "team": "Tổ:",
    "villages": "Thôn:",
    "how": "Mỗi việc ghi một dòng; ghi số của việc, chữ của kết quả và lý do theo bảng ở mặt sau.",
    "never": "Không ghi số căn cước, mật khẩu, mã OTP, số tài khoản lên phiếu.",
    "writer": "Người ghi:",
    "leader": "Tổ trưởng (ký, ghi rõ họ tên):",
    "sent": "Ngày gửi xã:",
    "mark": "Ghi",
    "kinds": "1. Việc hỗ trợ (ghi số)",
    "kind": "Việc hỗ trợ",
    "outcomes": "2. Kết quả (ghi chữ)",
    "outcome": "Kết quả",
    "causes": "3. Lý do chưa làm được (ghi chữ)",
    "cause": "Lý do",
    "gatherings": "Buổi tuyên truyền, hướng dẫn trong kỳ",
    "figures": "4. Số liệu tổng hợp của kỳ (Tổ trưởng cộng và ghi khi gửi xã)",
}
FORM_HEADS = ("TT", "Ngày", "Chủ hộ", "Việc", "Kết quả", "Số người", "Lý do", "Ghi chú")
FORM_OUTCOMES = {
    Outcome.DONE: ("X", "Đã xong"),
    Outcome.IN_PROGRESS: ("D", "Đang làm dở, chờ kết quả"),
    Outcome.REFERRED: ("H", "Đã hẹn, giới thiệu đến nơi làm"),
    Outcome.NOT_DONE: ("K", "Chưa làm được (ghi lý do)"),
}
FORM_GATHERINGS = (("Ngày", 2), ("Nơi tổ chức", 5), ("Nội dung", 8), ("Số người dự", 1), ("Trong đó nữ", 1))
FORM_FIGURES = ("Số liệu", "Đơn vị", "Ghi số")
UNKNOWN = {
    "teams": "số Tổ",
    "villages": "số thôn, tổ dân phố có Tổ",
    "members": "số thành viên",
    "women": "số thành viên nữ",
    "youth": "số đoàn viên thanh niên",
    "trained": "số thành viên đã được tập huấn",
}


def usual_settings(
    kind: str, name: str, addressee: str = "Sở Khoa học và Công nghệ", **own: Any
) -> PaperSettings:
    """What a commune's papers look like before anyone has chosen: kind "xã" or "phường", name "Xuân Quang"."""
    place = f"{kind} {name}".strip()
    usual: dict[str, Any] = {
        "body_name": f"Ủy ban nhân dân {place}",
        "issuing_lines": ("Ủy ban nhân dân", place),
        "place_name": name,
        "commune_kind": kind,
        "addressees": (addressee,),
        "copies": (f"Thường trực Đảng ủy {kind}", f"Chủ tịch, các Phó Chủ tịch UBND {kind}"),
        "archive": "VHXH",
    }
    return PaperSettings(**{**usual, **own})


def usual_area_settings(province: str, seat: str) -> PaperSettings:
    """What an area's consolidated paper looks like before anyone has chosen: districts have no body of their own since
    July 2025, so the department that reads the reports issues it. `seat`: the place of the date line."""
    return PaperSettings(
        body_name=f"Sở Khoa học và Công nghệ {province}".strip(),
        superior_line=f"UBND {province}".strip(),
        issuing_lines=("Sở Khoa học và Công nghệ",),
        place_name=seat,
        symbol="BC-SKHCN",
        commune_kind="địa bàn",
        addressees=(f"Ủy ban nhân dân {province}".strip(),),
        signer_form=SignerForm.OTHER,
        signer_lines=("KT. GIÁM ĐỐC", "PHÓ GIÁM ĐỐC"),
        copies=("UBND các xã, phường trên địa bàn",),
        archive="CĐS",
    )


def two_digits(value: int | None) -> str:
    return SHORT_BLANK if value is None else f"{value:02d}"


def prose_date(day: PaperDate) -> str:
    """`ngày 05 tháng 3 năm 2026`: days under 10 and months 1 and 2 take a zero (o 4); blanks where unknown."""
    month = two_digits(day.month) if day.month is None or day.month < 3 else str(day.month)
    return f"ngày {two_digits(day.day)} tháng {month} năm {day.year or BLANK}"


def full_date(day: date) -> str:
    return prose_date(PaperDate.of(day))


def paper_number(given: str) -> str:
    """Numbers under 10 take a zero (o 3); blank room where the clerk has given none."""
    told = printable(given)
    return (told.zfill(2) if told.isdecimal() else told) if told else BLANK


def number_line(given: str, symbol: str) -> str:
    return f"Số: {paper_number(given)}/{show(symbol)}"


def paper_name(paper: PaperReference) -> str:
    """`Báo cáo số 05/BC-UBND ngày 20 tháng 11 năm 2026`."""
    return f"Báo cáo số {paper_number(paper.number)}/{show(paper.symbol)} {prose_date(paper.dated)}"


def reference(paper: PaperReference, body_name: str) -> str:
    return f"{paper_name(paper)} của {show(body_name)}"


def mark_lines(mark: Mark) -> tuple[str, str]:
    """What stands beside a sealed paper's code: for whoever has no camera, and for the auditor."""
    code = " ".join(mark.code[at : at + 4] for at in range(0, len(mark.code), 4))
    sums = f"Số liệu (SHA-256): {show(mark.sha256[:16])} - Nhật ký: {show(mark.audit_head[:16])}"
    return f"Mã kiểm tra: {show(code)} - Lần chốt số liệu: {mark.version}", sums


def annex_reference(report: Report) -> str:
    paper = PaperReference(report.number, report.settings.symbol, report.dated)
    return f"(Kèm theo {reference(paper, report.settings.body_name)})"


def letter_subject(issued: PaperReference) -> str:
    """5b of the letter that corrects a paper's form."""
    return f"V/v đính chính {paper_name(issued)}"


def letter_opening(issued: PaperReference, span: ReportSpan, body_name: str, why: str) -> tuple[str, ...]:
    """What was issued, why it is corrected, and the line above the corrections."""
    body = show(body_name)
    return (
        f"{body} đã ban hành {paper_name(issued)} về kết quả hoạt động của {TEAMS} {span_name(span)}.",
        f"Lý do đính chính: {show(why).rstrip('.')}.",
        f"{body} đính chính về thể thức, kỹ thuật trình bày của Báo cáo trên như sau:",
    )


def correction(one: Correction, place: int, count: int) -> str:
    """One correction, numbered where it is not alone."""
    order = f"{place + 1}. " if count > 1 else ""
    lead = f"Tại {show(one.where)}: đã in" if one.where.strip() else "Đã in"
    return f'{order}{lead} "{show(one.printed)}"; nay sửa là "{show(one.correct)}".'


def letter_rest(issued: PaperReference) -> str:
    return f"Số liệu và các nội dung khác của {paper_name(issued)} không thay đổi."


def letter_closing(body_name: str) -> str:
    return f"{show(body_name)} thông báo để các cơ quan, đơn vị biết, thực hiện./."


def span_name(span: ReportSpan) -> str:
    """`tháng 11 năm 2026`, `quý IV năm 2026`, `6 tháng đầu năm 2026`, `năm 2026`."""
    return _span_name(span.kind, span.year, span.index) or span_days(span)


def _span_name(kind: SpanKind, year: int, index: int) -> str:
    match kind:
        case SpanKind.MONTH:
            return f"tháng {index} năm {year}"
        case SpanKind.QUARTER:
            return f"quý {ROMAN[index - 1]} năm {year}"
        case SpanKind.HALF:
            return f"6 tháng {'đầu' if index == 1 else 'cuối'} năm {year}"
        case SpanKind.YEAR:
            return f"năm {year}"
    return ""


def span_days(span: ReportSpan) -> str:
    return f"từ {full_date(span.since)} đến {full_date(span.last_day)}"


def subject(span: ReportSpan) -> tuple[str, str]:
    """The abstract's two lines: what the report tells, and of which time."""
    return f"Kết quả hoạt động của {TEAMS}", span_name(span)


def chapter_title(code: str, span: ReportSpan) -> str:
    return next_steps(span).upper() if code == "next_steps" else CHAPTERS[code]


def next_steps(span: ReportSpan) -> str:
    """`Phương hướng, nhiệm vụ quý I năm 2027`."""
    return f"Phương hướng, nhiệm vụ {_span_name(span.kind, *span.following) or 'thời gian tới'}"


def group_name(code: str, name: str = "") -> str:
    return show(name) if name else SUBHEADINGS.get(code, show(code))


def subheading(head: Subheading) -> str:
    return f"{head.number}. {group_name(head.code, head.name)}"


def annex_label(place: int, count: int) -> str:
    """`Phụ lục II`; a lone annex has no number."""
    return f"Phụ lục {ROMAN[place]}" if count > 1 else "Phụ lục"


def decision(paper: str, on: date | None) -> str:
    """`127/QĐ-UBND ngày 21/3/2022` from the number and day of a team's founding decision."""
    return f"{show(paper)} ngày {show(on)}" if on else show(paper)


def village_head(column: VillageColumn) -> tuple[str, str]:
    """(name, group) of a column of annex I."""
    name = show(column.name) if column.name else VILLAGE_HEADS.get(column.code, show(column.code))
    if not column.group:
        return name, ""
    group = (
        show(column.group_name) if column.group_name else VILLAGE_GROUPS.get(column.group, show(column.group))
    )
    return name, group


def figure_name(line: FigureLine) -> str:
    """The indicator, with who counted and until when where it was declared."""
    told = [f"theo {show(line.origin)}"] if line.source is Source.DECLARED and line.origin else []
    if line.as_of:
        told.append(f"đến ngày {show(line.as_of)}")
    return f"{show(line.name)} ({', '.join(told)})" if told else show(line.name)


def source(line: FigureLine) -> str:
    """Who counted, and the day a declared figure holds for."""
    who = show(line.origin) if line.origin else SOURCES[line.source]
    return f"{who}, đến ngày {show(line.as_of)}" if line.as_of else who


def figure_change(now: Value, before: Value) -> str:
    """`tăng 7`, `giảm 0,6 điểm phần trăm`, `không thay đổi`; empty when one side is unknown."""
    by: int | Decimal | None = change(now, before)
    if by is None:
        return ""
    if by == 0:
        return "không thay đổi"
    unit = " điểm phần trăm" if isinstance(now, Share) else ""
    return f"{'tăng' if by > 0 else 'giảm'} {number(-by if by < 0 else by)}{unit}"


def chart_caption(order: int, series: ChartSeries) -> str:
    first, last = series.points[0], series.points[-1]
    months = f"{first.month:02d}/{first.year} - {last.month:02d}/{last.year}"
    return f"Biểu đồ {order}. {show(series.title)} ({show(series.unit)}), {months}"


def chart_story(series: ChartSeries) -> str:
    """The chart for ears: its title and how the first and last known values differ."""
    known = [point for point in series.points if point.value is not None]
    if not known:
        return f"{show(series.title)}: chưa có số liệu"
    (first, *_), last = known, known[-1]
    told = f"{show(series.title)} ({show(series.unit)}), {len(series.points)} kỳ"
    start = f"tháng {first.month}/{first.year} {show(first.value)}"
    return told + (
        f": {start}, tháng {last.month}/{last.year} {show(last.value)}" if last is not first else f": {start}"
    )


def say(sentence: Sentence, report: Report) -> str:
    """A sentence in Vietnamese; empty when its figures leave nothing to say."""
    return _SAID[sentence.code](sentence.params, report)


def _value(value: Value, unit: str = "") -> str:
    after = f" {show(unit)}" if unit and unit != "%" else ""
    if isinstance(value, Share):
        reached = f", đạt {percent(value.percent)}" if value.percent is not None else ""
        return f"{fraction(value)}{after}{reached}"
    if isinstance(value, Average) and value.value is not None:
        return f"{number(value.value)}{after} ({fraction(Share(value.total, value.count))})"
    return f"{show(value)}{after}" if value is not None else show(None)


def _figure(params: Mapping[str, Any], report: Report) -> str:
    line: FigureLine = params["line"]
    beside = []
    if line.previous is not None:
        by = figure_change(line.now, line.previous)
        beside.append(f"kỳ trước {_value(line.previous)}" + (f", {by}" if by else ""))
    if line.cumulative is not None and line.nature is not Nature.STOCK:
        beside.append(f"lũy kế từ ngày {show(report.span.year_since)}: {_value(line.cumulative)}")
    told = f" ({'; '.join(beside)})" if beside else ""
    return f"- {figure_name(line)}: {_value(line.now, line.unit)}{told}."


def _opening(params: Mapping[str, Any], report: Report) -> str:
    why = show(params["request"]) if params["request"] else "chế độ báo cáo định kỳ"
    what = f"{show(report.settings.body_name)} báo cáo kết quả hoạt động của {TEAMS}"
    if report.span.kind is SpanKind.RANGE:
        return f"Thực hiện {why}, {what} {span_days(report.span)} như sau:"
    return f"Thực hiện {why}, {what} {span_name(report.span)} ({span_days(report.span)}) như sau:"


def _replaces(params: Mapping[str, Any], report: Report) -> str:
    why = f" Lý do: {show(params['why']).rstrip('.')}." if params["why"] else ""
    return f"Báo cáo này thay thế {reference(params['reference'], report.settings.body_name)}.{why}"


def _closing(params: Mapping[str, Any], report: Report) -> str:
    name = f"{TEAMS} {span_name(report.span)}"
    return f"Trên đây là báo cáo kết quả hoạt động của {name} của {show(report.settings.body_name)}./."


def _ratio(share: Share, unit: str = "") -> str:
    """`41/41 thôn (100%)`."""
    after = f" ({percent(share.percent)})" if share.percent is not None else ""
    return f"{fraction(share)}{f' {unit}' if unit else ''}{after}"


def _teams(params: Mapping[str, Any], report: Report) -> str:
    word = show(report.settings.village_word or "thôn, tổ dân phố")
    parts = []
    if params["teams"] is not None:
        villages: Share = params["villages"]
        where = f" tại {_ratio(villages, word)}" if villages.part is not None else ""
        parts.append(f"{number(params['teams'])} {TEAMS}{where}")
    if params["members"] is not None:
        parts.append(f"{number(params['members'])} thành viên")
    told = " với ".join(parts)
    named = (("nữ", "women"), ("đoàn viên thanh niên", "youth"), ("đã được tập huấn", "trained"))
    inside = [f"{name} {_ratio(params[key])}" for name, key in named if params[key].part is not None]
    if inside:
        told += f"{', trong đó ' if told else ''}{', '.join(inside)}"
    where = "Các thôn, tổ dân phố đã có báo cáo" if params.get("is_partial") else ""
    where = where or f"Toàn {show(report.settings.commune_kind or 'xã')}"
    return f"{where} có {told}." if told else ""


def _silent(params: Mapping[str, Any], report: Report) -> str:
    names = [show(name) for name in params["names"]]
    more = f" và {number(len(names) - NAMES_AT_MOST)} Tổ khác" if len(names) > NAMES_AT_MOST else ""
    return f"Còn {number(len(names))} Tổ chưa gửi số liệu: {', '.join(names[:NAMES_AT_MOST])}{more}."


def _reporting(params: Mapping[str, Any], report: Report) -> str:
    zero = f", trong đó {number(params['zero'])} Tổ báo cáo không phát sinh" if params["zero"] else ""
    return f"Số liệu kỳ này do {number(params['received'])}/{number(params['expected'])} Tổ gửi{zero}."


def _area_received(params: Mapping[str, Any], report: Report) -> str:
    word = show(report.settings.village_word or "thôn, tổ dân phố")
    return (
        f"Phạm vi tổng hợp: địa bàn {show(params['name'])}. Có {number(params['received'])}/{number(params['expected'])} "
        f"xã, phường đã phát hành báo cáo; số liệu cộng từ Phụ lục I của các báo cáo đó, chỉ tính {word} thuộc địa bàn: "
        f"{_ratio(params['villages'], word)}."
    )


def subtotal_name(one: VillageSubtotal) -> str:
    """A commune's row of sums in a consolidated annex I, with how many of its villages are in it where not all are."""
    name = show(one.group)
    told = f"Cộng {name[:1].lower()}{name[1:]}"
    part, whole = one.villages.part, one.villages.whole
    if one.is_beyond:
        return f"{told} (chỉ tính {fraction(one.villages).removesuffix('/-')} thôn, tổ dân phố thuộc địa bàn)"
    if part is not None and whole is not None and part < whole:
        return f"{told} (có số liệu {fraction(one.villages)} thôn, tổ dân phố)"
    return told


def _area_partly(params: Mapping[str, Any], report: Report) -> str:
    communes: tuple[AreaCommune, ...] = params["communes"]
    told = "; ".join(f"{show(one.name)} {fraction(one.villages).removesuffix('/-')}" for one in communes)
    return f"Xã, phường chỉ có một phần thuộc địa bàn (số thôn, tổ dân phố được tính): {told}."


def _area_missing(params: Mapping[str, Any], report: Report) -> str:
    names = [show(name) for name in params["names"]]
    return (
        f"Còn {number(len(names))} xã, phường chưa gửi báo cáo: {', '.join(names)}. Số liệu của các xã, phường này không có "
        "trong báo cáo."
    )


def _inside(name: str) -> str:
    """A catalogue name inside a sentence: `mạng yếu`, but `SIM không chính chủ`."""
    return name[:1].lower() + name[1:] if name[1:2].islower() else name


def _difficulties(params: Mapping[str, Any], report: Report) -> str:
    not_done: Share = params["not_done"]
    before: Share = params["before"]
    past = (
        f"; kỳ trước {fraction(before)} lượt, chiếm {percent(before.percent)}"
        if before.part is not None
        else ""
    )
    told = f"Trong kỳ còn {fraction(not_done)} lượt hỗ trợ chưa hoàn thành"
    if not_done.percent is not None:
        told += f" (chiếm {percent(not_done.percent)}{past})"
    causes = "; ".join(f"{_inside(show(name))} {_ratio(share, 'lượt')}" for name, share in params["causes"])
    return f"{told}.{f' Nguyên nhân chủ yếu: {causes}.' if causes else ''} Chi tiết tại Phụ lục II."


_SAID: Mapping[str, Callable[[Mapping[str, Any], Report], str]] = {
    "opening": _opening,
    "replaces": _replaces,
    "closing": _closing,
    "nothing": lambda params, report: NOTHING,
    "teams": _teams,
    "unknown": lambda params, report: (
        f"Chưa có số liệu về: {'; '.join(UNKNOWN[f] for f in params['figures'])}."
    ),
    "comings_and_goings": lambda params, report: (
        f"Trong kỳ có {number(params['joined'])} thành viên tham gia, {number(params['left'])} thành viên thôi tham gia "
        "(chi tiết tại Phụ lục III)."
    ),
    "no_comings_and_goings": lambda params, report: "Trong kỳ không có biến động về thành viên Tổ.",
    "reporting": _reporting,
    "silent_teams": _silent,
    "figure": _figure,
    "no_figures": lambda params, report: "Kỳ này chưa có số liệu.",
    "difficulties": _difficulties,
    "difficulties_unknown": lambda params, report: "Chưa có số liệu về lượt hỗ trợ chưa hoàn thành.",
    "no_difficulties": lambda params, report: "Trong kỳ không có lượt hỗ trợ chưa hoàn thành.",
    "area_received": _area_received,
    "area_partly": _area_partly,
    "area_missing": _area_missing,
    "area_recounted": lambda params, report: (
        "Chỉ tiêu không có trong Phụ lục I (tỷ lệ, trung bình, số hộ không tính trùng, nguyên nhân) được tính lại cho đúng "
        "các thôn, tổ dân phố này."
    ),
    "area_not_recounted": lambda params, report: (
        'Chỉ tiêu không có trong Phụ lục I chưa tính lại được cho đúng các thôn, tổ dân phố này nên để dấu "-".'
    ),
    **span_words.SENTENCES,
    "nothing_changed": lambda params, report: "Số liệu không thay đổi so với báo cáo được thay thế.",
    "dash_note": lambda params, report: DASH_NOTE,
    "declared_note": lambda params, report: (
        "Dấu * chỉ nơi Tổ gửi số liệu bằng giấy hoặc Zalo; số liệu này không cộng với số liệu ghi trên phần mềm."
    ),
}
