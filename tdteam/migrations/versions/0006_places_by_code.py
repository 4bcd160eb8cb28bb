"""A place is found by its code, no longer by its level first: without statistics SQLite began with every village of a
country, where a few places' villages were asked for

Revision: 0006, after 0005
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_index("ix_place_level_code", table_name="place")
    op.create_index("ix_place_code", "place", ["code"])


def downgrade() -> None:
    op.drop_index("ix_place_code", table_name="place")
    op.create_index("ix_place_level_code", "place", ["level", "code"])
