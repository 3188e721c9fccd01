"""What the database holds by itself, whoever writes.

``correspondents_effect`` says what a rule does for a house and a module; without a policy an accreditation that ends
within an assignment warns, and the same person or equipment twice is refused. ``correspondents_demands`` says which
papers a country demands for an assignment and how far those that were granted go: services and pages ask it too, so
that there is one answer. Days are those of the assignment's zone.
"""

EFFECTS = """
CREATE FUNCTION correspondents_effect(of_house bigint, of_module bigint, of_rule text) RETURNS text
LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT effect FROM correspondents_overlappolicy
          WHERE broadcaster_id = of_house AND rule = of_rule AND module_id = of_module),
        (SELECT effect FROM correspondents_overlappolicy
          WHERE broadcaster_id = of_house AND rule = of_rule AND module_id IS NULL),
        CASE of_rule WHEN 'accreditation-term' THEN 'warn' ELSE 'block' END)
$$;

-- Rows whose rule blocks have all numbers, the others their own: lanes overlap if one of two blocks.
CREATE FUNCTION correspondents_lane(of_row bigint, effect text) RETURNS int8range LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE effect WHEN 'block' THEN int8range(NULL, NULL) ELSE int8range(of_row, of_row, '[]') END
$$;
"""

DEMANDS = """
CREATE FUNCTION correspondents_days(period tstzrange, zone text) RETURNS daterange LANGUAGE sql STABLE AS $$
    SELECT daterange((lower(period) AT TIME ZONE zone)::date,
                     ((upper(period) - interval '1 microsecond') AT TIME ZONE zone)::date, '[]')
$$;

-- By kind that is compulsory: whether a granted paper holds on the day, and through to the end; until when it does.
CREATE FUNCTION correspondents_demands(assignment correspondents_assignment, on_day date)
RETURNS TABLE (kind text, is_held boolean, is_held_throughout boolean, ends_on date) LANGUAGE sql STABLE AS $$
    WITH days AS (
        SELECT correspondents_days(assignment.period, assignment.time_zone) AS whole
    ), asked AS (
        SELECT whole, greatest(lower(whole), least(on_day, upper(whole) - 1)) AS day FROM days
    ), demanded AS (
        SELECT DISTINCT requirement.country_code, requirement.kind
          FROM correspondents_countryrequirement requirement
          JOIN broadcasters_place place ON place.id = assignment.place_id
          JOIN broadcasters_broadcaster house ON house.id = assignment.broadcaster_id
         WHERE requirement.country_code = place.country_code AND requirement.is_compulsory AND requirement.is_active
           AND (requirement.for_whom = 'everyone'
                OR house.country_code <> place.country_code
                   AND (requirement.for_whom = 'foreign'
                        OR EXISTS (SELECT FROM correspondents_kitbooking booking
                                    WHERE booking.assignment_id = assignment.id AND booking.released_at IS NULL)))
    ), held AS (
        SELECT demanded.kind,
               (SELECT range_agg(paper.valid) FROM correspondents_paper paper
                 WHERE paper.correspondent_id = assignment.correspondent_id AND paper.status = 'granted'
                   AND paper.country_code = demanded.country_code AND paper.kind = demanded.kind) AS terms
          FROM demanded
    )
    SELECT held.kind,
           coalesce(held.terms @> asked.day, false),
           coalesce(held.terms @> daterange(asked.day, upper(asked.whole)), false),
           (SELECT upper(term) - 1 FROM unnest(held.terms) AS term WHERE term @> asked.day)
      FROM held, asked
$$;
"""

