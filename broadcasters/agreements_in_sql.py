"""What the database itself holds of agreements, reviews and initiatives, whoever writes and how.

Foreign keys of two columns: what hangs on a memorandum names parties, clauses and reviews of the same one.
``FOR SHARE`` on the module: a pause that commits first is seen, one that comes later waits.
"""

HOLD_AGREEMENTS = """
CREATE FUNCTION broadcasters_refuse(wanted text, said text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', said USING ERRCODE = 'check_violation', CONSTRAINT = wanted;
END $$;

-- A signature is corroborated by two sources that report it and are not of one house or one publisher.
CREATE FUNCTION broadcasters_check_corroborated(of_party bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    origins bigint;
BEGIN
    PERFORM 1 FROM broadcasters_party WHERE id = of_party AND signature_status = 'corroborated' FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    SELECT count(DISTINCT coalesce('house ' || belongs_to_id, nullif(lower(btrim(publisher)), ''))) INTO origins
      FROM broadcasters_partysource WHERE party_id = of_party AND stance = 'confirms';
    IF origins < 2 THEN
        PERFORM broadcasters_refuse(
            'broadcasters_party_corroborated', 'two independent sources corroborate a signature');
    END IF;
END $$;

CREATE FUNCTION broadcasters_corroborated_party() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM broadcasters_check_corroborated(NEW.id);
    RETURN NULL;
END $$;

CREATE FUNCTION broadcasters_corroborating_source() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        PERFORM broadcasters_check_corroborated(OLD.party_id);
    END IF;
    IF TG_OP <> 'DELETE' THEN
        PERFORM broadcasters_check_corroborated(NEW.party_id);
    END IF;
    RETURN NULL;
END $$;

CREATE CONSTRAINT TRIGGER corroborated AFTER INSERT OR UPDATE OF signature_status ON broadcasters_party
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION broadcasters_corroborated_party();
CREATE CONSTRAINT TRIGGER corroborated AFTER INSERT OR DELETE OR UPDATE OF party_id, stance, publisher, belongs_to_id
    ON broadcasters_partysource
    DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION broadcasters_corroborating_source();

ALTER TABLE broadcasters_obligation ADD CONSTRAINT broadcasters_obligation_clause_of_memorandum
    FOREIGN KEY (memorandum_id, clause_id) REFERENCES broadcasters_clause (memorandum_id, id);
ALTER TABLE broadcasters_terminationnotice ADD CONSTRAINT broadcasters_notice_by_party
    FOREIGN KEY (memorandum_id, broadcaster_id) REFERENCES broadcasters_party (memorandum_id, broadcaster_id);
ALTER TABLE broadcasters_renewalconsent ADD CONSTRAINT broadcasters_consent_by_party
    FOREIGN KEY (memorandum_id, broadcaster_id) REFERENCES broadcasters_party (memorandum_id, broadcaster_id);
ALTER TABLE broadcasters_modulemove ADD CONSTRAINT broadcasters_move_rests_on_own_review
    FOREIGN KEY (module_id, review_id) REFERENCES broadcasters_modulereview (module_id, id);

-- Who is named in minutes is a party; with the first approval their words stand.
CREATE FUNCTION broadcasters_minutes_of_parties() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    house bigint := CASE TG_TABLE_NAME WHEN 'broadcasters_minutesitem' THEN (to_jsonb(NEW) ->> 'owner_id')::bigint
                                       ELSE (to_jsonb(NEW) ->> 'broadcaster_id')::bigint END;
BEGIN
    IF house IS NOT NULL AND NOT EXISTS (
        SELECT FROM broadcasters_minutes minutes JOIN broadcasters_party party USING (memorandum_id)
         WHERE minutes.id = NEW.minutes_id AND party.broadcaster_id = house
    ) THEN
        PERFORM broadcasters_refuse('broadcasters_minutes_of_parties', 'minutes name parties of the memorandum');
    END IF;
    RETURN NEW;
END $$;

CREATE FUNCTION broadcasters_minutes_stand() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    wanted bigint := (held ->> CASE TG_TABLE_NAME WHEN 'broadcasters_minutes' THEN 'id' ELSE 'minutes_id' END)::bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - '{done_on,obligation_id,written_by_id}'::text[]
                          = to_jsonb(OLD) - '{done_on,obligation_id,written_by_id}'::text[] THEN
        RETURN NEW;
    END IF;
    PERFORM 1 FROM broadcasters_minutes WHERE id = wanted FOR NO KEY UPDATE;
    IF EXISTS (SELECT FROM broadcasters_minutesapproval WHERE minutes_id = wanted) THEN
        PERFORM broadcasters_refuse('broadcasters_minutes_stand', 'a party has approved these minutes');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER of_parties BEFORE INSERT OR UPDATE ON broadcasters_minutesparticipant
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_of_parties();
CREATE TRIGGER of_parties BEFORE INSERT OR UPDATE ON broadcasters_minutesitem
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_of_parties();
CREATE TRIGGER of_parties BEFORE INSERT OR UPDATE ON broadcasters_minutesapproval
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_of_parties();
CREATE TRIGGER words_stand BEFORE UPDATE OR DELETE ON broadcasters_minutes
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_stand();
CREATE TRIGGER words_stand BEFORE INSERT OR UPDATE OR DELETE ON broadcasters_minutesparticipant
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_stand();
CREATE TRIGGER words_stand BEFORE INSERT OR UPDATE OR DELETE ON broadcasters_minutesitem
    FOR EACH ROW EXECUTE FUNCTION broadcasters_minutes_stand();

-- What a move rests on, and what a house has adopted, stays as it was.
CREATE FUNCTION broadcasters_review_stands() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    held jsonb := CASE TG_OP WHEN 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
    wanted bigint := (held ->>
        CASE TG_TABLE_NAME WHEN 'broadcasters_modulereview' THEN 'id' ELSE 'review_id' END)::bigint;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'written_by_id' = to_jsonb(OLD) - 'written_by_id' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM broadcasters_modulemove WHERE review_id = wanted) THEN
        PERFORM broadcasters_refuse('broadcasters_review_stands', 'a move of the module rests on this review');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON broadcasters_modulereview
    FOR EACH ROW EXECUTE FUNCTION broadcasters_review_stands();
CREATE TRIGGER stands BEFORE INSERT OR UPDATE OR DELETE ON broadcasters_demandfigure
    FOR EACH ROW EXECUTE FUNCTION broadcasters_review_stands();
CREATE TRIGGER stands BEFORE INSERT OR UPDATE OR DELETE ON broadcasters_reviewevidence
    FOR EACH ROW EXECUTE FUNCTION broadcasters_review_stands();

CREATE FUNCTION broadcasters_guideline_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'written_by_id' = to_jsonb(OLD) - 'written_by_id' THEN
        RETURN NEW;
    END IF;
    IF EXISTS (SELECT FROM broadcasters_guidelineadoption WHERE version_id = OLD.id) THEN
        PERFORM broadcasters_refuse('broadcasters_guideline_stands', 'a house has adopted this version');
    END IF;
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
END $$;

CREATE TRIGGER stands BEFORE UPDATE OR DELETE ON broadcasters_guidelineversion
    FOR EACH ROW EXECUTE FUNCTION broadcasters_guideline_stands();
"""

