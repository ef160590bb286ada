"""What a news page must carry so that the flow can work on it. The site owns the page class, we ship the mixin."""

import uuid
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import COMMENTS_RELATION_NAME
from wagtail.search import index

from ..choice_lists import ChoiceListField
from ..clock import step_now
from ..festival_calendar.models import ImportantDay
from ..gate import require_no_alias, require_permit
from ..people.models import StaffProfile
from ..plan.models import PlanActivity
from ..signals import file_change_asked, news_approved
from ..stages import ChannelKind, MediaFormat, TargetGroup
from .blocks import AttachmentBlock, PhotoBlock, news_body_blocks
from .chain_choice import chain_choice
from .disclosure import Disclosure, withheld_refused
from .locks import lock_in_be
from .permissions import NewsPermissionTester
from .references import lost_references_drop


class NewsType(models.TextChoices):
    """The PR document types of official correspondence (R31), and the reactive answer (R34)."""

    NEWS = "news", _("News")
    ANNOUNCEMENT = "announcement", _("Announcement")
    STATEMENT = "statement", _("Statement")
    CLARIFICATION = "clarification", _("Clarification")


class NewsImageMixin(models.Model):
    """Fields every picture of an agency carries; a site adds it to its image model (R31, R52)."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    credit = models.CharField(_("credit"), max_length=255, blank=True)
    source = models.CharField(_("source or licence"), max_length=255, blank=True)

    class Meta:
        abstract = True

    def clean(self):
        """Ask before Wagtail's form throws the old file away. Raises `FileChangeRefused` (I3)."""
        super().clean()
        file_change_asked.send(sender=type(self), instance=self)


class NewsDocumentMixin(models.Model):
    """Fields every file of an agency carries; a site adds it to its document model."""

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    source = models.CharField(_("source"), max_length=255, blank=True)

    class Meta:
        abstract = True

    def clean(self):
        """Ask before Wagtail's form throws the old file away. Raises `FileChangeRefused` (I3)."""
        super().clean()
        file_change_asked.send(sender=type(self), instance=self)


