"""The database itself holds what may be delivered, whoever writes the rows and how.

``productions_delivery_bars`` is the one answer to what stands against delivery: services and pages read it, triggers
refuse by it. What it depends on is written under the production's row, which writers of revisions, decisions and
deliveries lock by writing it anew: at READ COMMITTED the one who waited sees what the other did, and at REPEATABLE READ
fails at the lock.

The codes repeat ``constants.DeliveryBar``, the sets of territories those of ``core.rights``; a test holds both.
"""

from archive.models.rights import territory_numbers
from mediaexchange.core.rights.source_types import SYNTHETIC
from mediaexchange.core.rights.terms import PLATFORMS
from mediaexchange.core.rights.territories import SETS

_SETS = ",\n        ".join(f"('{name}', ARRAY{territory_numbers([name], False)})" for name in sorted(SETS))
_PLATFORMS = ", ".join(f"'{name}'" for name in PLATFORMS)
_SYNTHETIC = ", ".join(f"'{name}'" for name in sorted(SYNTHETIC))

TERRITORIES = """
CREATE OR REPLACE FUNCTION productions_territory_sets() RETURNS TABLE (name text, members int[])
LANGUAGE sql IMMUTABLE AS $$
    VALUES {sets}
$$;

-- Codes and names of sets as the numbers of all places that they mean; a name that nobody knows means none.
CREATE OR REPLACE FUNCTION productions_territory_numbers(names text[]) RETURNS int[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(DISTINCT number), '{}') FROM (
        SELECT (ascii(substr(named, 1, 1)) - 65) * 26 + ascii(substr(named, 2, 1)) - 65 AS number
          FROM unnest(names) AS named WHERE named ~ '^[A-Z]{2}$'
        UNION ALL
        SELECT unnest(sets.members) FROM unnest(names) AS named JOIN productions_territory_sets() AS sets
               ON sets.name = named
    ) AS places
$$;
""".replace("{sets}", _SETS)

FORGET_TERRITORIES = """
DROP FUNCTION productions_territory_numbers(text[]);
DROP FUNCTION productions_territory_sets();
"""

