"""What PostgreSQL holds about money, whoever writes and how.

Whole smallest units; parties of one production; drafts alone are written in, and approved when every partner has said
yes; rates are never changed; what is booked stays; shares and parts of income add up. Words of statuses repeat
``constants``; a test holds both together.
"""

HOLD_MONEY = """
-- A rule's own error, for the services to tell apart.
CREATE FUNCTION productions_refuse(rule text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'check_violation', CONSTRAINT = rule;
END $$;

CREATE FUNCTION productions_keep_currency() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.code, NEW.minor_units) IS DISTINCT FROM (OLD.code, OLD.minor_units) THEN
        PERFORM productions_refuse('productions_currency_kept', 'code and decimals of a currency never change');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_currency BEFORE UPDATE ON productions_currency
    FOR EACH ROW EXECUTE FUNCTION productions_keep_currency();

-- Arguments: the columns of the amount and of its currency's code.
CREATE FUNCTION productions_whole_units() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given jsonb := to_jsonb(NEW);
    amount numeric := (given ->> TG_ARGV[0])::numeric;
    units int;
BEGIN
    SELECT minor_units INTO units FROM productions_currency WHERE code = given ->> TG_ARGV[1];
    IF amount <> round(amount, coalesce(units, 0)) THEN
        PERFORM productions_refuse('productions_whole_units', format('%s has no such fraction', given ->> TG_ARGV[1]));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER whole_units BEFORE INSERT OR UPDATE ON productions_budgetline
    FOR EACH ROW EXECUTE FUNCTION productions_whole_units('planned', 'currency');
CREATE TRIGGER whole_units BEFORE INSERT OR UPDATE ON productions_expense
    FOR EACH ROW EXECUTE FUNCTION productions_whole_units('amount', 'currency');
CREATE TRIGGER whole_units BEFORE INSERT OR UPDATE ON productions_instalment
    FOR EACH ROW EXECUTE FUNCTION productions_whole_units('amount', 'currency');
CREATE TRIGGER whole_units BEFORE INSERT OR UPDATE ON productions_income
    FOR EACH ROW EXECUTE FUNCTION productions_whole_units('amount', 'currency');
CREATE TRIGGER whole_units BEFORE INSERT OR UPDATE ON productions_payout
    FOR EACH ROW EXECUTE FUNCTION productions_whole_units('amount', 'currency');

-- Arguments: columns that name partners. They are partners of the row's own production.
CREATE FUNCTION productions_own_partners() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    given jsonb := to_jsonb(NEW);
    home bigint := coalesce(
        (given ->> 'production_id')::bigint,
        (SELECT production_id FROM productions_budget WHERE id = (given ->> 'budget_id')::bigint),
        (SELECT production_id FROM productions_income WHERE id = (given ->> 'income_id')::bigint)
    );
    named text;
BEGIN
    FOREACH named IN ARRAY TG_ARGV LOOP
        IF NOT EXISTS (
            SELECT FROM productions_partner WHERE id = (given ->> named)::bigint AND production_id = home
        ) THEN
            PERFORM productions_refuse('productions_own_partners', 'a partner of another production');
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_budgetline
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('payer_id', 'owner_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_budgetapproval
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('partner_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_instalment
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('payer_id', 'payee_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_revenueshare
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('partner_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_income
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('received_by_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_incomeshare
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('partner_id');
CREATE TRIGGER own_partners BEFORE INSERT OR UPDATE ON productions_payout
    FOR EACH ROW EXECUTE FUNCTION productions_own_partners('payer_id', 'payee_id');

CREATE FUNCTION productions_keep_budget() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.status <> 'draft' THEN
            PERFORM productions_refuse('productions_budget_moves', 'a budget begins as a draft');
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'draft' THEN
            PERFORM productions_refuse('productions_budget_kept', 'only a draft is deleted');
        END IF;
        RETURN OLD;
    END IF;
    IF (NEW.production_id, NEW.number) IS DISTINCT FROM (OLD.production_id, OLD.number)
       OR OLD.status <> 'draft' AND (NEW.reporting_currency, NEW.note)
          IS DISTINCT FROM (OLD.reporting_currency, OLD.note) THEN
        PERFORM productions_refuse('productions_budget_kept', 'only drafts are written in');
    END IF;
    IF NEW.status = OLD.status THEN
        RETURN NEW;
    END IF;
    IF (OLD.status, NEW.status) NOT IN (
        ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'approved'), ('approved', 'superseded')
    ) THEN
        PERFORM productions_refuse(
            'productions_budget_moves', format('a budget does not go from %s to %s', OLD.status, NEW.status));
    END IF;
    IF NEW.status = 'draft' THEN
        DELETE FROM productions_budgetapproval WHERE budget_id = NEW.id;
    END IF;
    IF NEW.status = 'approved' AND EXISTS (
        SELECT FROM productions_partner AS partner
         WHERE partner.production_id = NEW.production_id AND NOT EXISTS (
            SELECT FROM productions_budgetapproval AS yes
             WHERE yes.budget_id = NEW.id AND yes.partner_id = partner.id
        )
    ) THEN
        PERFORM productions_refuse('productions_budget_by_all', 'a partner has not approved');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_budget BEFORE INSERT OR UPDATE OR DELETE ON productions_budget
    FOR EACH ROW EXECUTE FUNCTION productions_keep_budget();

-- The budget's status, locked so that nobody submits it meanwhile; nothing if it is being deleted.
CREATE FUNCTION productions_budget_status(of_budget bigint) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    found_status text;
BEGIN
    SELECT status INTO found_status FROM productions_budget WHERE id = of_budget FOR SHARE;
    RETURN found_status;
END $$;

CREATE FUNCTION productions_keep_draft_part() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND productions_budget_status(OLD.budget_id) <> 'draft'
       OR TG_OP <> 'DELETE' AND productions_budget_status(NEW.budget_id) <> 'draft' THEN
        PERFORM productions_refuse('productions_draft_only', 'only drafts are written in');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER keep_draft_part BEFORE INSERT OR UPDATE OR DELETE ON productions_budgetline
    FOR EACH ROW EXECUTE FUNCTION productions_keep_draft_part();
CREATE TRIGGER keep_draft_part BEFORE INSERT OR DELETE ON productions_frozenrate
    FOR EACH ROW EXECUTE FUNCTION productions_keep_draft_part();

CREATE FUNCTION productions_keep_approval() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF productions_budget_status(CASE WHEN TG_OP = 'DELETE' THEN OLD.budget_id ELSE NEW.budget_id END)
       <> 'submitted' THEN
        PERFORM productions_refuse('productions_approval_kept', 'only what is submitted is approved');
    END IF;
    RETURN coalesce(NEW, OLD);
END $$;
CREATE TRIGGER keep_approval BEFORE INSERT OR DELETE ON productions_budgetapproval
    FOR EACH ROW EXECUTE FUNCTION productions_keep_approval();

CREATE FUNCTION productions_expense_of_approved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF productions_budget_status((SELECT budget_id FROM productions_budgetline WHERE id = NEW.line_id))
       <> 'approved' THEN
        PERFORM productions_refuse('productions_expense_of_approved', 'money is spent on approved lines');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER expense_of_approved BEFORE INSERT ON productions_expense
    FOR EACH ROW EXECUTE FUNCTION productions_expense_of_approved();

-- What is booked is not rewritten. Arguments: the columns that may change, once; an account may be deleted.
CREATE FUNCTION productions_keep_booked() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    before jsonb; after jsonb;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        before := to_jsonb(OLD) - 'recorded_by_id' - 'created_by_id' - 'approved_by_id';
        after := to_jsonb(NEW) - 'recorded_by_id' - 'created_by_id' - 'approved_by_id';
        IF before ->> 'voided_at' IS NULL THEN
            before := before - coalesce(TG_ARGV, '{}');
            after := after - coalesce(TG_ARGV, '{}');
        END IF;
        IF before = after THEN
            RETURN NEW;
        END IF;
    END IF;
    PERFORM productions_refuse('productions_booked_kept', format('%s is not rewritten', TG_TABLE_NAME));
    RETURN NULL;
END $$;
CREATE TRIGGER keep_booked BEFORE UPDATE OR DELETE ON productions_expense
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked('voided_at', 'void_reason');
CREATE TRIGGER keep_booked BEFORE UPDATE OR DELETE ON productions_payout
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked('voided_at', 'void_reason');
CREATE TRIGGER keep_booked BEFORE UPDATE OR DELETE ON productions_income
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked();
CREATE TRIGGER keep_booked BEFORE UPDATE OR DELETE ON productions_incomeshare
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked();
CREATE TRIGGER keep_booked BEFORE UPDATE ON productions_frozenrate
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked();
CREATE TRIGGER keep_booked BEFORE UPDATE ON productions_budgetapproval
    FOR EACH ROW EXECUTE FUNCTION productions_keep_booked();

CREATE FUNCTION productions_keep_instalment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free text[] := '{status,invoiced_on,invoice,paid_on,payment,created_by_id}';
BEGIN
    IF TG_OP = 'INSERT' AND NEW.status <> 'due' THEN
        PERFORM productions_refuse('productions_instalment_moves', 'an instalment begins as due');
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.status <> 'due' THEN
            PERFORM productions_refuse('productions_instalment_kept', 'what was invoiced is kept');
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status <> 'due' AND to_jsonb(OLD) - free <> to_jsonb(NEW) - free THEN
        PERFORM productions_refuse('productions_instalment_kept', 'what was invoiced stands');
    END IF;
    IF TG_OP = 'UPDATE' AND OLD.status <> NEW.status AND (OLD.status, NEW.status) NOT IN (
        ('due', 'invoiced'), ('invoiced', 'due'), ('invoiced', 'paid')
    ) THEN
        PERFORM productions_refuse('productions_instalment_moves', 'an instalment does not go that way');
    END IF;
    IF NEW.milestone_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM productions_milestone WHERE id = NEW.milestone_id AND production_id = NEW.production_id
    ) THEN
        PERFORM productions_refuse('productions_own_milestone', 'a milestone of another production');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_instalment BEFORE INSERT OR UPDATE OR DELETE ON productions_instalment
    FOR EACH ROW EXECUTE FUNCTION productions_keep_instalment();

-- Both wait for the end of the transaction. The production is locked first, so that of two writers the second adds up
-- what the first has committed.
CREATE FUNCTION productions_total_revenue(of_production bigint, there text) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    total numeric;
BEGIN
    PERFORM FROM productions_production WHERE id = of_production FOR NO KEY UPDATE;
    SELECT sum(share_percent) INTO total FROM productions_revenueshare
     WHERE production_id = of_production AND territory = there;
    IF total <> 100 THEN
        PERFORM productions_refuse('productions_revenue_total', format('shares of income total %s, not 100', total));
    END IF;
END $$;

CREATE FUNCTION productions_check_revenue() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM productions_total_revenue(OLD.production_id, OLD.territory);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM productions_total_revenue(NEW.production_id, NEW.territory);
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER revenue_total AFTER INSERT OR UPDATE OR DELETE ON productions_revenueshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION productions_check_revenue();

CREATE FUNCTION productions_check_income() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    named bigint := coalesce((to_jsonb(NEW) ->> 'income_id')::bigint, NEW.id);
    whole numeric; parts numeric;
BEGIN
    SELECT amount INTO whole FROM productions_income WHERE id = named;
    SELECT coalesce(sum(amount), 0) INTO parts FROM productions_incomeshare WHERE income_id = named;
    IF whole <> parts THEN
        PERFORM productions_refuse('productions_income_total', format('parts of %s total %s', whole, parts));
    END IF;
    RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER income_total AFTER INSERT ON productions_income
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION productions_check_income();
CREATE CONSTRAINT TRIGGER income_total AFTER INSERT ON productions_incomeshare
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION productions_check_income();
"""

