"""Alembic's environment: runs on the connection that `store/migrate.py` hands over."""

from alembic import context

from tdteam.store import tables  # noqa: F401  (registers every table)
from tdteam.store.base import metadata

connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_as_batch=connection.dialect.name == "sqlite",
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