USE_BARS = """
-- Where it will be shown: by its windows, and while it has none, on television in the countries of its partners.
CREATE OR REPLACE FUNCTION productions_shown(of_production bigint)
RETURNS TABLE (territories int[], platforms int[]) LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN QUERY SELECT territory_numbers, platform_numbers FROM productions_window
     WHERE production_id = of_production AND cancelled_at IS NULL
       AND (ends_at IS NULL OR ends_at > statement_timestamp());
    IF FOUND THEN
        RETURN;
    END IF;
    RETURN QUERY
    SELECT productions_territory_numbers(array_agg(house.country_code::text)), ARRAY[{television}]
      FROM productions_partner AS partner
      JOIN broadcasters_broadcaster AS house ON house.id = partner.broadcaster_id
     WHERE partner.production_id = of_production
    HAVING count(*) > 0;
END $$;

CREATE OR REPLACE FUNCTION productions_is_partner(of_production bigint, house bigint) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM productions_partner WHERE production_id = of_production AND broadcaster_id = house)
$$;

-- What of this one grant stands against a use under it.
CREATE OR REPLACE FUNCTION productions_grant_bars(use productions_archiveuse, granted archive_grant)
RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT bar.code FROM (VALUES
        ('licence-revoked', granted.status = 'revoked' OR EXISTS (
            SELECT FROM archive_licence WHERE id = granted.licence_id AND status = 'revoked')),
        ('licence-expired', upper(granted.period) <= statement_timestamp() OR EXISTS (
            SELECT FROM archive_licence WHERE id = granted.licence_id AND ends_at <= statement_timestamp())),
        ('licence-not-begun', lower(granted.period) > statement_timestamp()),
        ('licence-held-back', granted.embargoed_until > statement_timestamp()
            OR granted.holdback_until > statement_timestamp() AND (
                cardinality(granted.holdback_platforms) = 0 OR EXISTS (
                    SELECT FROM productions_shown(use.production_id) AS shown, unnest(shown.platforms) AS number
                     WHERE (ARRAY[{platforms}])[number + 1] = ANY (granted.holdback_platforms::text[])))),
        ('licensed-to-another', granted.grantee_id IS NOT NULL
            AND NOT productions_is_partner(use.production_id, granted.grantee_id)),
        ('stretch-not-licensed', granted.item_id <> use.item_id
            OR NOT granted.part @> int8range(use.in_ms, use.out_ms)),
        ('length-missing', granted.seconds IS NOT NULL AND use.in_ms IS NULL),
        ('seconds-exceeded', granted.seconds IS NOT NULL AND granted.seconds::bigint * 1000 < (
            SELECT sum(other.out_ms - other.in_ms) FROM productions_archiveuse AS other
              JOIN productions_production AS production ON production.id = other.production_id
              JOIN productions_stage AS stage ON stage.id = production.stage_id
             WHERE other.grant_id = granted.id AND (NOT stage.is_stopped OR other.production_id = use.production_id))),
        ('territory-not-licensed', EXISTS (
            SELECT FROM productions_shown(use.production_id) AS shown
             WHERE NOT granted.territory_numbers @> shown.territories)),
        ('platform-not-licensed', EXISTS (
            SELECT FROM productions_shown(use.production_id) AS shown
             WHERE NOT granted.platform_numbers @> shown.platforms)),
        ('language-not-licensed', cardinality(granted.languages) > 0 AND EXISTS (
            SELECT FROM productions_languageversion AS version
             WHERE version.production_id = use.production_id AND version.status <> 'cancelled' AND NOT EXISTS (
                SELECT FROM unnest(granted.languages) AS named
                 WHERE lower(version.language) = lower(named)
                    OR starts_with(lower(version.language), lower(named) || '-'))))
    ) AS bar (code, stands) WHERE bar.stands
$$;

-- Whether rights of others in the stretch are not cleared for all places and platforms where it will be shown.
CREATE OR REPLACE FUNCTION productions_is_burdened(use productions_archiveuse) RETURNS boolean
LANGUAGE sql STABLE AS $$
    SELECT EXISTS (
        SELECT FROM archive_underlyingright AS others LEFT JOIN archive_segment AS piece ON piece.id = others.segment_id
         WHERE others.item_id = use.item_id
           AND (piece.id IS NULL OR int8range(use.in_ms, use.out_ms) && int8range(
                floor(piece.in_frame * piece.rate_denominator * 1000::numeric / piece.rate_numerator)::bigint,
                ceil(piece.out_frame * piece.rate_denominator * 1000::numeric / piece.rate_numerator)::bigint))
           AND (others.clearance <> 'cleared' OR others.ends_at <= statement_timestamp() OR EXISTS (
                SELECT FROM productions_shown(use.production_id) AS shown
                 WHERE cardinality(others.territories) > 0
                       AND NOT productions_territory_numbers(others.territories::text[]) @> shown.territories
                    OR cardinality(others.platforms) > 0 AND EXISTS (
                       SELECT FROM unnest(shown.platforms) AS number
                        WHERE NOT (ARRAY[{platforms}])[number + 1] = ANY (others.platforms::text[]))))
    )
$$;

CREATE OR REPLACE FUNCTION productions_use_bars(of_use bigint) RETURNS text[] LANGUAGE sql STABLE AS $$
    SELECT ARRAY(
        SELECT 'licence-missing' WHERE use.grant_id IS NULL AND NOT (
            use.is_contributed AND productions_is_partner(use.production_id, item.broadcaster_id))
         UNION ALL
        SELECT bar FROM archive_grant AS granted, productions_grant_bars(use, granted) AS bar
         WHERE granted.id = use.grant_id
         UNION ALL
        SELECT 'rights-of-others' WHERE productions_is_burdened(use)
    )
      FROM productions_archiveuse AS use JOIN archive_item AS item ON item.id = use.item_id WHERE use.id = of_use
$$;
""".replace("{television}", str(PLATFORMS.index("television"))).replace("{platforms}", _PLATFORMS)

FORGET_USE_BARS = """
DROP FUNCTION productions_use_bars(bigint);
DROP FUNCTION productions_is_burdened(productions_archiveuse);
DROP FUNCTION productions_grant_bars(productions_archiveuse, archive_grant);
DROP FUNCTION productions_is_partner(bigint, bigint), productions_shown(bigint);
"""

