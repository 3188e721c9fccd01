"""The database counts seats itself: whatever writes an enrolment, in whatever way, its workshop's row is counted up or
down in the same transaction, and what is one too many is refused by a check constraint.

The words of statuses repeat ``constants.SEATED``; a test holds both together.
"""

COUNT_SEATS = """
CREATE FUNCTION training_is_seated(status text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT status IN ('confirmed', 'offered')
$$;

CREATE FUNCTION training_take_seat(of_workshop bigint, of_house bigint, number int) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE training_workshop SET seats_taken = seats_taken + number WHERE id = of_workshop;
    UPDATE training_seatquota SET seats_taken = seats_taken + number
     WHERE workshop_id = of_workshop AND broadcaster_id = of_house;
END $$;

CREATE FUNCTION training_count_seats() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    was boolean := TG_OP <> 'INSERT' AND training_is_seated(OLD.status);
    is_now boolean := TG_OP <> 'DELETE' AND training_is_seated(NEW.status);
BEGIN
    IF was AND is_now AND (OLD.workshop_id, OLD.broadcaster_id) = (NEW.workshop_id, NEW.broadcaster_id) THEN
        RETURN NULL;
    END IF;
    IF was THEN
        PERFORM training_take_seat(OLD.workshop_id, OLD.broadcaster_id, -1);
    END IF;
    IF is_now THEN
        PERFORM training_take_seat(NEW.workshop_id, NEW.broadcaster_id, 1);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_seats AFTER INSERT OR DELETE OR UPDATE OF status, workshop_id, broadcaster_id
    ON training_enrolment FOR EACH ROW EXECUTE FUNCTION training_count_seats();

-- A form that was open for an hour would write an old count back: only the trigger above may change it.
CREATE FUNCTION training_keep_count() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        NEW.seats_taken := CASE WHEN TG_OP = 'INSERT' THEN 0 ELSE OLD.seats_taken END;
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_count BEFORE INSERT OR UPDATE ON training_workshop
    FOR EACH ROW EXECUTE FUNCTION training_keep_count();

-- A quota may come after the first seats are taken. The workshop's row is locked: nobody is seated meanwhile.
CREATE FUNCTION training_count_quota() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 THEN
        PERFORM FROM training_workshop WHERE id = NEW.workshop_id FOR NO KEY UPDATE;
        NEW.seats_taken := (
            SELECT count(*) FROM training_enrolment
             WHERE workshop_id = NEW.workshop_id AND broadcaster_id = NEW.broadcaster_id
               AND training_is_seated(status)
        );
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER count_quota BEFORE INSERT OR UPDATE ON training_seatquota
    FOR EACH ROW EXECUTE FUNCTION training_count_quota();
"""

FORGET_SEATS = """
DROP TRIGGER count_quota ON training_seatquota;
DROP TRIGGER keep_count ON training_workshop;
DROP TRIGGER count_seats ON training_enrolment;
DROP FUNCTION training_count_quota(), training_keep_count(), training_count_seats();
DROP FUNCTION training_take_seat(bigint, bigint, int), training_is_seated(text);
"""