HOLD_ASSIGNMENT = """
CREATE OR REPLACE FUNCTION correspondents_hold_assignment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    demand record;
    is_asked boolean;
BEGIN
    NEW.lane := correspondents_lane(
        NEW.id, correspondents_effect(NEW.broadcaster_id, NEW.module_id, 'same-person'));
    IF NEW.correspondent_id IS NOT NULL AND NOT EXISTS (
        SELECT FROM correspondents_correspondent
         WHERE id = NEW.correspondent_id AND broadcaster_id = NEW.broadcaster_id)
    THEN
        RAISE EXCEPTION 'a house sends its own people' USING
            ERRCODE = 'check_violation', CONSTRAINT = 'correspondents_assignment_house';
    END IF;
    -- What is shortened asks nothing: a paper that was revoked while somebody is there stops nothing.
    is_asked := TG_OP = 'INSERT' OR NOT NEW.period <@ OLD.period OR (OLD.status, OLD.correspondent_id, OLD.place_id)
        IS DISTINCT FROM (NEW.status, NEW.correspondent_id, NEW.place_id);
    IF NEW.status NOT IN ('assigned', 'accepted', 'in-progress') OR NOT is_asked AND
        (OLD.time_zone, OLD.module_id, OLD.broadcaster_id)
        IS NOT DISTINCT FROM (NEW.time_zone, NEW.module_id, NEW.broadcaster_id)
    THEN
        RETURN NEW;
    END IF;
    -- A paper that is revoked at this moment is waited for.
    PERFORM FROM correspondents_paper WHERE correspondent_id = NEW.correspondent_id FOR SHARE;
    FOR demand IN
        SELECT * FROM correspondents_demands(NEW, (clock_timestamp() AT TIME ZONE NEW.time_zone)::date)
    LOOP
        IF NEW.status = 'in-progress' AND is_asked AND NOT demand.is_held THEN
            RAISE EXCEPTION 'the country demands a paper that is not held' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'correspondents_assignment_papers', DETAIL = demand.kind;
        END IF;
        IF demand.is_held AND NOT demand.is_held_throughout AND 'block' =
            correspondents_effect(NEW.broadcaster_id, NEW.module_id, 'accreditation-term')
        THEN
            RAISE EXCEPTION 'a paper ends within the assignment' USING
                ERRCODE = 'check_violation', CONSTRAINT = 'correspondents_assignment_term', DETAIL = demand.kind;
        END IF;
    END LOOP;
    RETURN NEW;
END $$;
"""

HOLD = """
CREATE TRIGGER hold_assignment BEFORE INSERT OR UPDATE ON correspondents_assignment
    FOR EACH ROW EXECUTE FUNCTION correspondents_hold_assignment();

CREATE FUNCTION correspondents_hold_booking() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    house bigint;
    of_module bigint;
BEGIN
    SELECT broadcaster_id INTO house FROM correspondents_kit WHERE id = NEW.kit_id;
    SELECT module_id INTO of_module FROM correspondents_assignment WHERE id = NEW.assignment_id;
    NEW.lane := correspondents_lane(NEW.id, correspondents_effect(house, of_module, 'same-kit'));
    RETURN NEW;
END $$;

CREATE TRIGGER hold_booking BEFORE INSERT OR UPDATE ON correspondents_kitbooking
    FOR EACH ROW EXECUTE FUNCTION correspondents_hold_booking();
"""

# "count" comes before "hold" by name; what it compares leaves the lane out.
SEQUENCES = """
CREATE FUNCTION correspondents_count_changes() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    left_out text[] := '{sequence,changed_at,lane,sort_keys}';
BEGIN
    NEW.sequence := OLD.sequence;
    NEW.changed_at := OLD.changed_at;
    IF to_jsonb(NEW) - left_out IS DISTINCT FROM to_jsonb(OLD) - left_out THEN
        NEW.sequence := OLD.sequence + 1;
        NEW.changed_at := clock_timestamp();
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER count_changes BEFORE UPDATE ON correspondents_assignment
    FOR EACH ROW EXECUTE FUNCTION correspondents_count_changes();
CREATE TRIGGER count_changes BEFORE UPDATE ON correspondents_plannedevent
    FOR EACH ROW EXECUTE FUNCTION correspondents_count_changes();
"""

RULES = EFFECTS + DEMANDS + HOLD_ASSIGNMENT + HOLD + SEQUENCES

FORGET_RULES = """
DROP TRIGGER count_changes ON correspondents_plannedevent;
DROP TRIGGER count_changes ON correspondents_assignment;
DROP TRIGGER hold_booking ON correspondents_kitbooking;
DROP TRIGGER hold_assignment ON correspondents_assignment;
DROP FUNCTION correspondents_count_changes(), correspondents_hold_booking(), correspondents_hold_assignment();
DROP FUNCTION correspondents_demands(correspondents_assignment, date);
DROP FUNCTION correspondents_days(tstzrange, text);
DROP FUNCTION correspondents_lane(bigint, text), correspondents_effect(bigint, bigint, text);
"""
