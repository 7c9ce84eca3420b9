"""The invented people of the demo school, and what each of them files."""

from __future__ import annotations

from dataclasses import dataclass

from evidence_app.domain.access import Role

SCHOOL_KEY = "alder-bay"
SCHOOL_NAME = "Alder Bay International School"
PROGRAMMES = ("PYP", "MYP", "DP")
CAMPUSES = ("Harbour campus", "Hill campus")
GRADES = {
    "PYP": ("Grade 1", "Grade 2", "Grade 3", "Grade 4", "Grade 5"),
    "MYP": ("Grade 6", "Grade 7", "Grade 8", "Grade 9", "Grade 10"),
    "DP": ("Grade 11", "Grade 12"),
}
SUPPORT_GROUP = "Learning support team"


@dataclass(frozen=True, slots=True)
class Member:
    """One person of the school. `programmes` limits the role; `files` are the standards whose papers they file."""

    name: str
    role: Role
    part: str
    programmes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    teaches: tuple[str, ...] = ()
    language: str = "en"

    @property
    def email(self) -> str:
        """The address, made of the name."""
        plain = self.name.lower().translate(str.maketrans("áéèíóúö ", "aeeiouo."))
        return f"{plain}@alderbay.example"


MEMBERS = (
    Member("Daniel Kwarteng", Role.ADMINISTRATOR, "Office and systems"),
    Member("Peter Okafor", Role.HEAD, "Head of school", files=("0101", "0201")),
    Member("Amara Osei", Role.COORDINATOR, "PYP coordinator, leads the self-study", files=("0203", "0301")),
    Member("Jun Takeda", Role.COORDINATOR, "MYP coordinator", programmes=("MYP",)),
    Member("Leonie Brandt", Role.COORDINATOR, "DP coordinator", programmes=("DP",)),
    Member("Sofia Marchetti", Role.LEARNING_SUPPORT, "Learning support coordinator", files=("0301-02", "0202-02")),
    Member("Noor Haddad", Role.TEACHER, "Grade 4", teaches=("PYP",)),
    Member("Tomas Reyes", Role.TEACHER, "Grade 7 and humanities", teaches=("MYP",)),
    Member("Hana Sato", Role.TEACHER, "Library and Grade 2", teaches=("PYP",), files=("0202-01", "0203-01")),
    Member("Inès Moreau", Role.TEACHER, "French", teaches=("MYP", "PYP"), files=("0301-04",), language="fr"),
    Member("Lucía Ferrer", Role.TEACHER, "Spanish and TOK", teaches=("DP",), language="es"),
    Member("Matteo Bianchi", Role.TEACHER, "Arts", teaches=("MYP", "PYP"), language="it"),
    Member("Elif Demir", Role.TEACHER, "Sciences", teaches=("MYP", "DP")),
    Member("Oskar Lindqvist", Role.TEACHER, "Mathematics", teaches=("DP", "MYP")),
    Member("Grace Achieng", Role.TEACHER, "School counsellor", files=("0202",)),
    Member("Ruth Adler", Role.READER, "Board, chair of the education committee"),
)
BY_NAME = {member.name: member for member in MEMBERS}
STAFF_NAMES = tuple(m.name for m in MEMBERS if m.role is not Role.READER)
COORDINATOR_OF = {"PYP": "Amara Osei", "MYP": "Jun Takeda", "DP": "Leonie Brandt"}
LEAD_COORDINATOR = "Amara Osei"


def filers_of(code: str, programme: str) -> tuple[str, ...]:
    """The names of those who file papers about this practice, narrowest duty first; never nobody."""
    for length in (7, 4):
        named = tuple(m.name for m in MEMBERS if code[:length] in m.files)
        if named:
            return named
    return tuple(m.name for m in MEMBERS if programme in m.teaches) or (LEAD_COORDINATOR,)
