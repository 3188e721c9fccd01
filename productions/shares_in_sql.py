"""The database itself holds that shares total 100 %, whoever writes partners and how.

Both triggers wait for the end of the transaction. They lock the production by counting ``shares_revision`` up, and only
then add: by a statement that begins after whoever held the lock has ended (READ COMMITTED), or not at all, since the
row has changed meanwhile (REPEATABLE READ). The revision tells a page that was open for an hour that it is old.
"""

HOLD_SHARES = """
CREATE FUNCTION productions_total_shares(of_production bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
BEGIN
    UPDATE productions_production SET shares_revision = shares_revision + 1 WHERE id = of_production;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT coalesce(sum(share_percent), 0) INTO total FROM productions_partner WHERE production_id = of_production;
    IF total <> 100 THEN
        RAISE EXCEPTION 'shares of production % total %, not 100', of_production, total
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_shares_total';
    END IF;
END $$;

CREATE FUNCTION productions_check_partner() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM productions_total_shares(OLD.production_id);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.production_id <> OLD.production_id THEN
        PERFORM productions_total_shares(NEW.production_id);
    END IF;
    RETURN NULL;
END $$;

CREATE FUNCTION productions_check_production() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM productions_total_shares(NEW.id);
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER shares_total AFTER INSERT OR DELETE OR UPDATE OF production_id, share_percent
    ON productions_partner DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION productions_check_partner();
CREATE CONSTRAINT TRIGGER shares_total AFTER INSERT ON productions_production DEFERRABLE INITIALLY DEFERRED
    FOR EACH ROW EXECUTE FUNCTION productions_check_production();
"""

FORGET_SHARES = """
DROP TRIGGER shares_total ON productions_production;
DROP TRIGGER shares_total ON productions_partner;
DROP FUNCTION productions_check_production(), productions_check_partner(), productions_total_shares(bigint);
"""
