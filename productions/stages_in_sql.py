"""The database itself holds the road of a production, whoever writes its row.

It begins at the initial stage and moves along rows of ``productions_stagemove``. It comes to a stage that delivers only
while its module runs: the module's row is locked, so that a pause waits for the delivery or the delivery for the pause.
What a review of a pilot has decided stands; and only such a review scales a module of co-production.
"""

HOLD_STAGES = """
CREATE FUNCTION productions_hold_stage() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was productions_stage;
    is_now productions_stage;
    module_state text;
BEGIN
    SELECT * INTO is_now FROM productions_stage WHERE id = NEW.stage_id;
    IF TG_OP = 'INSERT' THEN
        IF NOT is_now.is_initial THEN
            RAISE EXCEPTION 'a production begins at the initial stage'
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_stage_initial';
        END IF;
        RETURN NEW;
    END IF;
    IF NEW.stage_id = OLD.stage_id THEN
        RETURN NEW;
    END IF;
    SELECT * INTO was FROM productions_stage WHERE id = OLD.stage_id;
    PERFORM FROM productions_stagemove
      WHERE to_stage_id = NEW.stage_id
        AND (from_stage_id = OLD.stage_id OR from_stage_id IS NULL AND NOT was.is_closed);
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no move leads from stage % to stage %', OLD.stage_id, NEW.stage_id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_stage_move';
    END IF;
    IF is_now.is_delivering AND (NOT was.is_delivering OR is_now.position > was.position) THEN
        SELECT state INTO module_state FROM broadcasters_module WHERE id = NEW.module_id FOR SHARE;
        IF module_state NOT IN ('active', 'scaled') THEN
            RAISE EXCEPTION 'module % is %: nothing new is delivered under it', NEW.module_id, module_state
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_module_runs';
        END IF;
    END IF;
    RETURN NEW;
END $$;

-- Gates ask these flags: a stage that stopped being one that delivers would open a road round them.
CREATE FUNCTION productions_keep_flags() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.is_initial, NEW.is_pilot, NEW.is_delivering, NEW.is_closed, NEW.is_stopped)
        IS DISTINCT FROM (OLD.is_initial, OLD.is_pilot, OLD.is_delivering, OLD.is_closed, OLD.is_stopped) THEN
        RAISE EXCEPTION 'what a stage means stays what it was'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'productions_stage_meaning';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_flags BEFORE UPDATE ON productions_stage
    FOR EACH ROW EXECUTE FUNCTION productions_keep_flags();

CREATE TRIGGER hold_stage BEFORE INSERT OR UPDATE OF stage_id ON productions_production
    FOR EACH ROW EXECUTE FUNCTION productions_hold_stage();

CREATE FUNCTION productions_keep_decision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.decided_at IS NOT NULL AND (
        TG_OP = 'DELETE' OR (NEW.production_id, NEW.decision, NEW.reason, NEW.decided_at)
            IS DISTINCT FROM (OLD.production_id, OLD.decision, OLD.reason, OLD.decided_at)
    ) THEN
        RAISE EXCEPTION 'what a review has decided stands'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'productions_decided_once';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_decision BEFORE UPDATE OR DELETE ON productions_pilotreview
    FOR EACH ROW EXECUTE FUNCTION productions_keep_decision();

CREATE FUNCTION productions_keep_marks() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_review bigint := CASE TG_OP WHEN 'INSERT' THEN NEW.review_id ELSE OLD.review_id END;
    is_decided boolean;
    who_only boolean := TG_OP = 'UPDATE' AND NOT (NEW.review_id, NEW.criterion, NEW.broadcaster_id, NEW.mark, NEW.note)
        IS DISTINCT FROM (OLD.review_id, OLD.criterion, OLD.broadcaster_id, OLD.mark, OLD.note);
BEGIN
    -- The review's row is locked: no mark comes while it is being decided.
    SELECT decided_at IS NOT NULL INTO is_decided FROM productions_pilotreview WHERE id = of_review FOR SHARE;
    IF is_decided AND NOT who_only THEN
        RAISE EXCEPTION 'the marks of a decided review stand'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'productions_decided_once';
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER keep_marks BEFORE INSERT OR UPDATE OR DELETE ON productions_pilotmark
    FOR EACH ROW EXECUTE FUNCTION productions_keep_marks();

CREATE FUNCTION productions_hold_scaling() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state <> 'scaled' OR OLD.state = 'scaled' OR NEW.area <> 'co_production' THEN
        RETURN NEW;
    END IF;
    PERFORM FROM productions_pilotreview AS review
       JOIN productions_production AS production ON production.id = review.production_id
      WHERE production.module_id = NEW.id AND review.decision = 'scale';
    IF NOT FOUND THEN
        RAISE EXCEPTION 'no review of a pilot says that module % scales', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_scaled_by_review';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER hold_scaling BEFORE UPDATE OF state ON broadcasters_module
    FOR EACH ROW EXECUTE FUNCTION productions_hold_scaling();
"""

FORGET_STAGES = """
DROP TRIGGER hold_scaling ON broadcasters_module;
DROP TRIGGER keep_marks ON productions_pilotmark;
DROP TRIGGER keep_decision ON productions_pilotreview;
DROP TRIGGER hold_stage ON productions_production;
DROP FUNCTION productions_hold_scaling(), productions_keep_marks(), productions_keep_decision();
DROP TRIGGER keep_flags ON productions_stage;
DROP FUNCTION productions_hold_stage(), productions_keep_flags();
"""