_TRIGGERS = (
    ("keep_currency", "currency"),
    *(("whole_units", table) for table in ("budgetline", "expense", "instalment", "income", "payout")),
    *(
        ("own_partners", table)
        for table in ("budgetline", "budgetapproval", "instalment", "revenueshare", "income", "incomeshare", "payout")
    ),
    ("keep_budget", "budget"),
    ("keep_draft_part", "budgetline"),
    ("keep_draft_part", "frozenrate"),
    ("keep_approval", "budgetapproval"),
    ("expense_of_approved", "expense"),
    *(
        ("keep_booked", table)
        for table in ("expense", "payout", "income", "incomeshare", "frozenrate", "budgetapproval")
    ),
    ("keep_instalment", "instalment"),
    ("revenue_total", "revenueshare"),
    ("income_total", "income"),
    ("income_total", "incomeshare"),
)

FORGET_MONEY = (
    "\n".join(f"DROP TRIGGER {name} ON productions_{table};" for name, table in _TRIGGERS)
    + """
DROP FUNCTION productions_check_income(), productions_check_revenue(), productions_total_revenue(bigint, text);
DROP FUNCTION productions_keep_instalment(), productions_keep_booked(), productions_expense_of_approved();
DROP FUNCTION productions_keep_approval(), productions_keep_draft_part(), productions_budget_status(bigint);
DROP FUNCTION productions_keep_budget(), productions_own_partners(), productions_whole_units();
DROP FUNCTION productions_keep_currency(), productions_refuse(text, text);
"""
)