DELIVERY_BARS = """
CREATE OR REPLACE FUNCTION productions_ai_bars(of_version bigint) RETURNS SETOF text LANGUAGE sql STABLE AS $$
    SELECT bar.code FROM productions_languageversion AS version CROSS JOIN LATERAL (VALUES
        ('ai-undeclared', version.ai_use = ''),
        ('ai-unreviewed', version.ai_use IN ('translation', 'synthetic')
            AND (btrim(version.ai_tool) = '' OR version.reviewed_at IS NULL)),
        ('ai-unmarked', version.ai_use = 'synthetic' AND NOT (
            btrim(version.ai_label) <> '' AND version.digital_source_type IN ({synthetic})))
    ) AS bar (code, stands) WHERE bar.stands AND version.id = of_version
$$;

-- The parties that have not approved, or nobody if there is no such revision.
CREATE OR REPLACE FUNCTION productions_unapproved(of_revision bigint) RETURNS SETOF bigint LANGUAGE sql STABLE AS $$
    SELECT partner.broadcaster_id
      FROM productions_revision AS revision JOIN productions_partner AS partner USING (production_id)
     WHERE revision.id = of_revision AND NOT EXISTS (
        SELECT FROM productions_decision AS said
         WHERE said.revision_id = revision.id AND said.broadcaster_id = partner.broadcaster_id
           AND said.withdrawn_at IS NULL AND said.decision = 'approved')
$$;

CREATE OR REPLACE FUNCTION productions_delivery_bars(of_production bigint, of_version bigint DEFAULT NULL)
RETURNS TABLE (code text, archive_use_id bigint, broadcaster_id bigint) LANGUAGE sql STABLE AS $$
    WITH final AS (
        SELECT id FROM productions_revision
         WHERE production_id = of_production AND kind = 'final-cut' AND superseded_at IS NULL
    )
    SELECT 'module-not-running', NULL::bigint, NULL::bigint
      FROM productions_production AS production JOIN broadcasters_module AS module ON module.id = production.module_id
     WHERE production.id = of_production AND module.state NOT IN ('active', 'scaled')
     UNION ALL
    SELECT 'final-cut-missing', NULL, NULL WHERE NOT EXISTS (SELECT FROM final)
     UNION ALL
    SELECT 'final-cut-unapproved', NULL, party FROM final, productions_unapproved(final.id) AS party
     UNION ALL
    SELECT bar, use.id, NULL FROM productions_archiveuse AS use, unnest(productions_use_bars(use.id)) AS bar
     WHERE use.production_id = of_production
     UNION ALL
    SELECT bar, NULL, NULL FROM productions_ai_bars(of_version) AS bar
$$;
""".replace("{synthetic}", _SYNTHETIC)

FORGET_DELIVERY_BARS = """
DROP FUNCTION productions_delivery_bars(bigint, bigint);
DROP FUNCTION productions_unapproved(bigint), productions_ai_bars(bigint);
"""

HOLD_REVIEW = """
CREATE FUNCTION productions_take_turn(of_production bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    UPDATE productions_production SET uid = uid WHERE id = of_production;
END $$;

CREATE FUNCTION productions_number_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM productions_take_turn(NEW.production_id);
    UPDATE productions_revision SET superseded_at = statement_timestamp()
     WHERE production_id = NEW.production_id AND kind = NEW.kind AND superseded_at IS NULL;
    NEW.superseded_at := NULL;
    NEW.number := 1 + coalesce(
        (SELECT max(number) FROM productions_revision WHERE production_id = NEW.production_id AND kind = NEW.kind), 0);
    RETURN NEW;
END $$;

CREATE TRIGGER number_revision BEFORE INSERT ON productions_revision
    FOR EACH ROW EXECUTE FUNCTION productions_number_revision();

CREATE FUNCTION productions_keep_revision() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF (NEW.production_id, NEW.kind, NEW.number, NEW.instantiation_id, NEW.file_id)
            IS DISTINCT FROM (OLD.production_id, OLD.kind, OLD.number, OLD.instantiation_id, OLD.file_id)
       OR OLD.superseded_at IS NOT NULL AND NEW.superseded_at IS DISTINCT FROM OLD.superseded_at THEN
        RAISE EXCEPTION 'what was submitted stands; submit a new revision'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'productions_revision_stands';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER keep_revision BEFORE UPDATE ON productions_revision
    FOR EACH ROW EXECUTE FUNCTION productions_keep_revision();

CREATE FUNCTION productions_hold_decision() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    revision productions_revision;
BEGIN
    SELECT * INTO revision FROM productions_revision WHERE id = OLD.revision_id OR id = NEW.revision_id;
    PERFORM productions_take_turn(revision.production_id);
    SELECT * INTO revision FROM productions_revision WHERE id = revision.id;
    IF TG_OP = 'INSERT' THEN
        IF revision.superseded_at IS NOT NULL THEN
            RAISE EXCEPTION 'revision % is superseded', revision.id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_decision_current';
        END IF;
        IF NOT productions_is_partner(revision.production_id, NEW.broadcaster_id) THEN
            RAISE EXCEPTION 'house % is no partner of production %', NEW.broadcaster_id, revision.production_id
                USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_decision_by_partner';
        END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' OR (NEW.revision_id, NEW.broadcaster_id, NEW.decision, NEW.note, NEW.decided_at)
            IS DISTINCT FROM (OLD.revision_id, OLD.broadcaster_id, OLD.decision, OLD.note, OLD.decided_at)
       OR OLD.withdrawn_at IS NOT NULL AND (NEW.withdrawn_at, NEW.withdrawal_reason)
            IS DISTINCT FROM (OLD.withdrawn_at, OLD.withdrawal_reason) THEN
        RAISE EXCEPTION 'a decision stands as it was made'
            USING ERRCODE = 'restrict_violation', CONSTRAINT = 'productions_decision_stands';
    END IF;
    IF NEW.withdrawn_at IS NOT NULL AND OLD.withdrawn_at IS NULL AND (
        revision.superseded_at IS NOT NULL OR NOT EXISTS (SELECT FROM productions_unapproved(revision.id))
    ) THEN
        RAISE EXCEPTION 'the round of revision % is over', revision.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_decision_open';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER hold_decision BEFORE INSERT OR UPDATE OR DELETE ON productions_decision
    FOR EACH ROW EXECUTE FUNCTION productions_hold_decision();
"""

