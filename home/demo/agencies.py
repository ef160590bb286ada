"""The two demo agencies: site, front page, news section, agency row and units."""

import swapper
from wagtail.models import Site

from home.models import HomePage, NewsIndexPage, StaffDirectoryPage
from pr_workflow.people.models import Agency, Unit

from .content import HOSTNAMES, content, rows

WELCOME = {
    "kpr": "ข่าวสาร กิจกรรม และสื่อความรู้ด้านสุขภาพ ถูกต้อง ครบถ้วน ทันเวลา",
    "spp": "ข่าวการศึกษาของเขตพื้นที่ โรงเรียน และเครือข่าย ถึงผู้ปกครองและชุมชน",
}
STAFF_INTRO = "บุคคล หมายเลขโทรศัพท์ และอีเมลในหน้านี้เป็นข้อมูลสมมติ"
DEFAULT_AGENCY = "kpr"


def stock_content_remove() -> None:
    """Delete the welcome page and the site that Wagtail's migrations leave in an empty installation."""
    page_model = swapper.load_model("wagtailcore", "Page")
    for site in Site.objects.filter(hostname="localhost", agency=None).select_related("root_page"):
        page = site.root_page
        if page.specific_class is page_model and page.slug == "home" and page.numchild == 0:
            site.delete()
            page_model.objects.get(pk=page.pk).delete()


def agency_load(data: dict, *, port: int) -> Agency:
    """The agency with everything it stands on; existing rows are kept as people changed them."""
    agency = Agency.objects.filter(code=data["code"]).select_related("site__root_page", "collection").first()
    if agency is None:
        texts = {name: data[name] for name in ("code", "name", "abbr", "ministry", "doc_prefix", "email", "phone")}
        agency = Agency.objects.create(site=_site(data, _front_page(data), port), **texts)
    for order, name in enumerate(dict.fromkeys(person["unit"] for person in rows("staff", agency.code)), start=1):
        Unit.objects.get_or_create(agency=agency, name=name, defaults={"order": 10 * order})
    return agency


def news_section(agency: Agency) -> NewsIndexPage:
    """The page under which the agency's news lies."""
    return NewsIndexPage.objects.child_of(agency.site.root_page).get()


def sites_on_port(port: int) -> None:
    """The demo may be started on another port than last time; its addresses follow."""
    sites = Site.objects.filter(hostname__in=HOSTNAMES.values()).exclude(port=port)
    for site in sites:
        site.port = port
        site.save()  # not update(): Wagtail keeps the addresses of sites in the cache and listens to this


def _front_page(data: dict) -> HomePage:
    root = swapper.load_model("wagtailcore", "Page").get_first_root_node()
    page = HomePage.objects.child_of(root).filter(slug=data["code"]).first()
    if page is None:
        page = root.add_child(
            instance=HomePage(title=data["name"], slug=data["code"], welcome=WELCOME.get(data["code"], ""))
        )
        page.save_revision()
    if not NewsIndexPage.objects.child_of(page).exists():
        page.add_child(instance=NewsIndexPage(title="ข่าวประชาสัมพันธ์", slug="news", show_in_menus=True)).save_revision()
    if not StaffDirectoryPage.objects.child_of(page).exists():
        page.add_child(
            instance=StaffDirectoryPage(title="ทำเนียบบุคลากร", slug="staff", intro=STAFF_INTRO)
        ).save_revision()
    return page


def _site(data: dict, page: HomePage, port: int) -> Site:
    return Site.objects.create(
        hostname=HOSTNAMES[data["code"]],
        port=port,
        site_name=data["abbr"],
        root_page=page,
        is_default_site=data["code"] == DEFAULT_AGENCY and not Site.objects.filter(is_default_site=True).exists(),
    )


def agencies_load(*, port: int) -> list[Agency]:
    """Both agencies, in the order of the file."""
    stock_content_remove()
    return [agency_load(data, port=port) for data in content()["agencies"]]
