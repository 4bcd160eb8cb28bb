"""Sealed figures, wordings and steps of reports, papers as issued and as signed, reviews; triggers keep what is sealed

Revision: 0004, after 0003
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

SEALED = [
    "id",
    "commune_id",
    "period",
    "version",
    "code",
    "snapshot",
    "sha256",
    "audit_head",
    "counted",
    "replaces_id",
    "why",
    "sealed_at",
    "sealed_by",
]
WHOLE = ("paper", "report_wording", "report_step")
WHY = "what is sealed stays"


def _keep_what_is_sealed() -> None:
    """No seal, paper, wording or step leaves or changes; of a seal only how it ended may be written, once."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in SEALED)
    rules = {"sealing": f"{changed} OR OLD.ended IS NOT NULL", **dict.fromkeys(WHOLE, "")}
    is_sqlite = op.get_bind().dialect.name == "sqlite"
    if not is_sqlite:
        op.execute(
            "CREATE FUNCTION sealed_stays() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{WHY}'; END $$"
        )
    for table, rule in rules.items():
        when = f"WHEN {rule}" if is_sqlite and rule else f"WHEN ({rule})" if rule else ""
        if is_sqlite:
            for verb, guard in (("UPDATE", when), ("DELETE", "")):
                op.execute(
                    f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} {guard} "
                    f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
                )
            continue
        op.execute(
            f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {when} "
            "EXECUTE FUNCTION sealed_stays()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION sealed_stays()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION sealed_stays()"
        )


