"""The forms of the import: choosing a file, and confirming what was shown (R19)."""

import hashlib
from typing import Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from .headers import header_of
from .import_check import PlanFile
from .line_limit import MAX_LINES
from .models import AnnualPlan
from .opening import MAX_BYTES, sheets_of
from .sheets import FileRefused, Sheet, from_json, to_json

SALT = "pr_workflow.plan.import"
#: A shown file is confirmed within the same working day, or chosen again.
MAX_AGE_SECONDS = 12 * 60 * 60
#: What a form may send back beside files; a larger table is no plan.
MAX_PARCEL = 2_000_000
KINDS_OF_FILE = ".xlsx,.docx,.csv,.txt,.tsv"


class PlanFileForm(forms.Form):
    """Chooses the file; `tables` are the sheets in it that can be a plan."""

    file = forms.FileField(
        label=_("File"),
        help_text=_(
            "Excel workbook (.xlsx), Word file (.docx) with a table, or CSV; at most %(size)s MB and "
            "%(lines)s activities."
        )
        % {"size": MAX_BYTES // 1024 // 1024, "lines": MAX_LINES},
        widget=forms.FileInput(attrs={"accept": KINDS_OF_FILE}),
    )

    def __init__(self, *args, plan: AnnualPlan, **kwargs):
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.parcel: Parcel | None = None

    def clean_file(self):
        """Read the tables; a file that is not read at all says why."""
        upload = self.cleaned_data["file"]
        if upload.size > MAX_BYTES:
            raise ValidationError(
                _("The file is larger than %(size)s MB. Take pictures out of it or copy the table into a new file.")
                % {"size": MAX_BYTES // 1024 // 1024}
            )
        data = upload.read()
        try:
            tables = sheets_of(upload.name, data)
            self.parcel = Parcel.of(self.plan, upload.name, data, tables)
        except FileRefused as error:
            raise ValidationError(error.message) from error
        return upload


class Parcel:
    """The tables of a file on their way from the check to its confirmation, signed so that nobody changes them."""

    def __init__(self, plan_id: int, name: str, sha256: str, tables: list[Sheet]):
        self.plan_id, self.name, self.sha256, self.tables = plan_id, name, sha256, tables

    @classmethod
    def of(cls, plan: AnnualPlan, name: str, data: bytes, tables: list[Sheet]) -> "Parcel":
        """Keeps the sheets whose header is recognised; all of them when none is. Raises `FileRefused`."""
        known = [sheet for sheet in tables if not header_of(sheet, plan.fiscal_year_be).problems]
        parcel = cls(plan.pk, name[-150:], hashlib.sha256(data).hexdigest(), known or tables[:1])
        if len(parcel.packed()) > MAX_PARCEL:
            raise FileRefused(_("The table holds too much text for a plan. Choose a file with one fiscal year only."))
        return parcel

    def packed(self) -> str:
        """For a hidden field of the form that confirms."""
        content = [self.plan_id, self.name, self.sha256, [to_json(sheet) for sheet in self.tables]]
        return signing.dumps(content, salt=SALT, compress=True)

    @classmethod
    def unpacked(cls, text: str, plan: AnnualPlan) -> "Parcel | None":
        """The inverse of `packed`; None when it is too old, was changed, or belongs to another plan."""
        try:
            content: Any = signing.loads(text, salt=SALT, max_age=MAX_AGE_SECONDS)
        except signing.BadSignature:
            return None
        plan_id, name, sha256, tables = content
        return cls(plan_id, name, sha256, [from_json(table) for table in tables]) if plan_id == plan.pk else None

    def file(self, table: str = "") -> PlanFile:
        """The file with the chosen table, or its first one."""
        sheet = next((sheet for sheet in self.tables if sheet.name == table), self.tables[0])
        return PlanFile(self.name, self.sha256, sheet)
