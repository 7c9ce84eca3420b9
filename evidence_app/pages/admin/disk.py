"""What takes how much room in a school, what could be freed, and how much one person may file."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for
from flask_babel import format_date, gettext, ngettext
from werkzeug.wrappers import Response

from evidence_app.domain import evidence, intake, schools, upkeep
from evidence_app.domain.access import Action
from evidence_app.errors import AppError, Invalid
from evidence_app.extensions import actor, backends, reading, school, unit_of_work
from evidence_app.i18n import msg
from evidence_app.pages.admin.blueprint import pages
from evidence_app.web.access import open_to
from evidence_app.web.flashes import say_trouble
from evidence_app.web.templating import language

MIB = 1024 * 1024


@pages.get("/disk")
@open_to(Action.MANAGE_SCHOOL)
def disk(school_key: str) -> str:
    here, files = school(), backends()
    use = upkeep.use_of(
        reading(),
        files.blobs,
        here.id,
        index_bytes=files.index(here.id).size_bytes(),
        arriving_bytes=intake.Pieces(files.blobs, files.settings.home).arriving_bytes(here.id),
    )
    return render_template(
        "admin/disk.html",
        use=use,
        in_bin=len(evidence.items_in_bin(reading(), actor())),
        pictures=upkeep.count_page_pictures(reading(), here.id),
        largest=upkeep.largest_items(reading(), actor()),
        months=[(format_date(day, "LLL"), round(count / MIB)) for day, count in upkeep.growth(reading(), here.id)],
        free_bytes=files.blobs.free_bytes(),
        limit_bytes=here.quota_mib * MIB,
        used_bytes=evidence.bytes_stored(reading(), here.id),
    )


@pages.post("/disk/free-pictures")
@open_to(Action.MANAGE_SCHOOL)
def free_pictures(school_key: str) -> Response:
    with unit_of_work() as work:
        count = upkeep.free_page_pictures(work, actor=actor())
    words = "%(num)d picture leaves the disk within the hour.", "%(num)d pictures leave the disk within the hour."
    flash(ngettext(*words, count))
    return redirect(url_for("admin.disk", school_key=school_key))


@pages.post("/disk/person-quota")
@open_to(Action.MANAGE_SCHOOL)
def set_person_quota(school_key: str) -> Response:
    try:
        with unit_of_work() as work:
            schools.set_person_quota(work, actor=actor(), person_mib=mib_of(request.form.get("mib", "")))
    except AppError as error:
        say_trouble(error.message.in_language(language()))
    else:
        flash(gettext("Saved. What people filed already stays."))
    return redirect(url_for("admin.disk", school_key=school_key))


def mib_of(text: str) -> int:
    """The number of MiB somebody wrote, 0 where nothing; Invalid for anything that is no whole number."""
    text = text.strip()
    if text and not (text.isascii() and text.isdigit()):
        raise Invalid(msg("“%(text)s” is no whole number of MiB. Nothing was changed.", text=text[:20]), field="mib")
    return int(text or 0)
