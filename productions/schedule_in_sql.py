"""What the database holds of schedules: owners are partners, nothing waits for itself, baselines stay as they were."""

# Two foreign keys lead from a part to its owner and from the owner to the production: this one makes them meet.
OWN_PARTNERS = """
ALTER TABLE productions_partner ADD CONSTRAINT productions_partner_of_production UNIQUE (id, production_id)
"""

FORGET_OWN_PARTNERS = "ALTER TABLE productions_partner DROP CONSTRAINT productions_partner_of_production"

ORDER_MILESTONES = """
ALTER TABLE productions_milestone
  ADD CONSTRAINT productions_milestone_own_owner FOREIGN KEY (owner_id, production_id)
    REFERENCES productions_partner (id, production_id) DEFERRABLE INITIALLY DEFERRED;

-- The production is locked: of two that would close a circle together, the second sees the first.
CREATE FUNCTION productions_milestone_waits() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    production bigint;
BEGIN
    SELECT production_id INTO production FROM productions_milestone WHERE id = NEW.from_milestone_id;
    PERFORM FROM productions_production WHERE id = production FOR NO KEY UPDATE;
    IF production IS DISTINCT FROM (SELECT production_id FROM productions_milestone WHERE id = NEW.to_milestone_id) THEN
        RAISE EXCEPTION 'A milestone waits for milestones of its own production.'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_milestone_waits_for_own';
    END IF;
    IF EXISTS (
        WITH RECURSIVE needed(id) AS (
            SELECT NEW.to_milestone_id
            UNION SELECT waits.to_milestone_id
                    FROM productions_milestone_depends_on waits JOIN needed ON waits.from_milestone_id = needed.id
        ) SELECT FROM needed WHERE id = NEW.from_milestone_id
    ) THEN
        RAISE EXCEPTION 'Milestone % would wait for itself.', NEW.from_milestone_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_milestone_waits_for_itself';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER waits AFTER INSERT OR UPDATE ON productions_milestone_depends_on
    FOR EACH ROW EXECUTE FUNCTION productions_milestone_waits();
"""

FORGET_ORDER = """
DROP TRIGGER waits ON productions_milestone_depends_on;
DROP FUNCTION productions_milestone_waits();
ALTER TABLE productions_milestone DROP CONSTRAINT productions_milestone_own_owner;
"""

LOCK_BASELINES = """
CREATE FUNCTION productions_keep_baseline() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.locked_at IS NOT NULL THEN
        RAISE EXCEPTION 'Baseline % is locked.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_baseline_locked';
    END IF;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep BEFORE UPDATE OR DELETE ON productions_baseline
    FOR EACH ROW EXECUTE FUNCTION productions_keep_baseline();

-- The baseline's row is held against whoever locks it meanwhile.
CREATE FUNCTION productions_keep_baseline_rows() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    holder bigint;
    locked timestamptz;
BEGIN
    FOREACH holder IN ARRAY CASE TG_OP
        WHEN 'INSERT' THEN ARRAY[NEW.baseline_id]
        WHEN 'DELETE' THEN ARRAY[OLD.baseline_id]
        ELSE ARRAY[OLD.baseline_id, NEW.baseline_id] END
    LOOP
        SELECT locked_at INTO locked FROM productions_baseline WHERE id = holder FOR SHARE;
        IF locked IS NOT NULL THEN
            RAISE EXCEPTION 'Baseline % is locked.', holder
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_baseline_locked';
        END IF;
    END LOOP;
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep BEFORE INSERT OR UPDATE OR DELETE ON productions_baselinemilestone
    FOR EACH ROW EXECUTE FUNCTION productions_keep_baseline_rows();
"""

FORGET_LOCKS = """
DROP TRIGGER keep ON productions_baselinemilestone;
DROP TRIGGER keep ON productions_baseline;
DROP FUNCTION productions_keep_baseline_rows(), productions_keep_baseline();
"""
