"""What a visitor sees: the door of a share, and the room in which a snapshot is read. Nothing of the school is asked.

What is shown comes from the snapshot alone; these modules import none of the rooms that keep the school's work.
"""

from evidence_app.pages.visitor import door, exhibits, reading_room
from evidence_app.pages.visitor.blueprint import pages

__all__ = ["door", "exhibits", "pages", "reading_room"]
