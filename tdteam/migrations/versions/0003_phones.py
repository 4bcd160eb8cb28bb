"""What phones send, the phones themselves, photos, outreach and proposals; the inbox keeps what came by trigger

Revision: 0003, after 0002
"""

import secrets

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


RAW = [
    "n",
    "record_id",
    "sha256",
    "account_id",
    "from_account",
    "device_id",
    "client",
    "seq",
    "kind",
    "schema_version",
    "base_version",
    "recorded_at",
    "clock_offset",
    "clock_measured",
    "received_at",
]
WHY = "the inbox keeps what came"
FEW = (
    ("ix_visit_ended", "state", "state <> 'current'"),
    ("ix_visit_unmet", "contact", "contact <> 'met'"),
)


def _keep_what_came() -> None:
    """Nothing leaves the inbox, and what came never changes; a body may only be emptied."""
    changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in RAW)
    changed += " OR (NEW.body IS NOT NULL AND NEW.body IS DISTINCT FROM OLD.body)"
    if op.get_bind().dialect.name == "sqlite":
        op.execute(
            f"CREATE TRIGGER inbox_no_change BEFORE UPDATE ON inbox WHEN {changed} "
            f"BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        )
        op.execute(
            f"CREATE TRIGGER inbox_no_delete BEFORE DELETE ON inbox BEGIN SELECT RAISE(ABORT, '{WHY}'); END"
        )
        return
    op.execute(
        "CREATE FUNCTION inbox_keeps() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{WHY}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER inbox_no_change BEFORE UPDATE ON inbox FOR EACH ROW WHEN ({changed}) "
        "EXECUTE FUNCTION inbox_keeps()"
    )
    op.execute(
        "CREATE TRIGGER inbox_no_delete BEFORE DELETE ON inbox FOR EACH ROW EXECUTE FUNCTION inbox_keeps()"
    )
    op.execute(
        "CREATE TRIGGER inbox_no_truncate BEFORE TRUNCATE ON inbox "
        "FOR EACH STATEMENT EXECUTE FUNCTION inbox_keeps()"
    )


def upgrade() -> None:
    op.create_table(
        "record_photo",
        sa.Column("record_id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_record_photo_village_id_place")),
        sa.PrimaryKeyConstraint("record_id", "sha256", name=op.f("pk_record_photo")),
    )
    with op.batch_alter_table("record_photo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_record_photo_sha256"), ["sha256"], unique=False)
        batch_op.create_index(batch_op.f("ix_record_photo_village_id"), ["village_id"], unique=False)

    op.create_table(
        "satisfaction",
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_satisfaction_village_id_place")),
        sa.PrimaryKeyConstraint("village_id", "period", "score", name=op.f("pk_satisfaction")),
    )
    op.create_table(
        "account_pin",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("pin_hash", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_account_pin_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_account_pin")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("label", sqlmodel.sql.sqltypes.AutoString(length=80), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("enrolled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("last_seen_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("client", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_device_account_id_account")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_device_revoked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_device")),
        sa.UniqueConstraint("account_id", "device_id", name=op.f("uq_device_account_id_device_id")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index("ix_device_token_hash", ["token_hash"], unique=True)

    op.create_table(
        "evidence",
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("stored_sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("stored_size", sa.Integer(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("removed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_account_id_account")),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_stored_sha256"), ["stored_sha256"], unique=False)

    op.create_table(
        "inbox",
        sa.Column("n", sa.Integer(), nullable=False),
        sa.Column("record_id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("from_account", sa.Integer(), nullable=True),
        sa.Column("device_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("client", sqlmodel.sql.sqltypes.AutoString(length=20), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("schema_version", sa.Integer(), nullable=False),
        sa.Column("base_version", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("clock_offset", sa.BigInteger(), nullable=True),
        sa.Column("clock_measured", sa.BigInteger(), nullable=True),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("body", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("flaws", sa.JSON(), nullable=False),
        sa.Column("clash", sa.JSON(), nullable=True),
        sa.Column("doubt", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("decided_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("decided_by", sa.Integer(), nullable=True),
        sa.Column("decision", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "doubt IN ('clock', 'future') OR doubt IS NULL", name=op.f("ck_inbox_doubt_known")
        ),
        sa.CheckConstraint(
            "kind IN ('visit', 'gathering', 'household', 'resident', 'filing', 'confirmation', 'proposal', 'unknown')",
            name=op.f("ck_inbox_kind_known"),
        ),
        sa.CheckConstraint(
            "state IN ('accepted', 'late', 'conflict', 'held', 'refused', 'duplicate', 'unreceived')",
            name=op.f("ck_inbox_state_known"),
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_inbox_account_id_account")),
        sa.ForeignKeyConstraint(["decided_by"], ["account.id"], name=op.f("fk_inbox_decided_by_account")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_inbox_village_id_place")),
        sa.PrimaryKeyConstraint("n", name=op.f("pk_inbox")),
        sa.UniqueConstraint("record_id", "sha256", name=op.f("uq_inbox_record_id_sha256")),
    )
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.create_index("ix_inbox_account_id_decided_at", ["account_id", "decided_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_account_id_device_id", ["account_id", "device_id", "seq"], unique=False
        )
        batch_op.create_index("ix_inbox_received_at", ["received_at"], unique=False)
        batch_op.create_index(
            "ix_inbox_village_id_state", ["village_id", "state", "decided_at"], unique=False
        )

    op.create_table(
        "outreach",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("title", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("ends", sqlmodel.sql.sqltypes.AutoString(length=5), nullable=False),
        sa.Column("place", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("cancelled_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("cancelled_why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_outreach_commune_id_place")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_outreach_made_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outreach")),
    )
    with op.batch_alter_table("outreach", schema=None) as batch_op:
        batch_op.create_index("ix_outreach_commune_id", ["commune_id", "held_on"], unique=False)

    op.create_table(
        "phone_sequence",
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("device_id", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("through", sa.Integer(), nullable=False),
        sa.Column("highest", sa.Integer(), nullable=False),
        sa.Column("last_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_phone_sequence_account_id_account")
        ),
        sa.PrimaryKeyConstraint("account_id", "device_id", name=op.f("pk_phone_sequence")),
    )
    op.create_table(
        "proposal",
        sa.Column("id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("team_id", sa.Integer(), nullable=False),
        sa.Column("period", sqlmodel.sql.sqltypes.AutoString(length=7), nullable=False),
        sa.Column("text", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("state", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("answer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("received_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answered_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.CheckConstraint(
            "state IN ('sent', 'seen', 'forwarded', 'settled', 'declined')",
            name=op.f("ck_proposal_state_known"),
        ),
        sa.ForeignKeyConstraint(
            ["answered_by"], ["account.id"], name=op.f("fk_proposal_answered_by_account")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_proposal_made_by_account")),
        sa.ForeignKeyConstraint(["team_id"], ["team.id"], name=op.f("fk_proposal_team_id_team")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_proposal_village_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_proposal")),
    )
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.create_index("ix_proposal_period", ["period", "village_id"], unique=False)
        batch_op.create_index("ix_proposal_village_id", ["village_id", "made_at"], unique=False)

    op.create_table(
        "outreach_village",
        sa.Column("outreach_id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["outreach_id"], ["outreach.id"], name=op.f("fk_outreach_village_outreach_id_outreach")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["place.id"], name=op.f("fk_outreach_village_village_id_place")
        ),
        sa.PrimaryKeyConstraint("outreach_id", "village_id", name=op.f("pk_outreach_village")),
    )
    with op.batch_alter_table("outreach_village", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outreach_village_village_id"), ["village_id"], unique=False)

    op.create_table(
        "slip",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("member_id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("device_id", sa.Integer(), nullable=True),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["device_id"], ["device.id"], name=op.f("fk_slip_device_id_device")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_slip_made_by_account")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_slip_member_id_member")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_slip")),
    )
    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_slip_member_id"), ["member_id"], unique=False)
        batch_op.create_index("ix_slip_token_hash", ["token_hash"], unique=True)

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.create_index(
            "ix_household_village_id_changed_at", ["village_id", "changed_at"], unique=False
        )

    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.create_index("ix_resident_village_id_changed_at", ["village_id", "changed_at"], unique=False)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_village_id_received_at", ["village_id", "received_at"], unique=False)

    for name, column, rule in FEW:
        where = {"sqlite_where": sa.text(rule), "postgresql_where": sa.text(rule)}
        op.create_index(name, "visit", [column, "visited_on", "id"], **where)
    _keep_what_came()
    setting = sa.table("setting", sa.column("key"), sa.column("value"))
    op.execute(setting.insert().values(key="epoch", value=secrets.token_hex(8)))


def downgrade() -> None:
    for name, _column, _rule in FEW:
        op.drop_index(name, "visit")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_village_id_received_at")

    with op.batch_alter_table("resident", schema=None) as batch_op:
        batch_op.drop_index("ix_resident_village_id_changed_at")

    with op.batch_alter_table("household", schema=None) as batch_op:
        batch_op.drop_index("ix_household_village_id_changed_at")

    with op.batch_alter_table("slip", schema=None) as batch_op:
        batch_op.drop_index("ix_slip_token_hash")
        batch_op.drop_index(batch_op.f("ix_slip_member_id"))

    op.drop_table("slip")
    with op.batch_alter_table("outreach_village", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_outreach_village_village_id"))

    op.drop_table("outreach_village")
    with op.batch_alter_table("proposal", schema=None) as batch_op:
        batch_op.drop_index("ix_proposal_village_id")
        batch_op.drop_index("ix_proposal_period")

    op.drop_table("proposal")
    op.drop_table("phone_sequence")
    with op.batch_alter_table("outreach", schema=None) as batch_op:
        batch_op.drop_index("ix_outreach_commune_id")

    op.drop_table("outreach")
    with op.batch_alter_table("inbox", schema=None) as batch_op:
        batch_op.drop_index("ix_inbox_village_id_state")
        batch_op.drop_index("ix_inbox_received_at")
        batch_op.drop_index("ix_inbox_account_id_device_id")
        batch_op.drop_index("ix_inbox_account_id_decided_at")

    op.drop_table("inbox")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_stored_sha256"))

    op.drop_table("evidence")
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.drop_index("ix_device_token_hash")

    op.drop_table("device")
    op.drop_table("account_pin")
    op.drop_table("satisfaction")
    with op.batch_alter_table("record_photo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_record_photo_village_id"))
        batch_op.drop_index(batch_op.f("ix_record_photo_sha256"))

    op.drop_table("record_photo")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION inbox_keeps()")
    op.execute("DELETE FROM setting WHERE key = 'epoch'")
