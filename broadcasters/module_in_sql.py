"""What the database itself holds of modules: what a module is about stays, since what stands under it goes by that."""

HOLD_MODULES = """
CREATE FUNCTION broadcasters_module_area_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the area of a module stays what it was'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'broadcasters_module_area_stays';
END $$;

CREATE TRIGGER area_stays BEFORE UPDATE OF area ON broadcasters_module
    FOR EACH ROW WHEN (NEW.area IS DISTINCT FROM OLD.area) EXECUTE FUNCTION broadcasters_module_area_stays();
"""

FORGET_MODULES = """
DROP TRIGGER area_stays ON broadcasters_module;
DROP FUNCTION broadcasters_module_area_stays();
"""
