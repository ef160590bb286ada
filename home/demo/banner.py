"""What a developer sees after `make run`: where to go, who to be, what to look at first."""

from pr_workflow.people.models import Agency, StaffProfile
from pr_workflow.people.roles import Role

from .content import PASSWORD, content
from .people import ADMIN, network_username

#: Role, key of the account in each agency, and what that person finds first.
SEATS = (
    (Role.WRITER, "author1", "เขียนข่าว ส่งพิจารณา ตรวจข่าวที่ขึ้นเว็บ", "write, submit, check what was posted"),
    (Role.HEAD_OF_WORK, "hw", "พิจารณาขั้นที่ 1", "approval, level 1"),
    (Role.HEAD_OF_SECTION, "hs", "พิจารณาขั้นที่ 2", "approval, level 2"),
    (Role.DIRECTOR, "act|dir", "อนุมัติ (มีข่าวรออยู่)", "final approval (an item is waiting)"),
    (Role.IT_OFFICER, "it", "นำข่าวขึ้นเว็บ ตั้งเวลา ช่องทางเผยแพร่", "post and schedule news, channels"),
    (Role.EVALUATOR, "chk", "รายงานประเมินผลรายสัปดาห์", "weekly report"),
)


def banner(*, port: int) -> str:
    """The text, Thai first."""
    agencies = {agency.code: agency for agency in Agency.objects.select_related("site")}
    lines = ["", "ประกาศ · Prakat — พร้อมใช้งาน / ready", ""]
    for data in content()["agencies"]:
        agency = agencies[data["code"]]
        address = f"http://{agency.site.hostname}:{port}"
        lines += [
            f"  {agency.abbr}",
            f"    เว็บไซต์ site   {address}/",
            f"    หลังบ้าน admin  {address}/admin/",
            f"    API            {address}/api/pr/v1/docs",
        ]
    lines += ["", f"  บัญชีสาธิต demo logins (รหัสผ่าน password: {PASSWORD})"]
    codes = list(agencies.values())
    for _role, suffix, thai, english in SEATS:
        names = " / ".join(_username(agency, suffix) for agency in codes)
        lines.append(f"    {names:<22} {thai} · {english}")
    names = " / ".join(network_username(agency) for agency in codes)
    lines.append(f"    {names:<22} สมาชิกเครือข่าย · network member")
    lines.append(f"    {ADMIN:<22} ผู้ดูแลระบบ · superuser")
    lines += [
        "",
        "  เริ่มดูที่ไหน / look first:",
        "    1. เว็บไซต์ของสองหน่วยงาน · the two public sites",
        "    2. เข้าเป็น k-act แล้วพิจารณาข่าวที่รออยู่ · log in as k-act and decide the waiting item",
        "    3. เข้าเป็น s-it ดูคิวนำขึ้นเว็บและข่าวที่ตั้งเวลาไว้ · as s-it see the posting queue and the schedule",
        "    4. make story: งานหลักทั้งเส้นทางในคำสั่งเดียว · the whole job in one command",
        "",
    ]
    return "\n".join(lines)


def _username(agency: Agency, suffixes: str) -> str:
    """The account of a seat: the first of the given endings that has one (an acting director fills a vacant seat)."""
    for suffix in suffixes.split("|"):
        key = f"{agency.code[0]}-{suffix}"
        if StaffProfile.objects.filter(agency=agency, key=key, user__is_active=True).exists():
            return key
    return "—"
