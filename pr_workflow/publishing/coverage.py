"""What lets a version be public: its chain, or an emergency publication of exactly this content (promise I3, R37)."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from wagtail.models import Revision

from ..approval.content_hash import content_hash
from ..approval.selectors import ChainVerdict, Signatures, chain_verdict, signatures_of
from .corrections import short_submissions, short_way_problem
from .models import EmergencyPublication

#: An emergency publication covers its version until a second person refuses it.
NOT_REFUSED = ~Q(outcome=EmergencyPublication.Outcome.REFUSED)


@dataclass(frozen=True)
class Signed:
    """What is written down about the approval of one version: the signatures, and whether it took the short way."""

    signatures: Signatures
    is_short: bool


def signed_of(revisions: Iterable[Revision]) -> dict[int, Signed]:
    """By the key of the version: three queries for any number."""
    found = signatures_of(revisions)
    newest = {pk: each.submissions[-1] for pk, each in found.items() if each.submissions}
    short = short_submissions(newest.values()) if newest else set()
    return {pk: Signed(each, pk in newest and newest[pk].pk in short) for pk, each in found.items()}


def coverage(revision: Revision, *, content=None, signed: Signed | None = None) -> ChainVerdict:
    """May this version be public, and if not, why? The signatures are asked first; an emergency is the exception.

    The two are never mixed: an emergency covers its one version with the content it had then, and a version that is
    edited afterwards needs the chain. `content` is the object of the version and `signed` what `signed_of` says of it,
    when the caller has them already.
    """
    signed = signed or signed_of([revision])[revision.pk]
    verdict = chain_verdict(revision, content=content, signatures=signed.signatures)
    if verdict.complete:
        reason = short_way_problem(revision, signed.signatures.submissions[-1]) if signed.is_short else ""
        return ChainVerdict(False, reason) if reason else verdict
    emergency = EmergencyPublication.objects.filter(revision=revision).first()
    if emergency is None:
        return verdict
    if emergency.outcome == EmergencyPublication.Outcome.REFUSED:
        return ChainVerdict(False, _("The emergency publication of this version was refused."))
    digest = verdict.content_hash or content_hash(revision, content)
    if emergency.content_hash != digest:
        return ChainVerdict(
            False,
            _("The content, a picture or a file was changed after the emergency publication. It needs the chain."),
            digest,
        )
    return ChainVerdict(True, content_hash=digest)
