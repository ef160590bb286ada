"""Everything a machine says about one check: what was kept at the go-live, and what other steps know now (R45)."""

from typing import Any

from ..signals import check_findings_asked
from .findings import Finding, findings_from
from .models import PublicationCheck


def findings_of(check: PublicationCheck) -> list[Finding]:
    """All findings of a check, in the order they were made."""
    found = findings_from(check.prefilled.get("findings", []))
    more: Any
    for _receiver, more in check_findings_asked.send(sender=PublicationCheck, check=check):
        found += more or []
    return found


def faults_of(check: PublicationCheck) -> list[Finding]:
    """What a machine found wrong; a person who calls the page correct has to say that they know."""
    return [finding for finding in findings_of(check) if not finding.ok]
