"""What the database itself holds of digital development: whose module, and that nothing new begins while it rests."""

HOLD_INITIATIVES = """
CREATE FUNCTION broadcasters_initiative_module() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_area text;
    in_state text;
BEGIN
    SELECT area, state INTO of_area, in_state FROM broadcasters_module WHERE id = NEW.module_id FOR SHARE;
    IF of_area <> 'digital_development' THEN
        RAISE EXCEPTION 'an initiative stands under a module of digital development'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_initiative_area';
    END IF;
    IF (TG_OP = 'INSERT' OR NEW.state = 'running' AND OLD.state <> 'running')
       AND in_state NOT IN ('active', 'scaled') THEN
        RAISE EXCEPTION 'the module is not running'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_initiative_module_runs';
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION broadcasters_milestone_module() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_module bigint;
    in_state text;
BEGIN
    SELECT module.id, module.state INTO of_module, in_state
      FROM broadcasters_initiative initiative JOIN broadcasters_module module ON module.id = initiative.module_id
     WHERE initiative.id = NEW.initiative_id FOR SHARE OF module;
    IF TG_OP = 'INSERT' AND in_state NOT IN ('active', 'scaled') THEN
        RAISE EXCEPTION 'the module is not running'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_milestone_module_runs';
    END IF;
    IF NOT EXISTS (
        SELECT FROM broadcasters_module_parties WHERE module_id = of_module AND broadcaster_id = NEW.owner_id
    ) THEN
        RAISE EXCEPTION 'the owner of a milestone is a party of the module'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_milestone_of_party';
    END IF;
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) IS DISTINCT FROM to_jsonb(OLD) THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := statement_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION broadcasters_owner_of_module() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NOT EXISTS (
        SELECT FROM broadcasters_initiative initiative
          JOIN broadcasters_module_parties party ON party.module_id = initiative.module_id
         WHERE initiative.id = NEW.initiative_id AND party.broadcaster_id = NEW.broadcaster_id
    ) THEN
        RAISE EXCEPTION 'the owner of an initiative is a party of its module'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_initiative_owned_by_party';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER module_runs BEFORE INSERT OR UPDATE ON broadcasters_initiative
    FOR EACH ROW EXECUTE FUNCTION broadcasters_initiative_module();
CREATE TRIGGER module_runs BEFORE INSERT OR UPDATE ON broadcasters_initiativemilestone
    FOR EACH ROW EXECUTE FUNCTION broadcasters_milestone_module();
CREATE TRIGGER of_party BEFORE INSERT OR UPDATE OF broadcaster_id ON broadcasters_initiativeowner
    FOR EACH ROW EXECUTE FUNCTION broadcasters_owner_of_module();
"""

FORGET_INITIATIVES = """
DROP TRIGGER of_party ON broadcasters_initiativeowner;
DROP TRIGGER module_runs ON broadcasters_initiativemilestone;
DROP TRIGGER module_runs ON broadcasters_initiative;
DROP FUNCTION broadcasters_owner_of_module(), broadcasters_milestone_module(), broadcasters_initiative_module();
"""
