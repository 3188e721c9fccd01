"""The audit trail is written by PostgreSQL: a trigger on every table of ours records who changed what.

A migration installs it with ``AuditTable("app_model")``; ``tests/core/test_audit.py`` fails for a table without one.
The acting user and the request's id reach the trigger as transaction-local settings.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.operations import RunSQL

from mediaexchange.core.context import actor_id, request_id

_WRITES = ("INSERT", "UPDATE", "DELETE", "WITH", "COPY")
_STAMP = "SELECT set_config('mediaexchange.actor', %s, true), set_config('mediaexchange.request', %s, true)"


class AuditTable(RunSQL):
    """Migration operation: audit a table. ``ignore`` names columns whose changes are bookkeeping, not deeds."""

    def __init__(self, table: str, ignore: Sequence[str] = ()) -> None:
        ignored = "{" + ",".join(ignore) + "}"
        super().__init__(
            sql=f"CREATE OR REPLACE TRIGGER audit AFTER UPDATE OR DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION core_audit('{ignored}');"
            f"CREATE OR REPLACE TRIGGER audit_inserted AFTER INSERT ON {table} REFERENCING NEW TABLE AS inserted "
            f"FOR EACH STATEMENT EXECUTE FUNCTION core_audit_inserted('{ignored}')",
            reverse_sql=f"DROP TRIGGER IF EXISTS audit ON {table}; DROP TRIGGER IF EXISTS audit_inserted ON {table}",
        )
        self._constructor_args = ((table,), {"ignore": tuple(ignore)})

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        (table,), options = self._constructor_args
        return self.__class__.__qualname__, [table], options


def stamp_writes(*, connection: BaseDatabaseWrapper, **_: object) -> None:
    """Receiver of ``connection_created``: from now on each write inside a transaction names its actor first."""
    if _stamp not in connection.execute_wrappers:
        connection.execute_wrappers.append(_stamp)


def _stamp(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: dict[str, Any]) -> Any:
    """Set the actor before a write. Repeated each time since a rolled-back savepoint takes the setting with it."""
    connection = context["connection"]
    actor, request = actor_id.get(), request_id.get()
    if (actor is not None or request) and connection.in_atomic_block and sql.lstrip()[:6].upper().startswith(_WRITES):
        context["cursor"].execute(_STAMP, (str(actor or ""), request))
    return execute(sql, params, many, context)


AUDIT_FUNCTION = """
CREATE OR REPLACE FUNCTION core_audit() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
    after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
    ignored text[] := TG_ARGV[0]::text[];
    changed jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        SELECT coalesce(jsonb_object_agg(key, jsonb_build_array(before -> key, value)), '{}'::jsonb)
          INTO changed
          FROM jsonb_each(after)
         WHERE before -> key IS DISTINCT FROM value AND NOT key = ANY (ignored);
        IF changed = '{}'::jsonb THEN
            RETURN NULL;
        END IF;
    ELSIF TG_OP = 'INSERT' THEN
        changed := after - ignored;
    ELSE
        changed := before - ignored;
    END IF;
    INSERT INTO core_auditentry (at, table_name, row_pk, action, changed, actor_id, request_id)
    VALUES (
        clock_timestamp(), TG_TABLE_NAME, coalesce(after ->> 'id', before ->> 'id', ''), lower(TG_OP), changed,
        nullif(current_setting('mediaexchange.actor', true), '')::bigint,
        coalesce(current_setting('mediaexchange.request', true), '')
    );
    RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION core_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
"""

# Many rows come in one statement, and so does their trail: a call for each of them took a third of storing a feed.
AUDIT_INSERTED_FUNCTION = """
CREATE OR REPLACE FUNCTION core_audit_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    ignored text[] := TG_ARGV[0]::text[];
BEGIN
    INSERT INTO core_auditentry (at, table_name, row_pk, action, changed, actor_id, request_id)
    SELECT clock_timestamp(), TG_TABLE_NAME, coalesce(content ->> 'id', ''), 'insert', content - ignored,
           nullif(current_setting('mediaexchange.actor', true), '')::bigint,
           coalesce(current_setting('mediaexchange.request', true), '')
      FROM (SELECT to_jsonb(inserted) AS content FROM inserted) AS written;
    RETURN NULL;
END $$;
"""
