"""Which site a page belongs to: the one with the innermost root above it, as Wagtail's own addresses have it."""

from wagtail.models import Site


def site_roots() -> list[tuple[str, int]]:
    """Tree path and primary key of every site's root page, outer roots before inner ones. One query."""
    return list(Site.objects.order_by("root_page__path").values_list("root_page__path", "root_page_id").distinct())


def site_root_pk(path: str) -> int | None:
    """Primary key of the root page of the site that the page with this tree path belongs to; None outside all sites."""
    above = [pk for root_path, pk in site_roots() if path.startswith(root_path)]
    return above[-1] if above else None
