"""What takes an income back: of the same production and currency, and no more than is left of it."""

HOLD_REVERSALS = """
CREATE FUNCTION productions_hold_reversal() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    whole productions_income;
    kept numeric;
BEGIN
    SELECT * INTO whole FROM productions_income WHERE id = NEW.reverses_id FOR NO KEY UPDATE;
    IF whole.production_id <> NEW.production_id OR whole.currency <> NEW.currency THEN
        PERFORM productions_refuse('productions_income_reversal', 'an income of another kind');
    END IF;
    SELECT whole.amount + coalesce(sum(amount), 0) INTO kept FROM productions_income WHERE reverses_id = whole.id;
    IF kept + NEW.amount < 0 THEN
        PERFORM productions_refuse('productions_income_reversal', format('%s are left', kept));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER hold_reversal BEFORE INSERT ON productions_income
    FOR EACH ROW WHEN (NEW.reverses_id IS NOT NULL) EXECUTE FUNCTION productions_hold_reversal();
"""

FORGET_REVERSALS = """
DROP TRIGGER hold_reversal ON productions_income;
DROP FUNCTION productions_hold_reversal();
"""
