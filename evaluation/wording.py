"""The words of a weekly report, one place for screen and workbook."""

from django.utils.translation import gettext_lazy as _

#: The five quality words of S1 objective 2, each with what its share means.
MEASURE_WORDS = {
    "accurate": (_("Accurate"), _("First checks after posting that found everything correct")),
    "complete": (_("Complete"), _("Items that went live with nothing missing")),
    "timely": (_("Timely"), _("Steps finished within their time limit")),
    "accessible": (_("Easy to access"), _("Photos with an alternative text")),
    "current": (_("Current"), _("Live items that nobody had to look at again by the end of the week")),
}

DETAIL_WORDS = {
    "correction_rounds_opened": _("Correction rounds opened"),
    "verified": _("Items found correct"),
    "archived": _("of these in the archive"),
    "median_hours_approval": _("Median hours per approval step"),
    "median_hours_posting": _("Median hours until posted"),
    "median_hours_check": _("Median hours until checked"),
    "delivered": _("Items sent to a channel"),
    "delivered_within_10_minutes": _("of these within 10 minutes"),
    "items": _("Items that went live"),
    "days_since_newest": _("Days since the newest item"),
}

FIGURE_WORDS = {
    "submitted": _("Submitted for consideration"),
    "returned": _("Returned for correction"),
    "published": _("Went live"),
    "unplanned": _("of these outside the plan"),
    "taken_down": _("Taken down"),
    "corrections": _("Correction rounds"),
    "archived": _("Archived"),
    "delivered": _("Deliveries sent"),
    "delivery_failed": _("Deliveries failed"),
    "delivery_unknown": _("Deliveries with unknown outcome"),
}


def measure_rows(report) -> list[dict]:
    """The measures of a report in the manual's order, ready to show."""
    rows = []
    for key, (name, meaning) in MEASURE_WORDS.items():
        row = report.measures.get(key)
        if row:
            details = [(DETAIL_WORDS[word], value) for word, value in row["details"].items()]
            rows.append(
                {
                    "key": key,
                    "name": name,
                    "meaning": meaning,
                    "details": details,
                    **{k: row[k] for k in ("good", "total", "percent")},
                }
            )
    return rows


def figure_rows(report) -> list[tuple]:
    """The plain figures of a report, ready to show."""
    return [(word, report.figures[key]) for key, word in FIGURE_WORDS.items() if key in report.figures]