def upgrade() -> None:
    op.create_table(
        "sealing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("snapshot", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("audit_head", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("counted", sa.LargeBinary(), nullable=False),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sealed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("sealed_by", sa.Integer(), nullable=True),
        sa.Column("ended", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("ended_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("ended_by", sa.Integer(), nullable=True),
        sa.Column("ended_why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "ended IN ('unsealed', 'replaced') OR ended IS NULL", name=op.f("ck_sealing_ended_known")
        ),
        sa.CheckConstraint("version >= 1", name=op.f("ck_sealing_version_low")),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_sealing_commune_id_place")),
        sa.ForeignKeyConstraint(["ended_by"], ["account.id"], name=op.f("fk_sealing_ended_by_account")),
        sa.ForeignKeyConstraint(["replaces_id"], ["sealing.id"], name=op.f("fk_sealing_replaces_id_sealing")),
        sa.ForeignKeyConstraint(["sealed_by"], ["account.id"], name=op.f("fk_sealing_sealed_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealing")),
        sa.UniqueConstraint(
            "commune_id", "period", "version", name=op.f("uq_sealing_commune_id_period_version")
        ),
    )
    with op.batch_alter_table("sealing", schema=None) as batch_op:
        batch_op.create_index("ix_sealing_code", ["code"], unique=True)
        batch_op.create_index("ix_sealing_period", ["period", "commune_id"], unique=False)

    op.create_table(
        "paper",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealing_id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("form", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("words", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("issued_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.CheckConstraint("form IN ('pdf', 'xlsx', 'docx')", name=op.f("ck_paper_form_known")),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_paper_commune_id_place")),
        sa.ForeignKeyConstraint(["sealing_id"], ["sealing.id"], name=op.f("fk_paper_sealing_id_sealing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_paper")),
        sa.UniqueConstraint("sealing_id", "form", name=op.f("uq_paper_sealing_id_form")),
    )
    with op.batch_alter_table("paper", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_paper_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_paper_sha256", ["sha256"], unique=False)

    op.create_table(
        "review",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("sealing_id", sa.Integer(), nullable=False),
        sa.Column("verdict", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("verdict IN ('accepted', 'returned')", name=op.f("ck_review_verdict_known")),
        sa.ForeignKeyConstraint(["given_by"], ["account.id"], name=op.f("fk_review_given_by_account")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_review_place_id_place")),
        sa.ForeignKeyConstraint(["sealing_id"], ["sealing.id"], name=op.f("fk_review_sealing_id_sealing")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_review")),
    )
    with op.batch_alter_table("review", schema=None) as batch_op:
        batch_op.create_index("ix_review_place_id", ["place_id"], unique=False)
        batch_op.create_index("ix_review_sealing_id", ["sealing_id", "id"], unique=False)

    op.create_table(
        "signed_copy",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("sealing_id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("kept_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("kept_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_signed_copy_commune_id_place")),
        sa.ForeignKeyConstraint(["kept_by"], ["account.id"], name=op.f("fk_signed_copy_kept_by_account")),
        sa.ForeignKeyConstraint(
            ["sealing_id"], ["sealing.id"], name=op.f("fk_signed_copy_sealing_id_sealing")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signed_copy")),
        sa.UniqueConstraint("sealing_id", "sha256", name=op.f("uq_signed_copy_sealing_id_sha256")),
    )
    with op.batch_alter_table("signed_copy", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signed_copy_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_signed_copy_sha256", ["sha256"], unique=False)

    op.create_table(
        "report_step",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("sealing_id", sa.Integer(), nullable=True),
        sa.Column("step", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("alone", sa.Boolean(), nullable=False),
        sa.Column("at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "step IN ('seal', 'unseal', 'submit', 'return', 'sign', 'issue', 'replace')",
            name=op.f("ck_report_step_step_known"),
        ),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_report_step_commune_id_place")),
        sa.ForeignKeyConstraint(["report_id"], ["report.id"], name=op.f("fk_report_step_report_id_report")),
        sa.ForeignKeyConstraint(
            ["sealing_id"], ["sealing.id"], name=op.f("fk_report_step_sealing_id_sealing")
        ),
        sa.ForeignKeyConstraint(["taken_by"], ["account.id"], name=op.f("fk_report_step_taken_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_report_step")),
    )
    with op.batch_alter_table("report_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_step_commune_id"), ["commune_id"], unique=False)
        batch_op.create_index("ix_report_step_report_id", ["report_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_report_step_sealing_id"), ["sealing_id"], unique=False)

    op.create_table(
        "report_wording",
        sa.Column("report_id", sa.Integer(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_report_wording_changed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["commune_id"], ["place.id"], name=op.f("fk_report_wording_commune_id_place")
        ),
        sa.ForeignKeyConstraint(
            ["report_id"], ["report.id"], name=op.f("fk_report_wording_report_id_report")
        ),
        sa.PrimaryKeyConstraint("report_id", "version", name=op.f("pk_report_wording")),
    )
    with op.batch_alter_table("report_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_report_wording_commune_id"), ["commune_id"], unique=False)

    with op.batch_alter_table("paper_setting", schema=None) as batch_op:
        batch_op.add_column(sa.Column("is_alone", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("stage", sqlmodel.sql.sqltypes.AutoString(), server_default="draft", nullable=False)
        )
        batch_op.add_column(sa.Column("sealing_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("settings", sa.JSON(), nullable=True))
        batch_op.alter_column(
            "period",
            existing_type=sa.VARCHAR(length=7),
            type_=sqlmodel.sql.sqltypes.AutoString(length=24),
            existing_nullable=False,
        )
        batch_op.create_foreign_key(
            batch_op.f("fk_report_sealing_id_sealing"), "sealing", ["sealing_id"], ["id"]
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_report_stage_known"),
            "stage IN ('draft', 'sealed', 'submitted', 'signed', 'issued')",
        )
    _keep_what_is_sealed()


def downgrade() -> None:
    with op.batch_alter_table("report", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_report_stage_known"), type_="check")
        batch_op.drop_constraint(batch_op.f("fk_report_sealing_id_sealing"), type_="foreignkey")
        batch_op.alter_column(
            "period",
            existing_type=sqlmodel.sql.sqltypes.AutoString(length=24),
            type_=sa.VARCHAR(length=7),
            existing_nullable=False,
        )
        batch_op.drop_column("settings")
        batch_op.drop_column("sealing_id")
        batch_op.drop_column("stage")
    with op.batch_alter_table("paper_setting", schema=None) as batch_op:
        batch_op.drop_column("is_alone")
    for table in ("report_wording", "report_step", "signed_copy", "review", "paper", "sealing"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION sealed_stays()")
