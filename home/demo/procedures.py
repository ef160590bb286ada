"""The procedures of the demo: news has two revisions, of which the later one counts; the plan has one."""

from datetime import date

from pr_workflow.people.models import Agency
from pr_workflow.people.procedures import Procedure, ProcedureRevision, Scope

#: Title and revisions (number, year B.E., day) by what they count for.
PROCEDURES = {
    Scope.NEWS: ("การสื่อสารประชาสัมพันธ์ทางเว็บไซต์", [(1, 2564, date(2021, 3, 22)), (2, 2567, date(2024, 1, 4))]),
    Scope.PLAN: ("การจัดทำแผนประชาสัมพันธ์ประจำปี", [(1, 2565, date(2022, 2, 1))]),
}


def procedures_load(agency: Agency) -> None:
    """Both procedures with their revisions; what is there stays."""
    for number, (scope, (title, revisions)) in enumerate(PROCEDURES.items(), start=1):
        code = f"{agency.code.upper()}-PR-{number:02}"
        procedure, made = Procedure.objects.get_or_create(
            agency=agency, code=code, defaults={"title": title, "scope": scope}
        )
        for revision, year, day in revisions if made else ():
            ProcedureRevision.objects.create(procedure=procedure, number=revision, year_be=year, effective_on=day)
