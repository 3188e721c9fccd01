"""What the database itself holds of audiences: whose work was watched follows the airing, whoever writes either."""

FIGURES_FOLLOW_AIRINGS = """
CREATE FUNCTION broadcasters_figure_of_airing() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    SELECT origin_id INTO NEW.made_by_id FROM broadcasters_airing WHERE id = NEW.airing_id FOR SHARE;
    RETURN NEW;
END $$;

CREATE FUNCTION broadcasters_airing_of_figures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE broadcasters_audiencefigure SET made_by_id = NEW.origin_id WHERE airing_id = NEW.id;
    RETURN NULL;
END $$;

CREATE TRIGGER made_by BEFORE INSERT ON broadcasters_audiencefigure
FOR EACH ROW WHEN (NEW.airing_id IS NOT NULL) EXECUTE FUNCTION broadcasters_figure_of_airing();

CREATE TRIGGER made_by AFTER UPDATE OF origin_id ON broadcasters_airing
FOR EACH ROW WHEN (NEW.origin_id IS DISTINCT FROM OLD.origin_id) EXECUTE FUNCTION broadcasters_airing_of_figures();

UPDATE broadcasters_audiencefigure AS figure SET made_by_id = airing.origin_id FROM broadcasters_airing AS airing
 WHERE airing.id = figure.airing_id AND figure.made_by_id IS DISTINCT FROM airing.origin_id;
"""

FORGET_FIGURES_FOLLOW_AIRINGS = """
DROP TRIGGER made_by ON broadcasters_airing;
DROP TRIGGER made_by ON broadcasters_audiencefigure;
DROP FUNCTION broadcasters_airing_of_figures();
DROP FUNCTION broadcasters_figure_of_airing();
"""
