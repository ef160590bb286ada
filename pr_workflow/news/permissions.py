"""What Wagtail may offer for a page: nothing that the flow would refuse (I3, R36, R49)."""

from wagtail.models import PagePermissionTester

from ..signals import deletion_asked

#: What a list knows already of each of its items, so that it does not ask for one after the other.
IS_KEPT = "pr_is_kept"


class KeptPermissionTester(PagePermissionTester):
    """Wagtail's own answers, but what is kept as evidence, or has it below, is not deleted (R49)."""

    def can_delete(self, ignore_bulk=False):
        """Not what was submitted, approved or archived, nor the site of an agency."""
        return super().can_delete(ignore_bulk) and not self.is_kept()

    def can_move(self):
        """Moving is no deletion here: what is kept may find another place in its agency's site."""
        return super().can_delete(ignore_bulk=True)

    def is_kept(self) -> bool:
        """Whether somebody has a reason against the deletion."""
        asked = deletion_asked.send(sender=type(self.page), page=self.page)
        return any(refusal for _receiver, refusal in asked)


class NewsPermissionTester(KeptPermissionTester):
    """The same, less the ways around the flow. `side_doors` refuses those whatever is asked here."""

    def can_unpublish(self):
        """Never: the IT officer takes news off the site, with a reason (R50)."""
        return False

    def can_unschedule(self):
        """Never: the IT officer takes a go-live time back, with a reason (R43)."""
        return False

    def is_kept(self) -> bool:
        """As the list knows it, else asked."""
        return self.page.__dict__[IS_KEPT] if IS_KEPT in self.page.__dict__ else super().is_kept()


class KeptPageMixin:
    """For a site's own pages that have news below them: they are not offered for deletion while it is kept."""

    def permissions_for_user(self, user):
        """What Wagtail offers this person for the page."""
        return KeptPermissionTester(user, self)
