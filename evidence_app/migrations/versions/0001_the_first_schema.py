"""the first schema"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "attempts",
        sa.Column("subject", sa.String(length=100), nullable=False),
        sa.Column("source", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("window_started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("failed_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("subject", "source", name=op.f("pk_attempts")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("sequence", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.String(length=26), nullable=False),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject_kind", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.String(length=80), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("school_id", "sequence", name=op.f("pk_audit_entries")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "audit_heads",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_audit_heads")),
    )
    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=30), nullable=False),
        sa.Column("subject", sa.String(length=80), nullable=False),
        sa.Column("urgency", sa.SmallInteger(), nullable=False),
        sa.Column("payload", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("run_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease", sa.String(length=26), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index("ix_jobs_claim", ["state", "kind", "urgency", "attempts", "run_at"], unique=False)
        batch_op.create_index("ix_jobs_subject", ["school_id", "subject"], unique=False)

    op.create_table(
        "people",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("theme", sa.String(length=5), nullable=False),
        sa.Column("runs_installation", sa.Boolean(), nullable=False),
        sa.Column("reset_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("deactivated_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
        sa.UniqueConstraint("email", name=op.f("uq_people_email")),
    )
    op.create_table(
        "schools",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("ib_code", sa.String(length=20), nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("accent", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.Column("suggests", sa.Boolean(), nullable=False),
        sa.Column("quota_mib", sa.Integer(), nullable=False),
        sa.Column("person_mib", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_schools")),
        sa.UniqueConstraint("key", name=op.f("uq_schools_key")),
    )
    op.create_table(
        "setup_tokens",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_setup_tokens")),
    )
    op.create_table(
        "calendar_feeds",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("standing", sa.String(length=26), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_calendar_feeds_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_calendar_feeds_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_calendar_feeds")),
        sa.UniqueConstraint("school_id", "person_id", name=op.f("uq_calendar_feeds_school_id_person_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feeds_token_hash")),
    )
    op.create_table(
        "campuses",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_campuses_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_campuses")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_campuses_school_id_name")),
    )
    op.create_table(
        "damaged_files",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("damage", sa.String(length=10), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_damaged_files_school_id")),
        sa.PrimaryKeyConstraint("school_id", "sha256", name=op.f("pk_damaged_files")),
    )
    op.create_table(
        "drives",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("leaving_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_bytes", sa.BigInteger(), nullable=False),
        sa.Column("together", sa.String(length=40), nullable=False),
        sa.Column("parts", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("folders", sa.JSON(), nullable=False),
        sa.Column("trouble", sa.JSON(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("worked_seconds", sa.Double(), nullable=False),
        sa.Column("stepped_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("names_forgotten", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_drives_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_drives_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_drives")),
    )
    with op.batch_alter_table("drives", schema=None) as batch_op:
        batch_op.create_index("ix_drives_person", ["school_id", "person_id", "created_at"], unique=False)

    op.create_table(
        "erasures",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("sha256s", sa.JSON(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(state = 'done') = (done_at is not null)", name=op.f("ck_erasures_done")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_erasures_school_id")),
        sa.PrimaryKeyConstraint("school_id", "item_id", name=op.f("pk_erasures")),
    )
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.create_index("ix_erasures_state", ["state"], unique=False)

    op.create_table(
        "evaluations",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("framework_key", sa.String(length=60), nullable=False),
        sa.Column("scale_key", sa.String(length=60), nullable=False),
        sa.Column("period_from", sa.Date(), nullable=True),
        sa.Column("period_to", sa.Date(), nullable=True),
        sa.Column("visit_on", sa.Date(), nullable=True),
        sa.Column("visit_until", sa.Date(), nullable=True),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "period_to is null or period_from is null or period_from <= period_to", name=op.f("ck_evaluations_period")
        ),
        sa.CheckConstraint("visit_until is null or visit_on <= visit_until", name=op.f("ck_evaluations_visit")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_evaluations_created_by")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_evaluations_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_evaluations")),
    )
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.create_index("ix_evaluations_state", ["school_id", "state"], unique=False)

    op.create_table(
        "filing_drafts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=5), nullable=False),
        sa.Column("request_id", sa.String(length=26), nullable=False),
        sa.Column("said", sa.JSON(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_filing_drafts_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_filing_drafts_school_id")),
        sa.PrimaryKeyConstraint("school_id", "person_id", "part", "request_id", name=op.f("pk_filing_drafts")),
    )
    op.create_table(
        "groups",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("is_learning_support", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_groups_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_groups")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_groups_school_id_name")),
    )
    op.create_table(
        "handovers",
        sa.Column("from_id", sa.String(length=26), nullable=False),
        sa.Column("to_id", sa.String(length=26), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("moved", sa.JSON(), nullable=False),
        sa.Column("ended_access", sa.Boolean(), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("from_id <> to_id", name=op.f("ck_handovers_two_people")),
        sa.ForeignKeyConstraint(["from_id"], ["people.id"], name=op.f("fk_handovers_from_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_handovers_school_id")),
        sa.ForeignKeyConstraint(["to_id"], ["people.id"], name=op.f("fk_handovers_to_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_handovers")),
    )
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.create_index("ix_handovers_from", ["school_id", "from_id"], unique=False)

    op.create_table(
        "invitations",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_invitations_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_invitations_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_invitations")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_invitations_token_hash")),
    )
    op.create_table(
        "leaving_blobs",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("goes_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_leaving_blobs_school_id")),
        sa.PrimaryKeyConstraint("school_id", "sha256", name=op.f("pk_leaving_blobs")),
    )
    op.create_table(
        "mailboxes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("address", sa.String(length=320), nullable=False),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("port", sa.Integer(), nullable=False),
        sa.Column("security", sa.String(length=8), nullable=False),
        sa.Column("user", sa.String(length=320), nullable=False),
        sa.Column("folder", sa.String(length=200), nullable=False),
        sa.Column("trusted_server", sa.String(length=253), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("uid_validity", sa.BigInteger(), nullable=False),
        sa.Column("last_uid", sa.BigInteger(), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("trouble", sa.String(length=20), nullable=False),
        sa.Column("filed", sa.Integer(), nullable=False),
        sa.Column("from_strangers", sa.Integer(), nullable=False),
        sa.CheckConstraint("port between 1 and 65535", name=op.f("ck_mailboxes_port")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_mailboxes_school_id")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_mailboxes")),
    )
    op.create_table(
        "mails",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("message_id", sa.String(length=250), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("subject", sa.String(length=300), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("is_vouched_for", sa.Boolean(), nullable=False),
        sa.Column("left", sa.JSON(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_mails_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_mails_school_id")),
        sa.PrimaryKeyConstraint("school_id", "digest", name=op.f("pk_mails")),
    )
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.create_index("ix_mails_message", ["school_id", "person_id", "message_id"], unique=False)
        batch_op.create_index("ix_mails_person", ["school_id", "person_id", "looked_at"], unique=False)

    op.create_table(
        "memberships",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("standing", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_memberships_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_memberships_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_memberships")),
        sa.UniqueConstraint("school_id", "person_id", name=op.f("uq_memberships_school_id_person_id")),
    )
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.create_index("ix_memberships_person", ["person_id"], unique=False)

    op.create_table(
        "overlay_texts",
        sa.Column("framework_key", sa.String(length=60), nullable=False),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=40), nullable=False),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("programmes", sa.String(length=20), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_overlay_texts_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_overlay_texts")),
    )
    with op.batch_alter_table("overlay_texts", schema=None) as batch_op:
        batch_op.create_index("ix_overlay_texts_framework", ["school_id", "framework_key"], unique=False)

    op.create_table(
        "recent_searches",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_recent_searches_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_recent_searches_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_recent_searches")),
    )
    with op.batch_alter_table("recent_searches", schema=None) as batch_op:
        batch_op.create_index("ix_recent_searches_person", ["school_id", "person_id", "asked_at"], unique=False)

    op.create_table(
        "rereadings",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("portion", sa.SmallInteger(), nullable=False),
        sa.Column("reached", sa.String(length=64), nullable=False),
        sa.Column("files", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_files", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_rereadings_school_id")),
        sa.PrimaryKeyConstraint("school_id", name=op.f("pk_rereadings")),
    )
    op.create_table(
        "saved_searches",
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=False),
        sa.Column("asked", sa.Text(), nullable=False),
        sa.Column("is_shared", sa.Boolean(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_saved_searches_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_saved_searches_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_saved_searches")),
        sa.UniqueConstraint("school_id", "person_id", "name", name=op.f("uq_saved_searches_school_id_person_id_name")),
    )
    op.create_table(
        "school_frameworks",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("framework_key", sa.String(length=60), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("overlay_changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_frameworks_school_id")),
        sa.PrimaryKeyConstraint("school_id", "framework_key", name=op.f("pk_school_frameworks")),
    )
    op.create_table(
        "school_programmes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_school_programmes_school_id")),
        sa.PrimaryKeyConstraint("school_id", "programme", name=op.f("pk_school_programmes")),
    )
    op.create_table(
        "sign_in_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_sign_in_sessions_person_id")),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_sign_in_sessions")),
    )
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_sessions_person_id"), ["person_id"], unique=False)

    op.create_table(
        "subjects",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_subjects_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_subjects")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_subjects_school_id_name")),
    )
    op.create_table(
        "unread_mails",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("uid", sa.BigInteger(), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("looked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_wanted", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_unread_mails_school_id")),
        sa.PrimaryKeyConstraint("school_id", "uid", name=op.f("pk_unread_mails")),
    )
    op.create_table(
        "year_groups",
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_year_groups_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_year_groups")),
        sa.UniqueConstraint("school_id", "name", name=op.f("uq_year_groups_school_id_name")),
    )
    op.create_table(
        "drive_files",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("drive_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=1000), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("reason", sa.JSON(), nullable=True),
        sa.Column("copy_of", sa.Integer(), nullable=True),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "drive_id"],
            ["drives.school_id", "drives.id"],
            name=op.f("fk_drive_files_school_id_drive_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "drive_id", "number", name=op.f("pk_drive_files")),
    )
    with op.batch_alter_table("drive_files", schema=None) as batch_op:
        batch_op.create_index("ix_drive_files_state", ["school_id", "drive_id", "state"], unique=False)

    op.create_table(
        "drive_parts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("drive_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("source_sha256", sa.String(length=64), nullable=False),
        sa.Column("leaving_sha256", sa.String(length=64), nullable=False),
        sa.Column("source_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "drive_id"],
            ["drives.school_id", "drives.id"],
            name=op.f("fk_drive_parts_school_id_drive_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "drive_id", "number", name=op.f("pk_drive_parts")),
    )
    op.create_table(
        "evaluation_deadlines",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_own", sa.Boolean(), nullable=False),
        sa.Column("done_on", sa.Date(), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_evaluation_deadlines_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_evaluation_deadlines_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_evaluation_deadlines")),
        sa.UniqueConstraint(
            "school_id", "evaluation_id", "key", name=op.f("uq_evaluation_deadlines_school_id_evaluation_id_key")
        ),
    )
    with op.batch_alter_table("evaluation_deadlines", schema=None) as batch_op:
        batch_op.create_index("ix_evaluation_deadlines_due", ["school_id", "due_on"], unique=False)

    op.create_table(
        "evaluation_programmes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_evaluation_programmes_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "evaluation_id", "programme", name=op.f("pk_evaluation_programmes")),
    )
    op.create_table(
        "evidence_requests",
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_by", sa.String(length=26), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(person_id is null) <> (group_id is null)", name=op.f("ck_evidence_requests_one_asked")),
        sa.ForeignKeyConstraint(["asked_by"], ["people.id"], name=op.f("fk_evidence_requests_asked_by")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_evidence_requests_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"],
            ["groups.school_id", "groups.id"],
            name=op.f("fk_evidence_requests_school_id_group_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_evidence_requests_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_evidence_requests")),
    )
    with op.batch_alter_table("evidence_requests", schema=None) as batch_op:
        batch_op.create_index("ix_evidence_requests_node", ["school_id", "node_key"], unique=False)
        batch_op.create_index("ix_evidence_requests_person", ["school_id", "person_id"], unique=False)
        batch_op.create_index("ix_evidence_requests_state", ["school_id", "state", "due_on"], unique=False)

    op.create_table(
        "group_members",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("group_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("standing", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_group_members_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"],
            ["groups.school_id", "groups.id"],
            name=op.f("fk_group_members_school_id_group_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "group_id", "person_id", name=op.f("pk_group_members")),
    )
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.create_index("ix_group_members_person", ["person_id"], unique=False)

    op.create_table(
        "introductions",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=100), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_introductions_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_introductions_school_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_introductions_written_by")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_introductions")),
        sa.UniqueConstraint(
            "school_id",
            "evaluation_id",
            "part",
            "revision",
            name=op.f("uq_introductions_school_id_evaluation_id_part_revision"),
        ),
    )
    op.create_table(
        "items",
        sa.Column("kind", sa.String(length=4), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("purpose", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("document_kind", sa.String(length=60), nullable=False),
        sa.Column("campus_id", sa.String(length=26), nullable=True),
        sa.Column("subject_id", sa.String(length=26), nullable=True),
        sa.Column("year_group_id", sa.String(length=26), nullable=True),
        sa.Column("school_year", sa.String(length=9), nullable=False),
        sa.Column("shown_from", sa.Date(), nullable=True),
        sa.Column("shown_to", sa.Date(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review_by", sa.Date(), nullable=True),
        sa.Column("language", sa.String(length=2), nullable=False),
        sa.Column("visibility", sa.String(length=9), nullable=False),
        sa.Column("held", sa.String(length=7), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=False),
        sa.Column("folder", sa.String(length=1000), nullable=False),
        sa.Column("came_in_bulk", sa.Boolean(), nullable=False),
        sa.Column("current_version_id", sa.String(length=26), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leaving_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "held = '' or visibility = 'private' or (held = 'release' and visibility = 'staff')",
            name=op.f("ck_items_held"),
        ),
        sa.CheckConstraint(
            "shown_to is null or shown_from is null or shown_from <= shown_to", name=op.f("ck_items_period")
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_items_owner_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "campus_id"], ["campuses.school_id", "campuses.id"], name=op.f("fk_items_school_id_campus_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "subject_id"],
            ["subjects.school_id", "subjects.id"],
            name=op.f("fk_items_school_id_subject_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "year_group_id"],
            ["year_groups.school_id", "year_groups.id"],
            name=op.f("fk_items_school_id_year_group_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_items_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_items")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("ix_items_folder", ["school_id", "folder"], unique=False)
        batch_op.create_index(
            "ix_items_held_back",
            ["school_id", "id", "visibility", "leaving_at", "withdrawn_at", "owner_id"],
            unique=False,
            sqlite_where=sa.text("visibility = 'private' OR leaving_at IS NOT NULL OR withdrawn_at IS NOT NULL"),
            postgresql_where=sa.text("visibility = 'private' OR leaving_at IS NOT NULL OR withdrawn_at IS NOT NULL"),
        )
        batch_op.create_index("ix_items_owner", ["school_id", "owner_id"], unique=False)
        batch_op.create_index("ix_items_received", ["school_id", "received_at"], unique=False)
        batch_op.create_index(
            "ix_items_review",
            ["school_id", "review_by"],
            unique=False,
            sqlite_where=sa.text("review_by IS NOT NULL"),
            postgresql_where=sa.text("review_by IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_items_seen", ["school_id", "withdrawn_at", "leaving_at", "visibility", "owner_id"], unique=False
        )
        batch_op.create_index("ix_items_visibility", ["school_id", "visibility"], unique=False)

    op.create_table(
        "membership_limits",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("membership_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("value", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "membership_id"],
            ["memberships.school_id", "memberships.id"],
            name=op.f("fk_membership_limits_school_id_membership_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "membership_id", "kind", "value", name=op.f("pk_membership_limits")),
    )
    op.create_table(
        "participants",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("who", sa.String(length=120), nullable=False),
        sa.Column("people", sa.String(length=120), nullable=False),
        sa.Column("did", sa.String(length=500), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_participants_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_participants_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_participants")),
    )
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.create_index("ix_participants_evaluation", ["school_id", "evaluation_id"], unique=False)

    op.create_table(
        "plans",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=22), nullable=False),
        sa.Column("evaluation_id", sa.String(length=26), nullable=True),
        sa.Column("focus", sa.Text(), nullable=False),
        sa.Column("rationale", sa.Text(), nullable=False),
        sa.Column("impact", sa.Text(), nullable=False),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_plans_revision")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_plans_created_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_plans_school_id_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_plans_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_plans")),
    )
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.create_index("ix_plans_evaluation", ["school_id", "evaluation_id"], unique=False)

    op.create_table(
        "responses",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("lead_id", sa.String(length=26), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=26), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by", sa.String(length=26), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("entered_revision", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.String(length=26), nullable=True),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("rating >= 1", name=op.f("ck_responses_rating")),
        sa.CheckConstraint("revision >= 0", name=op.f("ck_responses_revision")),
        sa.ForeignKeyConstraint(["approved_by"], ["people.id"], name=op.f("fk_responses_approved_by")),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_responses_changed_by")),
        sa.ForeignKeyConstraint(["entered_by"], ["people.id"], name=op.f("fk_responses_entered_by")),
        sa.ForeignKeyConstraint(["lead_id"], ["people.id"], name=op.f("fk_responses_lead_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_responses_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_responses_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_responses")),
        sa.UniqueConstraint(
            "school_id",
            "evaluation_id",
            "node_key",
            "programme",
            name=op.f("uq_responses_school_id_evaluation_id_node_key_programme"),
        ),
    )
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.create_index("ix_responses_lead", ["school_id", "lead_id"], unique=False)
        batch_op.create_index(
            "ix_responses_status", ["school_id", "evaluation_id", "programme", "status"], unique=False
        )

    op.create_table(
        "snapshots",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("texts_sha256", sa.String(length=64), nullable=False),
        sa.Column("exhibits", sa.Integer(), nullable=False),
        sa.Column("frozen_by", sa.String(length=26), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("emptied_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_snapshots_sha256")),
        sa.ForeignKeyConstraint(["frozen_by"], ["people.id"], name=op.f("fk_snapshots_frozen_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_snapshots_school_id_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_snapshots_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_snapshots")),
        sa.UniqueConstraint(
            "school_id", "evaluation_id", "sha256", name=op.f("uq_snapshots_school_id_evaluation_id_sha256")
        ),
    )
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.create_index("ix_snapshots_frozen", ["school_id", "evaluation_id", "frozen_at"], unique=False)

    op.create_table(
        "standard_levels",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("level", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("level >= 1", name=op.f("ck_standard_levels_level")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_standard_levels_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_standard_levels_school_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_standard_levels_written_by")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_standard_levels")),
        sa.UniqueConstraint(
            "school_id",
            "evaluation_id",
            "node_key",
            "programme",
            "revision",
            name=op.f("uq_standard_levels_school_id_evaluation_id_node_key_programme_revision"),
        ),
    )
    op.create_table(
        "team_members",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_team_members_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_team_members_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "evaluation_id", "person_id", name=op.f("pk_team_members")),
    )
    op.create_table(
        "batch_entries",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("request_id", sa.String(length=26), nullable=True),
        sa.Column("also_for", sa.JSON(), nullable=False),
        sa.Column("said", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_batch_entries_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_batch_entries_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "request_id"],
            ["evidence_requests.school_id", "evidence_requests.id"],
            name=op.f("fk_batch_entries_school_id_request_id"),
        ),
        sa.PrimaryKeyConstraint("school_id", "person_id", "item_id", name=op.f("pk_batch_entries")),
    )
    with op.batch_alter_table("batch_entries", schema=None) as batch_op:
        batch_op.create_index("ix_batch_entries_person", ["school_id", "person_id", "added_at"], unique=False)

    op.create_table(
        "declined_suggestions",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("declined_by", sa.String(length=26), nullable=False),
        sa.Column("declined_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["declined_by"], ["people.id"], name=op.f("fk_declined_suggestions_declined_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_declined_suggestions_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "item_id", "node_key", name=op.f("pk_declined_suggestions")),
    )
    op.create_table(
        "editions",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("snapshot_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("published_by", sa.String(length=26), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("number >= 1", name=op.f("ck_editions_number")),
        sa.ForeignKeyConstraint(["published_by"], ["people.id"], name=op.f("fk_editions_published_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_editions_school_id_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_editions_school_id_snapshot_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_editions_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_editions")),
        sa.UniqueConstraint(
            "school_id", "evaluation_id", "number", name=op.f("uq_editions_school_id_evaluation_id_number")
        ),
        sa.UniqueConstraint("school_id", "snapshot_id", name=op.f("uq_editions_school_id_snapshot_id")),
    )
    op.create_table(
        "exhibit_pages",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("snapshot_id", sa.String(length=26), nullable=False),
        sa.Column("exhibit_sha256", sa.String(length=64), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.Column("is_true_look", sa.Boolean(), nullable=False),
        sa.CheckConstraint("page >= 1", name=op.f("ck_exhibit_pages_page")),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_exhibit_pages_school_id_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "snapshot_id", "exhibit_sha256", "page", name=op.f("pk_exhibit_pages")),
    )
    op.create_table(
        "filing_keys",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_filing_keys_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_filing_keys_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "person_id", "key", name=op.f("pk_filing_keys")),
    )
    op.create_table(
        "item_access",
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=True),
        sa.Column("group_id", sa.String(length=26), nullable=True),
        sa.Column("is_custodian", sa.Boolean(), nullable=False),
        sa.Column("standing", sa.String(length=26), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(person_id is null) <> (group_id is null)", name=op.f("ck_item_access_one_subject")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_item_access_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "group_id"], ["groups.school_id", "groups.id"], name=op.f("fk_item_access_school_id_group_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_item_access_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_item_access_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_item_access")),
    )
    with op.batch_alter_table("item_access", schema=None) as batch_op:
        batch_op.create_index("ix_item_access_item", ["school_id", "item_id"], unique=False)
        batch_op.create_index("ix_item_access_person", ["school_id", "person_id"], unique=False)

    op.create_table(
        "item_digests",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_item_digests_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "item_id", name=op.f("pk_item_digests")),
    )
    op.create_table(
        "item_programmes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_item_programmes_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "item_id", "programme", name=op.f("pk_item_programmes")),
    )
    op.create_table(
        "item_suggestions",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("score", sa.Float(), nullable=False),
        sa.Column("is_sure", sa.Boolean(), nullable=False),
        sa.Column("because", sa.JSON(), nullable=False),
        sa.Column("leans_on", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_item_suggestions_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "item_id", "node_key", name=op.f("pk_item_suggestions")),
    )
    with op.batch_alter_table("item_suggestions", schema=None) as batch_op:
        batch_op.create_index(
            "ix_item_suggestions_node",
            ["school_id", "node_key", "is_sure", "position", "item_id", "leans_on"],
            unique=False,
        )

    op.create_table(
        "link_checks",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=11), nullable=False),
        sa.Column("status", sa.Integer(), nullable=True),
        sa.Column("host", sa.String(length=253), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("page", sa.String(length=7), nullable=False),
        sa.Column("page_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("page_why", sa.JSON(), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_link_checks_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "item_id", name=op.f("pk_link_checks")),
    )
    with op.batch_alter_table("link_checks", schema=None) as batch_op:
        batch_op.create_index("ix_link_checks_next", ["next_at"], unique=False)
        batch_op.create_index("ix_link_checks_state", ["school_id", "state"], unique=False)

    op.create_table(
        "milestone_steps",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("reflection", sa.Text(), nullable=False),
        sa.Column("begun_on", sa.Date(), nullable=True),
        sa.Column("reached_on", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=26), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("round >= 1", name=op.f("ck_milestone_steps_round")),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_milestone_steps_changed_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "plan_id"],
            ["plans.school_id", "plans.id"],
            name=op.f("fk_milestone_steps_school_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_milestone_steps_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_milestone_steps")),
        sa.UniqueConstraint(
            "school_id",
            "plan_id",
            "round",
            "node_key",
            name=op.f("uq_milestone_steps_school_id_plan_id_round_node_key"),
        ),
    )
    op.create_table(
        "objectives",
        sa.Column("plan_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "plan_id"],
            ["plans.school_id", "plans.id"],
            name=op.f("fk_objectives_school_id_plan_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_objectives_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_objectives")),
    )
    with op.batch_alter_table("objectives", schema=None) as batch_op:
        batch_op.create_index("ix_objectives_plan", ["school_id", "plan_id"], unique=False)

    op.create_table(
        "preparations",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("snapshot_id", sa.String(length=26), nullable=False),
        sa.Column("drawn", sa.Integer(), nullable=False),
        sa.Column("bundle_sha256", sa.String(length=64), nullable=False),
        sa.Column("bundle_name", sa.String(length=200), nullable=False),
        sa.Column("is_complete", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_preparations_school_id_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "snapshot_id", name=op.f("pk_preparations")),
    )
    op.create_table(
        "request_answers",
        sa.Column("request_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("answered_by", sa.String(length=26), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["answered_by"], ["people.id"], name=op.f("fk_request_answers_answered_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_request_answers_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "request_id"],
            ["evidence_requests.school_id", "evidence_requests.id"],
            name=op.f("fk_request_answers_school_id_request_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_request_answers_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_request_answers")),
        sa.UniqueConstraint(
            "school_id", "request_id", "item_id", name=op.f("uq_request_answers_school_id_request_id_item_id")
        ),
    )
    with op.batch_alter_table("request_answers", schema=None) as batch_op:
        batch_op.create_index("ix_request_answers_item", ["school_id", "item_id"], unique=False)

    op.create_table(
        "requirement_answers",
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("state", sa.String(length=7), nullable=False),
        sa.Column("note", sa.String(length=1000), nullable=False),
        sa.Column("changed_by", sa.String(length=26), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_requirement_answers_changed_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "response_id"],
            ["responses.school_id", "responses.id"],
            name=op.f("fk_requirement_answers_school_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_requirement_answers_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_requirement_answers")),
        sa.UniqueConstraint(
            "school_id", "response_id", "node_key", name=op.f("uq_requirement_answers_school_id_response_id_node_key")
        ),
    )
    op.create_table(
        "response_drafts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("base_revision", sa.Integer(), nullable=False),
        sa.Column("kept_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_response_drafts_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "response_id"],
            ["responses.school_id", "responses.id"],
            name=op.f("fk_response_drafts_school_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "response_id", "person_id", name=op.f("pk_response_drafts")),
    )
    op.create_table(
        "response_revisions",
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("is_aside", sa.Boolean(), nullable=False),
        sa.Column("restored_from", sa.Integer(), nullable=True),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("narrative", sa.Text(), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=False),
        sa.Column("next_steps", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "response_id"],
            ["responses.school_id", "responses.id"],
            name=op.f("fk_response_revisions_school_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_response_revisions_school_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_response_revisions_written_by")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_response_revisions")),
        sa.UniqueConstraint(
            "school_id", "response_id", "number", name=op.f("uq_response_revisions_school_id_response_id_number")
        ),
    )
    op.create_table(
        "shares",
        sa.Column("snapshot_id", sa.String(length=26), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("room", sa.String(length=32), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("note", sa.String(length=200), nullable=False),
        sa.Column("may_download", sa.Boolean(), nullable=False),
        sa.Column("wrong_guesses", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.String(length=26), nullable=False),
        sa.Column("form_key", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expired_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(token_hash) = 64", name=op.f("ck_shares_token")),
        sa.CheckConstraint("wrong_guesses >= 0", name=op.f("ck_shares_guesses")),
        sa.ForeignKeyConstraint(["created_by"], ["people.id"], name=op.f("fk_shares_created_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_shares_school_id_snapshot_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_shares_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_shares")),
        sa.UniqueConstraint("room", name=op.f("uq_shares_room")),
        sa.UniqueConstraint(
            "school_id", "created_by", "form_key", name=op.f("uq_shares_school_id_created_by_form_key")
        ),
        sa.UniqueConstraint("token_hash", name=op.f("uq_shares_token_hash")),
    )
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.create_index("ix_shares_created", ["school_id", "created_at"], unique=False)

    op.create_table(
        "snapshot_blobs",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("snapshot_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_snapshot_blobs_school_id_snapshot_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "snapshot_id", "sha256", name=op.f("pk_snapshot_blobs")),
    )
    with op.batch_alter_table("snapshot_blobs", schema=None) as batch_op:
        batch_op.create_index("ix_snapshot_blobs_sha256", ["school_id", "sha256"], unique=False)

    op.create_table(
        "tags",
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("strength", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("tagged_by", sa.String(length=26), nullable=False),
        sa.Column("tagged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.String(length=26), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reply", sa.Text(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("strength between 0 and 3", name=op.f("ck_tags_strength")),
        sa.ForeignKeyConstraint(["decided_by"], ["people.id"], name=op.f("fk_tags_decided_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_tags_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_tags_school_id")),
        sa.ForeignKeyConstraint(["tagged_by"], ["people.id"], name=op.f("fk_tags_tagged_by")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_tags")),
        sa.UniqueConstraint("school_id", "item_id", "node_key", name=op.f("uq_tags_school_id_item_id_node_key")),
    )
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.create_index("ix_tags_node", ["school_id", "node_key", "state"], unique=False)
        batch_op.create_index("ix_tags_state", ["school_id", "state", "tagged_at"], unique=False)

    op.create_table(
        "versions",
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=300), nullable=False),
        sa.Column("name_stem", sa.String(length=120), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("added_by", sa.String(length=26), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("comment", sa.String(length=300), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("length(sha256) = 64", name=op.f("ck_versions_sha256")),
        sa.CheckConstraint("size_bytes >= 0", name=op.f("ck_versions_size")),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_versions_added_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_versions_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_versions_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_versions")),
        sa.UniqueConstraint(
            "school_id", "item_id", "number", "part", name=op.f("uq_versions_school_id_item_id_number_part")
        ),
    )
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.create_index("ix_versions_name_stem", ["school_id", "name_stem"], unique=False)
        batch_op.create_index("ix_versions_sha256", ["school_id", "sha256"], unique=False)

    op.create_table(
        "citations",
        sa.Column("response_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("cited_by", sa.String(length=26), nullable=False),
        sa.Column("cited_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["cited_by"], ["people.id"], name=op.f("fk_citations_cited_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"], ["items.school_id", "items.id"], name=op.f("fk_citations_school_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "response_id"],
            ["responses.school_id", "responses.id"],
            name=op.f("fk_citations_school_id_response_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_citations_school_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_citations_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_citations")),
        sa.UniqueConstraint(
            "school_id", "response_id", "version_id", name=op.f("uq_citations_school_id_response_id_version_id")
        ),
    )
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.create_index("ix_citations_item", ["school_id", "item_id"], unique=False)

    op.create_table(
        "compilations",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("is_edition", sa.Boolean(), nullable=False),
        sa.Column("snapshot_id", sa.String(length=26), nullable=True),
        sa.Column("edition_id", sa.String(length=26), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done", sa.Integer(), nullable=False),
        sa.Column("wanted", sa.JSON(), nullable=False),
        sa.Column("left_out", sa.JSON(), nullable=False),
        sa.Column("problems", sa.JSON(), nullable=False),
        sa.Column("error", sa.Text(), nullable=False),
        sa.Column("requested_by", sa.String(length=26), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["requested_by"], ["people.id"], name=op.f("fk_compilations_requested_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "edition_id"],
            ["editions.school_id", "editions.id"],
            name=op.f("fk_compilations_school_id_edition_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_compilations_school_id_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "snapshot_id"],
            ["snapshots.school_id", "snapshots.id"],
            name=op.f("fk_compilations_school_id_snapshot_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_compilations_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_compilations")),
    )
    with op.batch_alter_table("compilations", schema=None) as batch_op:
        batch_op.create_index(
            "ix_compilations_evaluation", ["school_id", "evaluation_id", "requested_at"], unique=False
        )

    op.create_table(
        "exhibits",
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("home", sa.String(length=40), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("is_fixed", sa.Boolean(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_exhibits_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"], ["items.school_id", "items.id"], name=op.f("fk_exhibits_school_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_exhibits_school_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_exhibits_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_exhibits")),
        sa.UniqueConstraint(
            "school_id", "evaluation_id", "number", name=op.f("uq_exhibits_school_id_evaluation_id_number")
        ),
        sa.UniqueConstraint(
            "school_id", "evaluation_id", "version_id", name=op.f("uq_exhibits_school_id_evaluation_id_version_id")
        ),
    )
    with op.batch_alter_table("exhibits", schema=None) as batch_op:
        batch_op.create_index("ix_exhibits_item", ["school_id", "item_id"], unique=False)

    op.create_table(
        "flags",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("weight", sa.String(length=8), nullable=False),
        sa.Column("signs", sa.JSON(), nullable=False),
        sa.Column("asked", sa.String(length=9), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("settled_as", sa.String(length=8), nullable=True),
        sa.Column("settled_by", sa.String(length=26), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("copy_item_id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(settled_as is null) = (settled_at is null)", name=op.f("ck_flags_settled_at")),
        sa.CheckConstraint("(settled_as is null) = (settled_by is null)", name=op.f("ck_flags_settled_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"],
            ["items.school_id", "items.id"],
            name=op.f("fk_flags_school_id_item_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_flags_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name=op.f("fk_flags_settled_by")),
        sa.PrimaryKeyConstraint("school_id", "version_id", name=op.f("pk_flags")),
    )
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.create_index("ix_flags_item", ["school_id", "item_id"], unique=False)
        batch_op.create_index("ix_flags_open", ["school_id", "settled_as"], unique=False)

    op.create_table(
        "plain_copies",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_plain_copies_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "version_id", name=op.f("pk_plain_copies")),
    )
    with op.batch_alter_table("plain_copies", schema=None) as batch_op:
        batch_op.create_index("ix_plain_copies_sha256", ["school_id", "sha256"], unique=False)

    op.create_table(
        "plan_actions",
        sa.Column("objective_id", sa.String(length=26), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("owner_id", sa.String(length=26), nullable=True),
        sa.Column("start_on", sa.Date(), nullable=True),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("budget", sa.String(length=200), nullable=False),
        sa.Column("success_indicator", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("changed_by", sa.String(length=26), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint(
            "due_on is null or start_on is null or start_on <= due_on", name=op.f("ck_plan_actions_dates")
        ),
        sa.CheckConstraint("revision >= 1", name=op.f("ck_plan_actions_revision")),
        sa.ForeignKeyConstraint(["changed_by"], ["people.id"], name=op.f("fk_plan_actions_changed_by")),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("fk_plan_actions_owner_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "objective_id"],
            ["objectives.school_id", "objectives.id"],
            name=op.f("fk_plan_actions_school_id_objective_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_plan_actions_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_plan_actions")),
    )
    with op.batch_alter_table("plan_actions", schema=None) as batch_op:
        batch_op.create_index("ix_plan_actions_due", ["school_id", "state", "due_on"], unique=False)
        batch_op.create_index("ix_plan_actions_objective", ["school_id", "objective_id"], unique=False)
        batch_op.create_index("ix_plan_actions_owner", ["school_id", "owner_id"], unique=False)

    op.create_table(
        "preview_images",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("media_type", sa.String(length=40), nullable=False),
        sa.Column("width_px", sa.Integer(), nullable=False),
        sa.Column("height_px", sa.Integer(), nullable=False),
        sa.CheckConstraint("page >= 0", name=op.f("ck_preview_images_page")),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_preview_images_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "version_id", "page", name=op.f("pk_preview_images")),
    )
    with op.batch_alter_table("preview_images", schema=None) as batch_op:
        batch_op.create_index("ix_preview_images_sha256", ["school_id", "sha256"], unique=False)

    op.create_table(
        "scans",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("threat", sa.String(length=200), nullable=False),
        sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_scans_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "version_id", name=op.f("pk_scans")),
    )
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.create_index("ix_scans_state", ["state", "school_id"], unique=False)

    op.create_table(
        "series_parts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("part_id", sa.String(length=26), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.CheckConstraint("place > 0", name=op.f("ck_series_parts_place")),
        sa.ForeignKeyConstraint(
            ["school_id", "part_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_series_parts_school_id_part_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_series_parts_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "version_id", "place", name=op.f("pk_series_parts")),
    )
    with op.batch_alter_table("series_parts", schema=None) as batch_op:
        batch_op.create_index("ix_series_parts_part", ["school_id", "part_id"], unique=False)

    op.create_table(
        "share_passcodes",
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "share_id"],
            ["shares.school_id", "shares.id"],
            name=op.f("fk_share_passcodes_school_id_share_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_share_passcodes_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_share_passcodes")),
        sa.UniqueConstraint("school_id", "share_id", "name", name=op.f("uq_share_passcodes_school_id_share_id_name")),
    )
    op.create_table(
        "signatures",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("edition_id", sa.String(length=26), nullable=False),
        sa.Column("person_id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("snapshot_sha256", sa.String(length=64), nullable=False),
        sa.Column("signed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_signatures_person_id")),
        sa.ForeignKeyConstraint(
            ["school_id", "edition_id"],
            ["editions.school_id", "editions.id"],
            name=op.f("fk_signatures_school_id_edition_id"),
        ),
        sa.PrimaryKeyConstraint("school_id", "edition_id", "person_id", name=op.f("pk_signatures")),
    )
    op.create_table(
        "version_texts",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("language", sa.String(length=3), nullable=False),
        sa.Column("title", sa.String(length=300), nullable=False),
        sa.Column("pages", sa.Integer(), nullable=True),
        sa.Column("headings", sa.JSON(), nullable=False),
        sa.Column("page_starts", sa.JSON(), nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_version_texts_school_id_version_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "version_id", name=op.f("pk_version_texts")),
    )
    op.create_table(
        "compiled_files",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("compilation_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("size_bytes", sa.BigInteger(), nullable=False),
        sa.Column("media_type", sa.String(length=120), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "compilation_id"],
            ["compilations.school_id", "compilations.id"],
            name=op.f("fk_compiled_files_school_id_compilation_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "compilation_id", "kind", name=op.f("pk_compiled_files")),
    )
    with op.batch_alter_table("compiled_files", schema=None) as batch_op:
        batch_op.create_index("ix_compiled_files_sha256", ["school_id", "sha256"], unique=False)

    op.create_table(
        "exhibit_numbers",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("evaluation_id", sa.String(length=26), nullable=False),
        sa.Column("number", sa.String(length=60), nullable=False),
        sa.Column("home", sa.String(length=40), nullable=False),
        sa.Column("running", sa.Integer(), nullable=False),
        sa.Column("exhibit_id", sa.String(length=26), nullable=True),
        sa.CheckConstraint("running >= 1", name=op.f("ck_exhibit_numbers_running")),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_exhibit_numbers_school_id_evaluation_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "exhibit_id"],
            ["exhibits.school_id", "exhibits.id"],
            name=op.f("fk_exhibit_numbers_school_id_exhibit_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "evaluation_id", "number", name=op.f("pk_exhibit_numbers")),
        sa.UniqueConstraint(
            "school_id",
            "evaluation_id",
            "home",
            "running",
            name=op.f("uq_exhibit_numbers_school_id_evaluation_id_home_running"),
        ),
    )
    with op.batch_alter_table("exhibit_numbers", schema=None) as batch_op:
        batch_op.create_index("ix_exhibit_numbers_exhibit", ["school_id", "exhibit_id"], unique=False)

    op.create_table(
        "findings",
        sa.Column("evaluation_id", sa.String(length=26), nullable=True),
        sa.Column("year", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(length=25), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.Column("programme", sa.String(length=3), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("done", sa.Text(), nullable=False),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("action_id", sa.String(length=26), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "action_id"],
            ["plan_actions.school_id", "plan_actions.id"],
            name=op.f("fk_findings_school_id_action_id"),
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "evaluation_id"],
            ["evaluations.school_id", "evaluations.id"],
            name=op.f("fk_findings_school_id_evaluation_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_findings_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_findings")),
    )
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.create_index("ix_findings_evaluation", ["school_id", "evaluation_id"], unique=False)
        batch_op.create_index("ix_findings_node", ["school_id", "node_key"], unique=False)

    op.create_table(
        "plan_action_nodes",
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("action_id", sa.String(length=26), nullable=False),
        sa.Column("node_key", sa.String(length=100), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "action_id"],
            ["plan_actions.school_id", "plan_actions.id"],
            name=op.f("fk_plan_action_nodes_school_id_action_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("school_id", "action_id", "node_key", name=op.f("pk_plan_action_nodes")),
    )
    with op.batch_alter_table("plan_action_nodes", schema=None) as batch_op:
        batch_op.create_index("ix_plan_action_nodes_node", ["school_id", "node_key"], unique=False)

    op.create_table(
        "plan_evidence",
        sa.Column("action_id", sa.String(length=26), nullable=True),
        sa.Column("step_id", sa.String(length=26), nullable=True),
        sa.Column("item_id", sa.String(length=26), nullable=False),
        sa.Column("version_id", sa.String(length=26), nullable=False),
        sa.Column("how", sa.String(length=500), nullable=False),
        sa.Column("added_by", sa.String(length=26), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.CheckConstraint("(action_id is null) <> (step_id is null)", name=op.f("ck_plan_evidence_one_subject")),
        sa.ForeignKeyConstraint(["added_by"], ["people.id"], name=op.f("fk_plan_evidence_added_by")),
        sa.ForeignKeyConstraint(
            ["school_id", "action_id"],
            ["plan_actions.school_id", "plan_actions.id"],
            name=op.f("fk_plan_evidence_school_id_action_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "item_id"], ["items.school_id", "items.id"], name=op.f("fk_plan_evidence_school_id_item_id")
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "step_id"],
            ["milestone_steps.school_id", "milestone_steps.id"],
            name=op.f("fk_plan_evidence_school_id_step_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "version_id"],
            ["versions.school_id", "versions.id"],
            name=op.f("fk_plan_evidence_school_id_version_id"),
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_plan_evidence_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_plan_evidence")),
        sa.UniqueConstraint(
            "school_id", "action_id", "version_id", name=op.f("uq_plan_evidence_school_id_action_id_version_id")
        ),
        sa.UniqueConstraint(
            "school_id", "step_id", "version_id", name=op.f("uq_plan_evidence_school_id_step_id_version_id")
        ),
    )
    with op.batch_alter_table("plan_evidence", schema=None) as batch_op:
        batch_op.create_index("ix_plan_evidence_item", ["school_id", "item_id"], unique=False)

    op.create_table(
        "progress_notes",
        sa.Column("action_id", sa.String(length=26), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("written_by", sa.String(length=26), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "action_id"],
            ["plan_actions.school_id", "plan_actions.id"],
            name=op.f("fk_progress_notes_school_id_action_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_progress_notes_school_id")),
        sa.ForeignKeyConstraint(["written_by"], ["people.id"], name=op.f("fk_progress_notes_written_by")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_progress_notes")),
    )
    with op.batch_alter_table("progress_notes", schema=None) as batch_op:
        batch_op.create_index("ix_progress_notes_action", ["school_id", "action_id"], unique=False)

    op.create_table(
        "visitor_sessions",
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("passcode_id", sa.String(length=26), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "passcode_id"],
            ["share_passcodes.school_id", "share_passcodes.id"],
            name=op.f("fk_visitor_sessions_school_id_passcode_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "share_id"],
            ["shares.school_id", "shares.id"],
            name=op.f("fk_visitor_sessions_school_id_share_id"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("token_hash", name=op.f("pk_visitor_sessions")),
    )
    with op.batch_alter_table("visitor_sessions", schema=None) as batch_op:
        batch_op.create_index("ix_visitor_sessions_share", ["school_id", "share_id"], unique=False)

    op.create_table(
        "visits",
        sa.Column("share_id", sa.String(length=26), nullable=False),
        sa.Column("passcode_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("what", sa.String(length=60), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("school_id", sa.String(length=26), nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(
            ["school_id", "passcode_id"],
            ["share_passcodes.school_id", "share_passcodes.id"],
            name=op.f("fk_visits_school_id_passcode_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["school_id", "share_id"],
            ["shares.school_id", "shares.id"],
            name=op.f("fk_visits_school_id_share_id"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["school_id"], ["schools.id"], name=op.f("fk_visits_school_id")),
        sa.PrimaryKeyConstraint("school_id", "id", name=op.f("pk_visits")),
    )
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.create_index("ix_visits_share", ["school_id", "share_id", "at"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("visits", schema=None) as batch_op:
        batch_op.drop_index("ix_visits_share")

    op.drop_table("visits")
    with op.batch_alter_table("visitor_sessions", schema=None) as batch_op:
        batch_op.drop_index("ix_visitor_sessions_share")

    op.drop_table("visitor_sessions")
    with op.batch_alter_table("progress_notes", schema=None) as batch_op:
        batch_op.drop_index("ix_progress_notes_action")

    op.drop_table("progress_notes")
    with op.batch_alter_table("plan_evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_evidence_item")

    op.drop_table("plan_evidence")
    with op.batch_alter_table("plan_action_nodes", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_action_nodes_node")

    op.drop_table("plan_action_nodes")
    with op.batch_alter_table("findings", schema=None) as batch_op:
        batch_op.drop_index("ix_findings_node")
        batch_op.drop_index("ix_findings_evaluation")

    op.drop_table("findings")
    with op.batch_alter_table("exhibit_numbers", schema=None) as batch_op:
        batch_op.drop_index("ix_exhibit_numbers_exhibit")

    op.drop_table("exhibit_numbers")
    with op.batch_alter_table("compiled_files", schema=None) as batch_op:
        batch_op.drop_index("ix_compiled_files_sha256")

    op.drop_table("compiled_files")
    op.drop_table("version_texts")
    op.drop_table("signatures")
    op.drop_table("share_passcodes")
    with op.batch_alter_table("series_parts", schema=None) as batch_op:
        batch_op.drop_index("ix_series_parts_part")

    op.drop_table("series_parts")
    with op.batch_alter_table("scans", schema=None) as batch_op:
        batch_op.drop_index("ix_scans_state")

    op.drop_table("scans")
    with op.batch_alter_table("preview_images", schema=None) as batch_op:
        batch_op.drop_index("ix_preview_images_sha256")

    op.drop_table("preview_images")
    with op.batch_alter_table("plan_actions", schema=None) as batch_op:
        batch_op.drop_index("ix_plan_actions_owner")
        batch_op.drop_index("ix_plan_actions_objective")
        batch_op.drop_index("ix_plan_actions_due")

    op.drop_table("plan_actions")
    with op.batch_alter_table("plain_copies", schema=None) as batch_op:
        batch_op.drop_index("ix_plain_copies_sha256")

    op.drop_table("plain_copies")
    with op.batch_alter_table("flags", schema=None) as batch_op:
        batch_op.drop_index("ix_flags_open")
        batch_op.drop_index("ix_flags_item")

    op.drop_table("flags")
    with op.batch_alter_table("exhibits", schema=None) as batch_op:
        batch_op.drop_index("ix_exhibits_item")

    op.drop_table("exhibits")
    with op.batch_alter_table("compilations", schema=None) as batch_op:
        batch_op.drop_index("ix_compilations_evaluation")

    op.drop_table("compilations")
    with op.batch_alter_table("citations", schema=None) as batch_op:
        batch_op.drop_index("ix_citations_item")

    op.drop_table("citations")
    with op.batch_alter_table("versions", schema=None) as batch_op:
        batch_op.drop_index("ix_versions_sha256")
        batch_op.drop_index("ix_versions_name_stem")

    op.drop_table("versions")
    with op.batch_alter_table("tags", schema=None) as batch_op:
        batch_op.drop_index("ix_tags_state")
        batch_op.drop_index("ix_tags_node")

    op.drop_table("tags")
    with op.batch_alter_table("snapshot_blobs", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshot_blobs_sha256")

    op.drop_table("snapshot_blobs")
    with op.batch_alter_table("shares", schema=None) as batch_op:
        batch_op.drop_index("ix_shares_created")

    op.drop_table("shares")
    op.drop_table("response_revisions")
    op.drop_table("response_drafts")
    op.drop_table("requirement_answers")
    with op.batch_alter_table("request_answers", schema=None) as batch_op:
        batch_op.drop_index("ix_request_answers_item")

    op.drop_table("request_answers")
    op.drop_table("preparations")
    with op.batch_alter_table("objectives", schema=None) as batch_op:
        batch_op.drop_index("ix_objectives_plan")

    op.drop_table("objectives")
    op.drop_table("milestone_steps")
    with op.batch_alter_table("link_checks", schema=None) as batch_op:
        batch_op.drop_index("ix_link_checks_state")
        batch_op.drop_index("ix_link_checks_next")

    op.drop_table("link_checks")
    with op.batch_alter_table("item_suggestions", schema=None) as batch_op:
        batch_op.drop_index("ix_item_suggestions_node")

    op.drop_table("item_suggestions")
    op.drop_table("item_programmes")
    op.drop_table("item_digests")
    with op.batch_alter_table("item_access", schema=None) as batch_op:
        batch_op.drop_index("ix_item_access_person")
        batch_op.drop_index("ix_item_access_item")

    op.drop_table("item_access")
    op.drop_table("filing_keys")
    op.drop_table("exhibit_pages")
    op.drop_table("editions")
    op.drop_table("declined_suggestions")
    with op.batch_alter_table("batch_entries", schema=None) as batch_op:
        batch_op.drop_index("ix_batch_entries_person")

    op.drop_table("batch_entries")
    op.drop_table("team_members")
    op.drop_table("standard_levels")
    with op.batch_alter_table("snapshots", schema=None) as batch_op:
        batch_op.drop_index("ix_snapshots_frozen")

    op.drop_table("snapshots")
    with op.batch_alter_table("responses", schema=None) as batch_op:
        batch_op.drop_index("ix_responses_status")
        batch_op.drop_index("ix_responses_lead")

    op.drop_table("responses")
    with op.batch_alter_table("plans", schema=None) as batch_op:
        batch_op.drop_index("ix_plans_evaluation")

    op.drop_table("plans")
    with op.batch_alter_table("participants", schema=None) as batch_op:
        batch_op.drop_index("ix_participants_evaluation")

    op.drop_table("participants")
    op.drop_table("membership_limits")
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.drop_index("ix_items_visibility")
        batch_op.drop_index("ix_items_seen")
        batch_op.drop_index(
            "ix_items_review",
            sqlite_where=sa.text("review_by IS NOT NULL"),
            postgresql_where=sa.text("review_by IS NOT NULL"),
        )
        batch_op.drop_index("ix_items_received")
        batch_op.drop_index("ix_items_owner")
        batch_op.drop_index(
            "ix_items_held_back",
            sqlite_where=sa.text("visibility = 'private' OR leaving_at IS NOT NULL OR withdrawn_at IS NOT NULL"),
            postgresql_where=sa.text("visibility = 'private' OR leaving_at IS NOT NULL OR withdrawn_at IS NOT NULL"),
        )
        batch_op.drop_index("ix_items_folder")

    op.drop_table("items")
    op.drop_table("introductions")
    with op.batch_alter_table("group_members", schema=None) as batch_op:
        batch_op.drop_index("ix_group_members_person")

    op.drop_table("group_members")
    with op.batch_alter_table("evidence_requests", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_requests_state")
        batch_op.drop_index("ix_evidence_requests_person")
        batch_op.drop_index("ix_evidence_requests_node")

    op.drop_table("evidence_requests")
    op.drop_table("evaluation_programmes")
    with op.batch_alter_table("evaluation_deadlines", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluation_deadlines_due")

    op.drop_table("evaluation_deadlines")
    op.drop_table("drive_parts")
    with op.batch_alter_table("drive_files", schema=None) as batch_op:
        batch_op.drop_index("ix_drive_files_state")

    op.drop_table("drive_files")
    op.drop_table("year_groups")
    op.drop_table("unread_mails")
    op.drop_table("subjects")
    with op.batch_alter_table("sign_in_sessions", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_sessions_person_id"))

    op.drop_table("sign_in_sessions")
    op.drop_table("school_programmes")
    op.drop_table("school_frameworks")
    op.drop_table("saved_searches")
    op.drop_table("rereadings")
    with op.batch_alter_table("recent_searches", schema=None) as batch_op:
        batch_op.drop_index("ix_recent_searches_person")

    op.drop_table("recent_searches")
    with op.batch_alter_table("overlay_texts", schema=None) as batch_op:
        batch_op.drop_index("ix_overlay_texts_framework")

    op.drop_table("overlay_texts")
    with op.batch_alter_table("memberships", schema=None) as batch_op:
        batch_op.drop_index("ix_memberships_person")

    op.drop_table("memberships")
    with op.batch_alter_table("mails", schema=None) as batch_op:
        batch_op.drop_index("ix_mails_person")
        batch_op.drop_index("ix_mails_message")

    op.drop_table("mails")
    op.drop_table("mailboxes")
    op.drop_table("leaving_blobs")
    op.drop_table("invitations")
    with op.batch_alter_table("handovers", schema=None) as batch_op:
        batch_op.drop_index("ix_handovers_from")

    op.drop_table("handovers")
    op.drop_table("groups")
    op.drop_table("filing_drafts")
    with op.batch_alter_table("evaluations", schema=None) as batch_op:
        batch_op.drop_index("ix_evaluations_state")

    op.drop_table("evaluations")
    with op.batch_alter_table("erasures", schema=None) as batch_op:
        batch_op.drop_index("ix_erasures_state")

    op.drop_table("erasures")
    with op.batch_alter_table("drives", schema=None) as batch_op:
        batch_op.drop_index("ix_drives_person")

    op.drop_table("drives")
    op.drop_table("damaged_files")
    op.drop_table("campuses")
    op.drop_table("calendar_feeds")
    op.drop_table("setup_tokens")
    op.drop_table("schools")
    op.drop_table("people")
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.drop_index("ix_jobs_subject")
        batch_op.drop_index("ix_jobs_claim")

    op.drop_table("jobs")
    op.drop_table("audit_heads")
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_audit_entries_subject_id"))

    op.drop_table("audit_entries")
    op.drop_table("attempts")
