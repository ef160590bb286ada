"""The editor of a news page, in the order an officer works (S1 §4.2)."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel, Panel

from ..clock import step_now
from ..festival_calendar.panels import MourningPanel
from ..people.panels import ItSkillPanel
from .festive import news_mourning_warnings


def news_content_panels() -> list[Panel]:
    """Panels of the content tab."""
    return [
        MourningPanel(lambda item: news_mourning_warnings(item, now=step_now())),
        FieldPanel("title", heading=_("Headline")),
        FieldPanel("news_type"),
        FieldPanel("lead"),
        FieldRowPanel([FieldPanel("event_date"), FieldPanel("place")], heading=_("When and where")),
        FieldPanel("body"),
        FieldPanel("photos"),
        FieldPanel("attachments"),
        MultiFieldPanel(
            [
                ItSkillPanel(lambda item: [item.responsible_officer]),
                FieldPanel("responsible_officer"),
                FieldPanel("news_giver"),
                FieldPanel("disclosure"),
                FieldPanel("stakeholders", widget=forms.CheckboxSelectMultiple),
                FieldPanel("plan_activity"),
                FieldPanel("important_day"),
                FieldPanel("review_on"),
            ],
            heading=_("Responsibility and plan"),
        ),
        MultiFieldPanel(
            [FieldPanel("target_groups"), FieldPanel("media_formats"), FieldPanel("channels"), FieldPanel("tags")],
            heading=_("For whom and where"),
        ),
    ]


def news_promote_panels() -> list[Panel]:
    """Panels of the promote tab."""
    return [
        MultiFieldPanel(
            [FieldPanel("slug"), FieldPanel("seo_title"), FieldPanel("search_description")],
            heading=_("For search engines"),
        )
    ]