FORGET_AGREEMENTS = """
DROP TRIGGER stands ON broadcasters_guidelineversion;
DROP TRIGGER stands ON broadcasters_reviewevidence;
DROP TRIGGER stands ON broadcasters_demandfigure;
DROP TRIGGER stands ON broadcasters_modulereview;
DROP TRIGGER words_stand ON broadcasters_minutesitem;
DROP TRIGGER words_stand ON broadcasters_minutesparticipant;
DROP TRIGGER words_stand ON broadcasters_minutes;
DROP TRIGGER of_parties ON broadcasters_minutesapproval;
DROP TRIGGER of_parties ON broadcasters_minutesitem;
DROP TRIGGER of_parties ON broadcasters_minutesparticipant;
ALTER TABLE broadcasters_modulemove DROP CONSTRAINT broadcasters_move_rests_on_own_review;
ALTER TABLE broadcasters_renewalconsent DROP CONSTRAINT broadcasters_consent_by_party;
ALTER TABLE broadcasters_terminationnotice DROP CONSTRAINT broadcasters_notice_by_party;
ALTER TABLE broadcasters_obligation DROP CONSTRAINT broadcasters_obligation_clause_of_memorandum;
DROP TRIGGER corroborated ON broadcasters_partysource;
DROP TRIGGER corroborated ON broadcasters_party;
DROP FUNCTION broadcasters_guideline_stands(), broadcasters_review_stands(), broadcasters_minutes_stand(),
    broadcasters_minutes_of_parties(), broadcasters_corroborating_source(), broadcasters_corroborated_party(),
    broadcasters_check_corroborated(bigint), broadcasters_refuse(text, text);
"""
