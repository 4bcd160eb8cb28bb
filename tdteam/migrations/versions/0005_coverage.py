"""What the coverage board keeps ready, the attention list and spot checks, evidence documents, model villages, sponsors,
places on the map, tokens of machines

Revision: 0005, after 0004
"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "village_model",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_village_model")),
    )
    op.create_table(
        "model_item",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("section", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("indicator", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("at_least", sa.Integer(), nullable=True),
        sa.Column("sort", sa.Integer(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "section IN ('infrastructure', 'government', 'economy', 'society')",
            name=op.f("ck_model_item_section_known"),
        ),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.code"], name=op.f("fk_model_item_indicator_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["model"], ["village_model.code"], name=op.f("fk_model_item_model_village_model")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_model_item")),
    )
    with op.batch_alter_table("model_item", schema=None) as batch_op:
        batch_op.create_index("ix_model_item_model", ["model", "sort"], unique=False)

    op.create_table(
        "sheet",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("span", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("tree", sa.Date(), nullable=False),
        sa.Column("figures", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("part", sa.Integer(), nullable=True),
        sa.Column("whole", sa.Integer(), nullable=True),
        sa.Column("is_stale", sa.Boolean(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_sheet_place_id_place")),
        sa.PrimaryKeyConstraint("place_id", "span", name=op.f("pk_sheet")),
    )
    with op.batch_alter_table("sheet", schema=None) as batch_op:
        batch_op.create_index("ix_sheet_span", ["span", "place_id"], unique=False)
        batch_op.create_index("ix_sheet_stale", ["is_stale", "span"], unique=False)

    op.create_table(
        "api_token",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("hint", sqlmodel.sql.sqltypes.AutoString(length=8), nullable=False),
        sa.Column("hash", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("made_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("last_used_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_api_token_account_id_account")),
        sa.ForeignKeyConstraint(["made_by"], ["account.id"], name=op.f("fk_api_token_made_by_account")),
        sa.ForeignKeyConstraint(["revoked_by"], ["account.id"], name=op.f("fk_api_token_revoked_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("hash", name=op.f("uq_api_token_hash")),
    )
    with op.batch_alter_table("api_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_api_token_account_id"), ["account_id"], unique=False)

    op.create_table(
        "document",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("number", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("dated", sa.Date(), nullable=True),
        sa.Column("issuer", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("abstract", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("file_name", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("file_kind", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=True),
        sa.Column("has_names", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("added_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("withdrawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("withdrawn_why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.CheckConstraint(
            "kind IN ('decision', 'plan', 'report', 'letter', 'minutes', 'list', 'photo', 'screen', 'other')",
            name=op.f("ck_document_kind_known"),
        ),
        sa.ForeignKeyConstraint(["added_by"], ["account.id"], name=op.f("fk_document_added_by_account")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_document_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
    )
    with op.batch_alter_table("document", schema=None) as batch_op:
        batch_op.create_index("ix_document_place_id", ["place_id", "dated"], unique=False)
        batch_op.create_index("ix_document_sha256", ["sha256"], unique=False)

    op.create_table(
        "model_village",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("model", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("planned_on", sa.Date(), nullable=True),
        sa.Column("launched_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_model_village_changed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["model"], ["village_model.code"], name=op.f("fk_model_village_model_village_model")
        ),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_model_village_village_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_village")),
        sa.UniqueConstraint("village_id", "model", name=op.f("uq_model_village_village_id_model")),
    )
    with op.batch_alter_table("model_village", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_village_model"), ["model"], unique=False)

    op.create_table(
        "rule_limit",
        sa.Column("code", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.true(), nullable=False),
        sa.Column("limits", sa.JSON(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_rule_limit_changed_by_account")
        ),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_rule_limit")),
    )
    op.create_table(
        "sample",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=False),
        sa.Column("seed", sqlmodel.sql.sqltypes.AutoString(length=32), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("population", sa.Integer(), nullable=False),
        sa.Column("frame", sqlmodel.sql.sqltypes.AutoString(length=64), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("drawn_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("drawn_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("size >= 1", name=op.f("ck_sample_size_low")),
        sa.ForeignKeyConstraint(["drawn_by"], ["account.id"], name=op.f("fk_sample_drawn_by_account")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_sample_place_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sample")),
    )
    with op.batch_alter_table("sample", schema=None) as batch_op:
        batch_op.create_index("ix_sample_place_id", ["place_id", "id"], unique=False)

    op.create_table(
        "set_aside",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("board", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("rule", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("span", sqlmodel.sql.sqltypes.AutoString(length=24), nullable=False),
        sa.Column("why", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("set_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("set_by", sa.Integer(), nullable=True),
        sa.Column("undone_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("undone_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("board IN ('attention', 'quality')", name=op.f("ck_set_aside_board_known")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_set_aside_place_id_place")),
        sa.ForeignKeyConstraint(["set_by"], ["account.id"], name=op.f("fk_set_aside_set_by_account")),
        sa.ForeignKeyConstraint(["undone_by"], ["account.id"], name=op.f("fk_set_aside_undone_by_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_set_aside")),
    )
    with op.batch_alter_table("set_aside", schema=None) as batch_op:
        batch_op.create_index("ix_set_aside_place_id", ["place_id", "board", "span"], unique=False)
        batch_op.create_index("ix_set_aside_rule_target", ["rule", "target"], unique=False)

    op.create_table(
        "shape",
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.Column("longitude", sa.Float(), nullable=False),
        sa.Column("latitude", sa.Float(), nullable=False),
        sa.Column("boundary", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("points", sa.Integer(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_shape_changed_by_account")),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_shape_place_id_place")),
        sa.PrimaryKeyConstraint("place_id", name=op.f("pk_shape")),
    )
    op.create_table(
        "sponsor",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("commune_id", sa.Integer(), nullable=False),
        sa.Column("agency", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=True),
        sa.Column("contact", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("since", sa.Date(), nullable=True),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["changed_by"], ["account.id"], name=op.f("fk_sponsor_changed_by_account")),
        sa.ForeignKeyConstraint(["commune_id"], ["place.id"], name=op.f("fk_sponsor_commune_id_place")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_sponsor_village_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sponsor")),
    )
    with op.batch_alter_table("sponsor", schema=None) as batch_op:
        batch_op.create_index("ix_sponsor_commune_id", ["commune_id", "since"], unique=False)
        batch_op.create_index(batch_op.f("ix_sponsor_village_id"), ["village_id"], unique=False)

    op.create_table(
        "village_ground",
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("has_house", sa.Boolean(), nullable=True),
        sa.Column("has_wifi", sa.Boolean(), nullable=True),
        sa.Column("signal", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("has_fibre", sa.Boolean(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("source", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("changed_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "signal IN ('none', 'weak', 'good') OR signal IS NULL",
            name=op.f("ck_village_ground_signal_known"),
        ),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["account.id"], name=op.f("fk_village_ground_changed_by_account")
        ),
        sa.ForeignKeyConstraint(
            ["village_id"], ["place.id"], name=op.f("fk_village_ground_village_id_place")
        ),
        sa.PrimaryKeyConstraint("village_id", name=op.f("pk_village_ground")),
    )
    op.create_table(
        "document_indicator",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("indicator", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_indicator_document_id_document")
        ),
        sa.ForeignKeyConstraint(
            ["indicator"], ["indicator.code"], name=op.f("fk_document_indicator_indicator_indicator")
        ),
        sa.ForeignKeyConstraint(
            ["place_id"], ["place.id"], name=op.f("fk_document_indicator_place_id_place")
        ),
        sa.PrimaryKeyConstraint("document_id", "indicator", name=op.f("pk_document_indicator")),
    )
    with op.batch_alter_table("document_indicator", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_document_indicator_indicator"), ["indicator"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_indicator_place_id"), ["place_id"], unique=False)

    op.create_table(
        "document_tie",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("noun", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("target", sqlmodel.sql.sqltypes.AutoString(length=40), nullable=False),
        sa.Column("place_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "noun IN ('team', 'gathering', 'village', 'report', 'model')",
            name=op.f("ck_document_tie_noun_known"),
        ),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_tie_document_id_document")
        ),
        sa.ForeignKeyConstraint(["place_id"], ["place.id"], name=op.f("fk_document_tie_place_id_place")),
        sa.PrimaryKeyConstraint("document_id", "noun", "target", name=op.f("pk_document_tie")),
    )
    with op.batch_alter_table("document_tie", schema=None) as batch_op:
        batch_op.create_index("ix_document_tie_noun", ["noun", "target"], unique=False)
        batch_op.create_index(batch_op.f("ix_document_tie_place_id"), ["place_id"], unique=False)

    op.create_table(
        "model_tick",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("item", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("is_met", sa.Boolean(), nullable=False),
        sa.Column("document_id", sa.Integer(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("ticked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=False),
        sa.Column("ticked_by", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_model_tick_document_id_document")
        ),
        sa.ForeignKeyConstraint(["item"], ["model_item.code"], name=op.f("fk_model_tick_item_model_item")),
        sa.ForeignKeyConstraint(["ticked_by"], ["account.id"], name=op.f("fk_model_tick_ticked_by_account")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_model_tick_village_id_place")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_model_tick")),
    )
    with op.batch_alter_table("model_tick", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_model_tick_document_id"), ["document_id"], unique=False)
        batch_op.create_index("ix_model_tick_village_id", ["village_id", "item", "id"], unique=False)

    op.create_table(
        "sample_line",
        sa.Column("sample_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("visit_id", sqlmodel.sql.sqltypes.AutoString(length=36), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("village_id", sa.Integer(), nullable=False),
        sa.Column("finding", sqlmodel.sql.sqltypes.AutoString(), nullable=True),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("checked_on", sa.Date(), nullable=True),
        sa.Column("checked_at", sqlmodel.sql.sqltypes.UTCDateTime(), nullable=True),
        sa.Column("checked_by", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "finding IN ('confirmed', 'differs', 'denied', 'absent') OR finding IS NULL",
            name=op.f("ck_sample_line_finding_known"),
        ),
        sa.ForeignKeyConstraint(
            ["checked_by"], ["account.id"], name=op.f("fk_sample_line_checked_by_account")
        ),
        sa.ForeignKeyConstraint(["sample_id"], ["sample.id"], name=op.f("fk_sample_line_sample_id_sample")),
        sa.ForeignKeyConstraint(["village_id"], ["place.id"], name=op.f("fk_sample_line_village_id_place")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_sample_line_visit_id_visit")),
        sa.PrimaryKeyConstraint("sample_id", "position", name=op.f("pk_sample_line")),
        sa.UniqueConstraint("sample_id", "visit_id", name=op.f("uq_sample_line_sample_id_visit_id")),
    )
    with op.batch_alter_table("sample_line", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sample_line_village_id"), ["village_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_sample_line_visit_id"), ["visit_id"], unique=False)


def downgrade() -> None:
    for table in (
        "sample_line",
        "model_tick",
        "document_tie",
        "document_indicator",
        "village_ground",
        "sponsor",
        "shape",
        "set_aside",
        "sample",
        "rule_limit",
        "model_village",
        "document",
        "api_token",
        "sheet",
        "model_item",
        "village_model",
    ):
        op.drop_table(table)
