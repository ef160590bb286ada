"""`manage.py verify_archive`: are the archive records and their kept files still what they were (R49)?"""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from ...archive.export import document_problems
from ...archive.models import ArchiveRecord
from ...archive.selectors import record_problems


class Command(BaseCommand):
    help = "Computes the hash of every archive record and of every kept file again, and names what differs."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument("--agency", default="", help="code of one agency; without it all are checked")
        parser.add_argument("--export", type=Path, help="check one exported JSON document instead of the database")

    def handle(self, *args, **options):
        result = self._document(options["export"]) if options["export"] else self._records(options["agency"])
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
        else:
            for row in result["broken"]:
                self.stdout.write(f"{row['record']} {row['title']}: {', '.join(row['problems'])}")
            self.stdout.write(f"{result['checked']} checked, {len(result['broken'])} broken")
        if result["broken"]:
            raise CommandError("the archive is not whole", returncode=1)

    def _records(self, agency: str) -> dict:
        records = ArchiveRecord.objects.order_by("pk")
        records = records.filter(agency__code=agency) if agency else records
        checked, broken = 0, []
        for record in records.iterator(chunk_size=100):
            checked += 1
            if problems := record_problems(record):
                broken.append({"record": str(record.uuid), "title": record.title, "problems": problems})
        return {"checked": checked, "broken": broken}

    def _document(self, path: Path) -> dict:
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise CommandError(f"{path}: {error}") from error
        problems = document_problems(document)
        record = document.get("record") if isinstance(document, dict) else None
        named = record if isinstance(record, dict) else {}
        row = {"record": str(named.get("uuid", "")), "title": str(named.get("title", path.name)), "problems": problems}
        return {"checked": 1, "broken": [row] if problems else []}