FORGET_REVIEW = """
DROP TRIGGER hold_decision ON productions_decision;
DROP TRIGGER keep_revision ON productions_revision;
DROP TRIGGER number_revision ON productions_revision;
DROP FUNCTION productions_hold_decision(), productions_keep_revision(), productions_number_revision();
DROP FUNCTION productions_take_turn(bigint);
"""

HOLD_DELIVERY = """
CREATE FUNCTION productions_require_deliverable(of_production bigint, of_version bigint) RETURNS void
LANGUAGE plpgsql AS $$
DECLARE
    bars text;
BEGIN
    PERFORM productions_take_turn(of_production);
    -- A pause of the module waits for this delivery, or this delivery for the pause.
    PERFORM FROM broadcasters_module WHERE id = (SELECT module_id FROM productions_production WHERE id = of_production)
        FOR SHARE;
    SELECT string_agg(DISTINCT code, ' ') INTO bars FROM productions_delivery_bars(of_production, of_version);
    IF bars IS NOT NULL THEN
        RAISE EXCEPTION 'production % cannot be delivered: %', of_production, bars
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_delivery_gate';
    END IF;
END $$;

-- After the row is written: what is asked includes the row itself.
CREATE FUNCTION productions_hold_deliverable() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    of_production bigint;
BEGIN
    IF NEW.status IN ('delivered', 'accepted') AND (
        TG_OP = 'INSERT' OR (NEW.status, NEW.version_id, NEW.instantiation_id, NEW.file_id)
            IS DISTINCT FROM (OLD.status, OLD.version_id, OLD.instantiation_id, OLD.file_id)
    ) THEN
        SELECT production_id INTO of_production FROM productions_languageversion WHERE id = NEW.version_id;
        PERFORM productions_require_deliverable(of_production, NEW.version_id);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER hold_delivery AFTER INSERT OR UPDATE ON productions_deliverable
    FOR EACH ROW EXECUTE FUNCTION productions_hold_deliverable();

CREATE FUNCTION productions_hold_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.status = 'delivered' AND (TG_OP = 'INSERT' OR (NEW.status, NEW.production_id)
            IS DISTINCT FROM (OLD.status, OLD.production_id)) THEN
        PERFORM productions_require_deliverable(NEW.production_id, NEW.id);
    ELSIF (NEW.status = 'delivered' OR EXISTS (
            SELECT FROM productions_deliverable WHERE version_id = NEW.id AND status IN ('delivered', 'accepted')))
          AND EXISTS (SELECT FROM productions_ai_bars(NEW.id)) THEN
        RAISE EXCEPTION 'the declaration of AI in version % stands: it is delivered', NEW.id
            USING ERRCODE = 'check_violation', CONSTRAINT = 'productions_version_marked';
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER hold_delivery AFTER INSERT OR UPDATE ON productions_languageversion
    FOR EACH ROW EXECUTE FUNCTION productions_hold_version();

CREATE FUNCTION productions_hold_delivering() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- The way back between stages that deliver is free.
    IF NEW.stage_id <> OLD.stage_id AND EXISTS (
        SELECT FROM productions_stage AS was, productions_stage AS stage
         WHERE was.id = OLD.stage_id AND stage.id = NEW.stage_id AND stage.is_delivering
           AND NOT (was.is_delivering AND stage.position < was.position)
    ) THEN
        PERFORM productions_require_deliverable(NEW.id, NULL);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER hold_delivering AFTER UPDATE OF stage_id ON productions_production
    FOR EACH ROW EXECUTE FUNCTION productions_hold_delivering();
"""

FORGET_DELIVERY = """
DROP TRIGGER hold_delivering ON productions_production;
DROP TRIGGER hold_delivery ON productions_languageversion;
DROP TRIGGER hold_delivery ON productions_deliverable;
DROP FUNCTION productions_hold_delivering(), productions_hold_version(), productions_hold_deliverable();
DROP FUNCTION productions_require_deliverable(bigint, bigint);
"""