class NewsPageMixin(models.Model):
    """A news item of the flow (ข่าวประชาสัมพันธ์, S1 §4.2, R31).

    A site writes `class NewsPage(NewsPageMixin, Page)`. The mixin comes first so that its `save()` guards the
    page: it becomes live only through the publishing step (promise I3).
    """

    uuid = models.UUIDField(default=uuid.uuid4, editable=False, db_index=True)
    news_type = models.CharField(_("type"), max_length=16, choices=NewsType.choices, default=NewsType.NEWS)
    lead = models.TextField(
        _("lead paragraph"), blank=True, help_text=_("Who did what, where and when, in one or two sentences.")
    )
    body = StreamField(news_body_blocks(), verbose_name=_("news body"), blank=True)
    event_date = models.DateField(_("date of the event"), null=True, blank=True)
    place = models.CharField(_("place"), max_length=255, blank=True)
    photos = StreamField([("photo", PhotoBlock())], verbose_name=_("photos"), blank=True)
    attachments = StreamField([("file", AttachmentBlock())], verbose_name=_("attachments"), blank=True)
    responsible_officer = models.ForeignKey(
        StaffProfile,
        verbose_name=_("responsible officer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Answers for the item and checks it after it is posted."),
    )
    stakeholders = ParentalManyToManyField(
        StaffProfile,
        verbose_name=_("people to keep informed"),
        blank=True,
        related_name="+",
        help_text=_("They are told at each step."),
    )
    news_giver = models.ForeignKey(
        StaffProfile,
        verbose_name=_("authorised news giver"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who gives this news for the agency; empty: the one named for the whole agency."),
    )
    disclosure = models.CharField(
        _("disclosure"),
        max_length=16,
        choices=Disclosure.choices,
        default=Disclosure.PUBLIC,
        help_text=_("By the Official Information Act B.E. 2540. Withheld information never goes live."),
    )
    plan_activity = models.ForeignKey(
        PlanActivity,
        verbose_name=_("plan activity"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    important_day = models.ForeignKey(
        ImportantDay,
        verbose_name=_("important day"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    review_on = models.DateField(
        _("look at again on"),
        null=True,
        blank=True,
        help_text=_("When somebody looks whether the page is still right; empty: a year after it went live."),
    )
    target_groups = ChoiceListField(verbose_name=_("target groups"), choices_enum=TargetGroup)
    media_formats = ChoiceListField(verbose_name=_("media formats"), choices_enum=MediaFormat)
    channels = ChoiceListField(verbose_name=_("channels"), choices_enum=ChannelKind)

    search_fields = [
        index.SearchField("lead"),
        index.SearchField("body"),
        index.FilterField("news_type"),
        index.FilterField("event_date"),
    ]

    #: A go-live does not wait for the index: `publishing.search_debt` follows every change in place of Wagtail.
    search_auto_update = False

    #: How the audit log names the verbs of the chain: `news_submit`, `news_approve`, `news_return`.
    audit_noun = "news"

    #: A copy is another item: it gets a public number of its own.
    exclude_fields_in_copy = ["uuid"]

    #: Fields whose saving alone never changes what the public sees.
    PRIVATE_FIELDS = frozenset(
        {
            COMMENTS_RELATION_NAME,
            "latest_revision",
            "latest_revision_created_at",
            "has_unpublished_changes",
            "draft_title",
            "locked",
            "locked_by",
            "locked_at",
            "owner",
        }
    )

    if TYPE_CHECKING:
        live: bool

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        """Save as any page, but never as live without a permit of the publishing step (I3, R36).

        Raises `PublicationRefused` (403), also for an alias, and for withheld information whoever holds a permit (R12).
        """
        require_no_alias(self)
        fields = kwargs.get("update_fields")
        if self.live and (fields is None or not set(fields) <= self.PRIVATE_FIELDS):
            require_permit(self.pk)
            if self.disclosure == Disclosure.WITHHELD:
                withheld_refused()
        return super().save(*args, **kwargs)

    def save_revision(self, *args, overwrite_revision=None, **kwargs):
        """Save a version. One that was submitted or posted is never written over: an open editor that saves by itself
        gets a version of its own instead, so that the signatures keep what they signed and nobody loses text (R40)."""
        if overwrite_revision is not None and (
            overwrite_revision.submissions.exists() or hasattr(overwrite_revision, "posting")
        ):
            overwrite_revision = None
        # Mixed into the site's page class, which has it.
        return super().save_revision(  # type: ignore[misc]
            *args, overwrite_revision=overwrite_revision, **kwargs
        )

    def get_lock(self):
        """Why nobody changes the item now, with its moment in B.E."""
        # Mixed into the site's page class, which has it.
        return lock_in_be(super().get_lock())  # type: ignore[misc]

    def permissions_for_user(self, user):
        """What Wagtail offers this person for the item; the ways around the flow are not among it (I3)."""
        return NewsPermissionTester(user, self)

    def get_workflow(self):
        """The chain of this item: chosen by its section, type or an open correction, else by its place (R05, R34)."""
        choice = chain_choice(self)
        # Mixed into the site's page class, which has it.
        return choice.workflow if choice else super().get_workflow()  # type: ignore[misc]

    @property
    def has_workflow(self):
        """Whether there is a chain to submit this item to."""
        return self.get_workflow() is not None

    def clean(self):
        """An expiry lies after the event, and the links stay inside one agency."""
        super().clean()
        activity, officer = self.plan_activity, self.responsible_officer
        if activity and officer and activity.plan.agency_id != officer.agency_id:
            raise ValidationError(
                {"plan_activity": _("The plan activity and the responsible officer belong to different agencies.")}
            )

    @classmethod
    def from_serializable_data(cls, data, check_fks=True, strict_fks=False):
        """Build the page of a stored version; what it refers to is looked up together, not one by one."""
        page = super().from_serializable_data(  # type: ignore[misc]
            data, check_fks=False, strict_fks=strict_fks
        )
        return lost_references_drop(page) if check_fks and page is not None else page

    def approval_finished(self, *, workflow_state, user):
        """Called at the end of the chain: announce it, the publishing step opens the posting (S1 §4.4)."""
        news_approved.send(
            sender=type(self),
            page=self,
            revision=workflow_state.current_task_state.revision,
            workflow_state=workflow_state,
            actor=user,
            now=step_now(),
        )
