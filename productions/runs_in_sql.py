"""The database counts runs itself: whatever writes a showing, in whatever way, its window's runs are counted afresh in
the same transaction. A showing outside of its window is refused, and one run too many by a check constraint.

A window's row is locked while it is counted: two who report at once count one after the other.
"""

# Elapsed hours for the one unit; for the other the same time of the zone's clocks so many days later. A time that those
# clocks show twice, or never, is the later of the two moments: ``runs.end_of_run`` says the same.
COUNT_RUNS = """
CREATE FUNCTION productions_end_of_run(first timestamptz, unit text, length int, zone text) RETURNS timestamptz
LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN unit = 'days' AND length > 0
           THEN (first AT TIME ZONE zone + make_interval(days => length)) AT TIME ZONE zone
           ELSE first + make_interval(hours => length) END
$$;

CREATE FUNCTION productions_count_runs(of_window bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    held productions_window;
    showing record;
    run int := 0;
    run_ends timestamptz := '-infinity';
    repeats boolean;
BEGIN
    SELECT * INTO held FROM productions_window WHERE id = of_window FOR NO KEY UPDATE;
    FOR showing IN
        SELECT id, starts_at, platform, number, is_repeat FROM productions_run
         WHERE window_id = of_window AND cancelled_at IS NULL ORDER BY starts_at, id
    LOOP
        IF held.cancelled_at IS NOT NULL OR showing.starts_at < held.starts_at OR showing.starts_at >= held.ends_at
           OR cardinality(held.platforms) > 0 AND NOT showing.platform = ANY (held.platforms) THEN
            RAISE EXCEPTION 'Showing % lies outside of window %.', showing.id, of_window
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_run_inside_window';
        END IF;
        repeats := showing.starts_at < run_ends;
        IF NOT repeats THEN
            run := run + 1;
            run_ends := productions_end_of_run(
                showing.starts_at, held.repeat_unit, held.repeat_length, held.time_zone
            );
        END IF;
        IF (showing.number, showing.is_repeat) IS DISTINCT FROM (run, repeats) THEN
            UPDATE productions_run SET number = run, is_repeat = repeats WHERE id = showing.id;
        END IF;
    END LOOP;
    UPDATE productions_window SET runs_used = run WHERE id = of_window AND runs_used <> run;
END $$;

CREATE FUNCTION productions_run_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM productions_count_runs(OLD.window_id);
    END IF;
    IF TG_OP = 'INSERT' OR TG_OP = 'UPDATE' AND NEW.window_id <> OLD.window_id THEN
        PERFORM productions_count_runs(NEW.window_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_runs
    AFTER INSERT OR DELETE OR UPDATE OF window_id, starts_at, platform, cancelled_at
    ON productions_run FOR EACH ROW EXECUTE FUNCTION productions_run_changed();

CREATE FUNCTION productions_window_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM productions_count_runs(NEW.id);
    RETURN NULL;
END $$;

CREATE TRIGGER count_runs
    AFTER UPDATE OF starts_at, ends_at, time_zone, platforms, repeat_unit, repeat_length, cancelled_at
    ON productions_window FOR EACH ROW EXECUTE FUNCTION productions_window_changed();

-- A form that was open for an hour would write old counts back: only the functions above may change them.
CREATE FUNCTION productions_keep_runs_used() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        NEW.runs_used := CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE OLD.runs_used END;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_runs_used BEFORE INSERT OR UPDATE ON productions_window
    FOR EACH ROW EXECUTE FUNCTION productions_keep_runs_used();

-- What has been aired has the airing's channel and moment; only counting numbers it.
CREATE FUNCTION productions_run_follows_airing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.airing_id IS NOT NULL THEN
        SELECT channel_id, started_at INTO NEW.channel_id, NEW.starts_at
          FROM broadcasters_airing WHERE id = NEW.airing_id;
    END IF;
    IF pg_trigger_depth() < 2 THEN
        NEW.number := CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE OLD.number END;
        NEW.is_repeat := CASE WHEN TG_OP = 'INSERT' THEN false ELSE OLD.is_repeat END;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER follows_airing BEFORE INSERT OR UPDATE ON productions_run
    FOR EACH ROW EXECUTE FUNCTION productions_run_follows_airing();
"""

FORGET_RUNS = """
DROP TRIGGER follows_airing ON productions_run;
DROP TRIGGER keep_runs_used ON productions_window;
DROP TRIGGER count_runs ON productions_window;
DROP TRIGGER count_runs ON productions_run;
DROP FUNCTION productions_run_follows_airing(), productions_keep_runs_used(), productions_window_changed(),
    productions_run_changed();
DROP FUNCTION productions_count_runs(bigint), productions_end_of_run(timestamptz, text, int, text);
"""

LANE = """
CREATE FUNCTION productions_lane(is_exclusive boolean, holder bigint) RETURNS int8range
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN is_exclusive THEN int8range(NULL, NULL) ELSE int8range(holder, holder, '[]') END
$$
"""

FORGET_LANE = "DROP FUNCTION productions_lane(boolean, bigint)"

# The numbers that are compared are made outside; nobody may change the names and forget them. A holder is a partner of
# the same production.
WINDOW_IS_WHOLE = """
ALTER TABLE productions_window
  ADD CONSTRAINT productions_window_numbers_current CHECK (
    numbers_of = territories || CASE WHEN is_elsewhere THEN '-' ELSE '+' END::varchar || platforms
  ),
  ADD CONSTRAINT productions_window_own_holder FOREIGN KEY (holder_id, production_id)
    REFERENCES productions_partner (id, production_id) DEFERRABLE INITIALLY DEFERRED
"""

FORGET_WHOLE = """
ALTER TABLE productions_window
  DROP CONSTRAINT productions_window_numbers_current, DROP CONSTRAINT productions_window_own_holder
"""

# What somebody said of an audience stands; who typed it in may be forgotten.
KEEP_FIGURES = """
CREATE FUNCTION productions_keep_figure() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF to_jsonb(NEW) - 'recorded_by_id' <> to_jsonb(OLD) - 'recorded_by_id' THEN
        RAISE EXCEPTION 'Audience figure % stands as it was stated.', OLD.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_audiencefigure_stands';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep BEFORE UPDATE ON productions_audiencefigure
    FOR EACH ROW EXECUTE FUNCTION productions_keep_figure();
"""

FORGET_FIGURES = """
DROP TRIGGER keep ON productions_audiencefigure;
DROP FUNCTION productions_keep_figure();
"""
