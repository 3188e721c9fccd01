"""What the database holds by itself of the diplomatic calendar and of claims, whoever writes.

``broadcasters_days_fit`` asks whether two days are those of an EDTF text, for what begins and ends with a year, a month
or a day. A published event has a source at the end of the transaction. What is published stays published and is not
deleted: others may have quoted it. A published quote is never rewritten. The sequence of an event rises with every
change that a calendar must tell (RFC 5545, 3.8.7.4).
"""

DAYS_FIT = r"""
CREATE FUNCTION broadcasters_edtf_day(edtf text, is_last boolean) RETURNS date LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN edtf ~ '^\d{4}-(0[1-9]|1[0-2])-\d{2}$'
            THEN make_date(left(edtf, 4)::int, substr(edtf, 6, 2)::int, substr(edtf, 9, 2)::int)
        WHEN edtf ~ '^\d{4}-(0[1-9]|1[0-2])$' AND is_last
            THEN (make_date(left(edtf, 4)::int, substr(edtf, 6, 2)::int, 1) + interval '1 month')::date - 1
        WHEN edtf ~ '^\d{4}-(0[1-9]|1[0-2])$' THEN make_date(left(edtf, 4)::int, substr(edtf, 6, 2)::int, 1)
        WHEN edtf ~ '^\d{4}$' AND is_last THEN make_date(edtf::int, 12, 31)
        WHEN edtf ~ '^\d{4}$' THEN make_date(edtf::int, 1, 1)
    END
$$;

CREATE FUNCTION broadcasters_days_fit(edtf text, first_day date, last_day date) RETURNS boolean
LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN edtf IN ('', 'XXXX') THEN first_day IS NULL AND last_day IS NULL
        ELSE coalesce(first_day <= last_day, true)
             AND coalesce(broadcasters_edtf_day(rtrim(split_part(edtf, '/', 1), '?~%'), false) = first_day,
                          broadcasters_edtf_day(rtrim(split_part(edtf, '/', 1), '?~%'), false) IS NULL)
             AND coalesce(broadcasters_edtf_day(rtrim(split_part(edtf, '/', -1), '?~%'), true) = last_day,
                          broadcasters_edtf_day(rtrim(split_part(edtf, '/', -1), '?~%'), true) IS NULL)
    END
$$;

ALTER TABLE broadcasters_diplomaticevent ADD CONSTRAINT broadcasters_event_days
    CHECK (broadcasters_days_fit(dated, dated_first, dated_last));
ALTER TABLE broadcasters_institution ADD CONSTRAINT broadcasters_institution_opened_days
    CHECK (broadcasters_days_fit(opened, opened_first, opened_last));
ALTER TABLE broadcasters_claim ADD CONSTRAINT broadcasters_claim_period_days
    CHECK (broadcasters_days_fit(period, period_first, period_last));
ALTER TABLE broadcasters_claim ADD CONSTRAINT broadcasters_claim_said_days
    CHECK (broadcasters_days_fit(said, said_first, said_last));
"""

SOURCED = """
CREATE FUNCTION broadcasters_event_has_source() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_event bigint;
BEGIN
    IF TG_TABLE_NAME = 'broadcasters_diplomaticevent' THEN
        of_event := NEW.id;
    ELSE
        of_event := OLD.event_id;
    END IF;
    IF EXISTS (SELECT FROM broadcasters_diplomaticevent WHERE id = of_event AND is_published)
       AND NOT EXISTS (SELECT FROM broadcasters_eventsource WHERE event_id = of_event)
    THEN
        RAISE EXCEPTION 'a published event names its source' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_event_sourced';
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER event_has_source AFTER INSERT OR UPDATE OF is_published ON broadcasters_diplomaticevent
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION broadcasters_event_has_source();
CREATE CONSTRAINT TRIGGER event_keeps_source AFTER DELETE OR UPDATE OF event_id ON broadcasters_eventsource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION broadcasters_event_has_source();
"""

QUOTES = """
CREATE FUNCTION broadcasters_keep_quote() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.is_published AND OLD.quote <> ''
       AND (NEW.quote, NEW.original_language) IS DISTINCT FROM (OLD.quote, OLD.original_language)
    THEN
        RAISE EXCEPTION 'a quote is never rewritten' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_claim_quote_stays';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_quote BEFORE UPDATE ON broadcasters_claim
    FOR EACH ROW EXECUTE FUNCTION broadcasters_keep_quote();
"""

SEQUENCES = """
CREATE FUNCTION broadcasters_count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_out text[] := '{sequence,changed_at,sort_keys}';
BEGIN
    NEW.sequence := OLD.sequence;
    NEW.changed_at := OLD.changed_at;
    IF to_jsonb(NEW) - left_out IS DISTINCT FROM to_jsonb(OLD) - left_out THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER count_changes BEFORE UPDATE ON broadcasters_diplomaticevent
    FOR EACH ROW EXECUTE FUNCTION broadcasters_count_changes();
CREATE TRIGGER count_changes BEFORE UPDATE ON broadcasters_claim
    FOR EACH ROW EXECUTE FUNCTION broadcasters_count_changes();
"""

CALENDAR_RULES = DAYS_FIT + SOURCED + QUOTES + SEQUENCES

FORGET_CALENDAR_RULES = """
DROP TRIGGER count_changes ON broadcasters_claim;
DROP TRIGGER count_changes ON broadcasters_diplomaticevent;
DROP TRIGGER keep_quote ON broadcasters_claim;
DROP TRIGGER event_keeps_source ON broadcasters_eventsource;
DROP TRIGGER event_has_source ON broadcasters_diplomaticevent;
ALTER TABLE broadcasters_claim DROP CONSTRAINT broadcasters_claim_said_days;
ALTER TABLE broadcasters_claim DROP CONSTRAINT broadcasters_claim_period_days;
ALTER TABLE broadcasters_institution DROP CONSTRAINT broadcasters_institution_opened_days;
ALTER TABLE broadcasters_diplomaticevent DROP CONSTRAINT broadcasters_event_days;
DROP FUNCTION broadcasters_count_changes(), broadcasters_keep_quote(), broadcasters_event_has_source();
DROP FUNCTION broadcasters_days_fit(text, date, date);
DROP FUNCTION broadcasters_edtf_day(text, boolean);
"""

PUBLISHED_STAYS = """
CREATE FUNCTION broadcasters_keep_published() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        IF OLD.is_published THEN
            PERFORM broadcasters_refuse(TG_ARGV[0], 'what is published is not deleted');
        END IF;
        RETURN OLD;
    END IF;
    IF OLD.is_published AND NEW.is_published IS NOT TRUE THEN
        PERFORM broadcasters_refuse(TG_ARGV[0], 'what is published stays published');
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON broadcasters_diplomaticevent
    FOR EACH ROW EXECUTE FUNCTION broadcasters_keep_published('broadcasters_event_stays');
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON broadcasters_claim
    FOR EACH ROW EXECUTE FUNCTION broadcasters_keep_published('broadcasters_claim_stays');
"""

FORGET_PUBLISHED_STAYS = """
DROP TRIGGER keep_published ON broadcasters_claim;
DROP TRIGGER keep_published ON broadcasters_diplomaticevent;
DROP FUNCTION broadcasters_keep_published();
"""
