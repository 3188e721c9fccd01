"""What a seal says of an entry and of itself, and how the database keeps both as they are.

The digests are written out here and are no functions of the database: whoever verifies trusts PostgreSQL's own
functions alone. They are a promise to every seal that exists. A column that joins the trail is not covered until a
new form is added beside this one, with its number in the seal.
"""

PAYLOAD = "sha256(convert_to(entry.changed::text, 'UTF8'))"

# Of ``core_auditentry AS entry LEFT JOIN core_auditerasure AS erasure``. jsonb has one text for equal values, and times
# are sent as microseconds, whatever time zone the session has.
ENTRY_DIGEST = f"""
sha256(
    convert_to(
        json_build_array(
            entry.id, encode(timestamptz_send(entry.at), 'hex'), entry.table_name, entry.row_pk, entry.action,
            entry.actor_id, entry.request_id
        )::text,
        'UTF8'
    ) || CASE WHEN erasure.payload IS NOT NULL AND entry.changed = '{{}}' THEN erasure.payload ELSE {PAYLOAD} END
)
"""

SEAL_DIGEST = """
sha256(
    int8send(seal.position) || coalesce(seal.previous_digest, '') || coalesce(int8send(seal.after_id), '')
    || int8send(seal.last_id) || timestamptz_send(seal.sealed_at)
    || array_send(seal.entries) || array_send(seal.digests)
)
"""

CHAIN = """
ALTER TABLE core_auditseal ADD CONSTRAINT core_auditseal_end UNIQUE (position, digest, last_id);
ALTER TABLE core_auditseal ADD CONSTRAINT core_auditseal_follows
    FOREIGN KEY (previous_position, previous_digest, after_id) REFERENCES core_auditseal (position, digest, last_id);
ALTER TABLE core_auditseal ADD CONSTRAINT core_auditseal_covers_something
    CHECK (cardinality(entries) > 0 AND cardinality(entries) = cardinality(digests));
"""

# An entry's values may go if their digest has been kept; nothing else of it changes, and nothing of who erased what.
GUARDS = f"""
CREATE FUNCTION core_refuse_unless_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.changed = '{{}}' AND to_jsonb(NEW) - 'changed' = to_jsonb(OLD) - 'changed'
       AND OLD.table_name <> 'core_auditerasure' AND EXISTS (
        SELECT FROM core_auditerasure AS erasure
         WHERE erasure.entry_id = OLD.id AND erasure.payload = {PAYLOAD.replace("entry.", "OLD.")}
    ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

DROP TRIGGER append_only ON core_auditentry;
CREATE TRIGGER append_only BEFORE DELETE ON core_auditentry FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER only_erased BEFORE UPDATE ON core_auditentry FOR EACH ROW EXECUTE FUNCTION core_refuse_unless_erased();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core_auditentry EXECUTE FUNCTION core_refuse_change();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditseal
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core_auditseal EXECUTE FUNCTION core_refuse_change();

CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditerasure
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON core_auditerasure EXECUTE FUNCTION core_refuse_change();
"""

NO_GUARDS = """
DROP TRIGGER append_only ON core_auditerasure;
DROP TRIGGER never_emptied ON core_auditerasure;
DROP TRIGGER append_only ON core_auditseal;
DROP TRIGGER never_emptied ON core_auditseal;
DROP TRIGGER never_emptied ON core_auditentry;
DROP TRIGGER only_erased ON core_auditentry;
DROP TRIGGER append_only ON core_auditentry;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_auditentry
    FOR EACH ROW EXECUTE FUNCTION core_refuse_change();
DROP FUNCTION core_refuse_unless_erased;
"""
