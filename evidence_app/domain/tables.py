"""Every table of the product, imported so that metadata is complete for migrations, tests and checks."""

from evidence_app.database import Base
from evidence_app.domain.accounts import models as accounts
from evidence_app.domain.audit import models as audit
from evidence_app.domain.calendar import models as calendar
from evidence_app.domain.evidence import models as evidence
from evidence_app.domain.extraction import models as extraction
from evidence_app.domain.frameworks import models as frameworks
from evidence_app.domain.handover import models as handover
from evidence_app.domain.intake import models as intake
from evidence_app.domain.jobs import models as jobs
from evidence_app.domain.links import models as links
from evidence_app.domain.mail import models as mail
from evidence_app.domain.planning import models as planning
from evidence_app.domain.reports import models as reports
from evidence_app.domain.requests import models as requests
from evidence_app.domain.scanning import models as scanning
from evidence_app.domain.schools import models as schools
from evidence_app.domain.search import models as search
from evidence_app.domain.selfstudy import models as selfstudy
from evidence_app.domain.sharing import models as sharing
from evidence_app.domain.suggesting import models as suggesting
from evidence_app.domain.tagging import models as tagging
from evidence_app.domain.upkeep import models as upkeep

ROOMS = (
    audit,
    jobs,
    schools,
    accounts,
    frameworks,
    evidence,
    links,
    scanning,
    extraction,
    tagging,
    requests,
    search,
    suggesting,
    intake,
    mail,
    selfstudy,
    planning,
    reports,
    sharing,
    calendar,
    handover,
    upkeep,
)
"""The rooms that keep something, upstream first."""

ALL_TABLES = tuple(Base.metadata.sorted_tables)
