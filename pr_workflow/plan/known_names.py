"""People and important days as a file may name them: looked up once for a whole file, of one agency only (I5)."""

import re
from collections.abc import Iterable

from django.db.models import Q

from ..clock import step_now
from ..festival_calendar.models import ImportantDay
from ..people.models import Agency, StaffProfile, Unit
from ..thai_time import bangkok_date
from ..time_in_office import in_office_on
from .words import plain

#: Written before a name in one list and left out in another.
_HONORIFIC = re.compile(r"^(?:นางสาว|น\.ส\.|นาย|นาง|ว่าที่(?:ร้อยตรี|ร\.ต\.)(?:หญิง)?|ดร\.|คุณ)\s*")


class KnownNames:
    """Officers, units and days that lines of an agency's plan may name, by every spelling that is certain."""

    def __init__(self, agency: Agency, kept_officers: Iterable[int] = ()):
        known = in_office_on(bangkok_date(step_now())) | Q(pk__in=list(kept_officers))
        people = StaffProfile.objects.filter(known, agency=agency)
        self.officers = Lookup()
        for person in people.select_related("user"):
            username = person.user.get_username() if person.user else ""
            self.officers.add(person, person.display_name, _HONORIFIC.sub("", person.display_name), username)
        self.days = Lookup()
        for day in ImportantDay.objects.visible_to(agency):
            self.days.add(day, day.name_th, day.key)
        self.units = Lookup()
        self.unit_names = {unit.name: unit for unit in Unit.objects.filter(agency=agency)}
        for unit in self.unit_names.values():
            self.units.add(unit, unit.name)

    def officer(self, text: str) -> list[StaffProfile]:
        """The people a text may mean: one, several, or none."""
        return self.officers.find(text) or self.officers.find(_HONORIFIC.sub("", text.strip()))

    def day(self, text: str) -> list[ImportantDay]:
        """The important days a text may mean."""
        return self.days.find(text)

    def unit(self, text: str) -> list[Unit]:
        """The units and schools a text may mean; the name as it is written in the register means that one."""
        exact = self.unit_names.get(text)
        return [exact] if exact else self.units.find(text)

    def officer_text(self, person: StaffProfile | None) -> str:
        """How to write a person so that `officer` finds exactly that one."""
        if person is None:
            return ""
        username = person.user.get_username() if person.user else ""
        texts = (person.display_name, username)
        return next((text for text in texts if text and self.officer(text) == [person]), person.display_name)

    def day_text(self, day: ImportantDay | None) -> str:
        """How to write an important day so that `day` finds exactly that one."""
        if day is None:
            return ""
        return day.name_th if self.day(day.name_th) == [day] else day.key


class Lookup:
    """Rows by their spellings; a spelling of several rows finds them all."""

    def __init__(self) -> None:
        self._rows: dict[str, list] = {}

    def add(self, row, *spellings: str) -> None:
        for key in {plain(text) for text in spellings} - {""}:
            self._rows.setdefault(key, []).append(row)

    def find(self, text: str) -> list:
        return self._rows.get(plain(text), [])
