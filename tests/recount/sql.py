# ruff: noqa: E501 — a condition of SQL is read in one line
"""What every indicator comes to, in plain SQL, written from its sentence and without the code that counts it.

Each text is asked for the one row of ``q``: house, partner (NULL: everybody else), s and e (the first instant, and the first
one no longer in it), first_on and last_on (by the house's clocks), viewer (a user's id). ``r`` is the counted row.
"""

from dataclasses import dataclass

MEMBER = """EXISTS (SELECT 1 FROM broadcasters_membership m JOIN broadcasters_broadcaster b ON b.id = m.broadcaster_id
    WHERE m.user_id = q.viewer AND b.is_active"""
SOMEWHERE = f"{MEMBER})"


def mine(column: str) -> str:
    return f"{MEMBER} AND b.id = {column})"


def mine_as(column: str, *roles: str) -> str:
    """Where the viewer has one of these roles, or is a superuser with any."""
    words = ", ".join(f"'{role}'" for role in roles)
    return f"""EXISTS (SELECT 1 FROM broadcasters_membership m
        JOIN broadcasters_broadcaster b ON b.id = m.broadcaster_id JOIN core_user u ON u.id = m.user_id
        WHERE m.user_id = q.viewer AND b.is_active AND b.id = {column} AND (m.role IN ({words}) OR u.is_superuser))"""


def during(column: str) -> str:
    return f"{column} >= q.s AND {column} < q.e"


def on_days(column: str) -> str:
    return f"{column} BETWEEN q.first_on AND q.last_on"


def partner(column: str) -> str:
    return f"(q.partner IS NULL OR {column} = q.partner)"


def party(module: str) -> str:
    return f"EXISTS (SELECT 1 FROM broadcasters_module_parties mp WHERE mp.module_id = {module} AND {mine('mp.broadcaster_id')})"


def open_story(story: str) -> str:
    return f"""({story}.status = 'published' AND {story}.pubstatus = 'usable' AND NOT {story}.is_held
        AND ({story}.embargoed_until IS NULL OR {story}.embargoed_until <= now())
        AND ({story}.expires_at IS NULL OR {story}.expires_at > now()))"""


def seen_story(story: str) -> str:
    return f"""({mine(f"{story}.broadcaster_id")} OR {open_story(story)} AND EXISTS (SELECT 1 FROM newsexchange_offer o
        WHERE o.story_id = {story}.id AND o.status IN ('open', 'taken') AND {mine("o.to_broadcaster_id")}))"""


def seen_item(item: str) -> str:
    partners = f"""{item}.broadcaster_id IN (SELECT other.broadcaster_id FROM broadcasters_module_parties own
        JOIN broadcasters_module mo ON mo.id = own.module_id JOIN broadcasters_module_parties other ON other.module_id = mo.id
        WHERE mo.area = 'archive' AND mo.state IN ('active', 'scaled', 'paused') AND {mine("own.broadcaster_id")})"""
    return f"""({mine(f"{item}.broadcaster_id")} OR {item}.status = 'published'
        AND ({item}.embargoed_until IS NULL OR {item}.embargoed_until <= now())
        AND ({item}.access = 'partners' AND {partners} OR {item}.access = 'public' AND {SOMEWHERE}))"""


def both_are_partners(production: str) -> str:
    def of(house: str) -> str:
        return f"EXISTS (SELECT 1 FROM productions_partner pp WHERE pp.production_id = {production} AND pp.broadcaster_id = {house})"

    return f"({of('q.house')} AND (q.partner IS NULL OR {of('q.partner')}))"


def seen_production(production: str) -> str:
    return f"""({mine(f"{production}.made_by_id")} OR {production}.shared_at IS NOT NULL AND EXISTS (SELECT 1
        FROM productions_partner pp WHERE pp.production_id = {production}.id AND {mine("pp.broadcaster_id")}))"""


def seen_assignment(assignment: str, person: str) -> str:
    return f"""({mine_as(f"{assignment}.broadcaster_id", "administrator", "editor", "exchange-desk", "producer")}
        OR {assignment}.status <> 'draft' AND ({person}.user_id = q.viewer OR {assignment}.assigned_at IS NOT NULL
            AND {mine_as(f"{assignment}.host_id", "administrator", "exchange-desk")}))"""


def seen_enrolment(enrolment: str, workshop: str, person: str) -> str:
    return f"""({mine_as(f"{enrolment}.broadcaster_id", "administrator", "exchange-desk", "training-coordinator")}
        OR {mine_as(f"{workshop}.broadcaster_id", "administrator", "training-coordinator")}
        OR {person}.user_id = q.viewer)"""


def seen_workshop(workshop: str, programme: str) -> str:
    return (
        f"({mine(f'{workshop}.broadcaster_id')} OR {workshop}.status <> 'draft' AND {party(f'{programme}.module_id')})"
    )


@dataclass(frozen=True)
class Recount:
    """``of`` is what is aggregated; ``seen`` whether the viewer sees the row."""

    rows: str
    where: str
    seen: str
    of: str = "count(*)"


def _sum(expression: str, divisor: int = 1) -> str:
    return f"coalesce(sum({expression}), 0)::bigint / {divisor}"


_STORY = "newsexchange_story r"
_TAKE = "newsexchange_take r JOIN newsexchange_story st ON st.id = r.story_id"
_SEEN_TAKE = f"({mine('st.broadcaster_id')} OR {mine('r.broadcaster_id')} AND {open_story('st')})"
_USE = (
    "newsexchange_use r JOIN newsexchange_take tk ON tk.id = r.take_id JOIN newsexchange_story st ON st.id = tk.story_id "
    "LEFT JOIN broadcasters_airing a ON a.id = r.airing_id"
)
_SEEN_USE = f"({mine('st.broadcaster_id')} OR {mine('tk.broadcaster_id')} AND {open_story('st')})"
_OF_USE = f"st.broadcaster_id = q.house AND {partner('tk.broadcaster_id')}"
_BITE = "newsexchange_soundbite r JOIN newsexchange_story st ON st.id = r.story_id"
_OF_BITE = f"""st.broadcaster_id = q.house AND EXISTS (SELECT 1 FROM newsexchange_take tk WHERE tk.story_id = st.id
    AND {during("tk.taken_at")} AND {partner("tk.broadcaster_id")})"""
_ASKED = f"{during('r.asked_at')} AND r.to_broadcaster_id = q.house AND {partner('r.from_broadcaster_id')}"
_SEEN_ASKED = f"({mine('r.from_broadcaster_id')} OR {mine('r.to_broadcaster_id')})"
_NOTICE = (
    "newsexchange_recallnotice r JOIN newsexchange_recall rc ON rc.id = r.recall_id "
    "JOIN newsexchange_story st ON st.id = rc.story_id"
)
_OF_NOTICE = f"{during('r.due_at')} AND r.broadcaster_id = q.house AND {partner('st.broadcaster_id')}"
_SEEN_NOTICE = f"({mine('r.broadcaster_id')} OR {mine('st.broadcaster_id')})"

NEWS = {
    "stories-published": Recount(_STORY, f"{during('r.published_at')} AND r.broadcaster_id = q.house", seen_story("r")),
    "stories-offered": Recount(
        "newsexchange_offer r JOIN newsexchange_story st ON st.id = r.story_id",
        f"{during('r.offered_at')} AND st.broadcaster_id = q.house AND {partner('r.to_broadcaster_id')}",
        f"({mine('st.broadcaster_id')} OR {mine('r.to_broadcaster_id')} AND {open_story('st')})",
    ),
    "stories-taken": Recount(
        _TAKE, f"{during('r.taken_at')} AND st.broadcaster_id = q.house AND {partner('r.broadcaster_id')}", _SEEN_TAKE
    ),
    "stories-used": Recount(_USE, f"{during('r.used_at')} AND {_OF_USE}", _SEEN_USE),
    "seconds-aired": Recount(_USE, f"{during('a.started_at')} AND {_OF_USE}", _SEEN_USE, _sum("a.duration_ms", 1000)),
    "soundbites-taken": Recount(_BITE, _OF_BITE, seen_story("st")),
    "speakers-taken": Recount(_BITE, f"{_OF_BITE} AND r.speaker <> ''", seen_story("st"), "count(DISTINCT r.speaker)"),
    "story-requests-received": Recount("newsexchange_storyrequest r", _ASKED, _SEEN_ASKED),
    "story-requests-filled": Recount("newsexchange_storyrequest r", f"{_ASKED} AND r.status = 'filled'", _SEEN_ASKED),
    "recalls-acknowledged": Recount(_NOTICE, f"{_OF_NOTICE} AND r.acknowledged_at <= r.due_at", _SEEN_NOTICE),
    "recalls-missed": Recount(
        _NOTICE,
        f"{_OF_NOTICE} AND (r.acknowledged_at IS NULL OR r.acknowledged_at > r.due_at)"
        " AND (r.lifted_at IS NULL OR r.lifted_at > r.due_at)",
        _SEEN_NOTICE,
    ),
}

_REQUEST = "archive_footagerequest r"
_OF_REQUEST = f"{during('r.created_at')} AND r.holder_id = q.house AND {partner('r.broadcaster_id')}"
_SEEN_REQUEST = f"({mine('r.broadcaster_id')} OR {mine('r.holder_id')})"
_GRANT = "archive_grant r JOIN archive_item it ON it.id = r.item_id"
_OF_GRANT = "JOIN archive_grant g ON g.id = r.grant_id JOIN archive_item it ON it.id = g.item_id"
_DELIVERY = f"archive_footagedelivery r {_OF_GRANT}"
_MADE = f"""{during("r.created_at")} AND it.broadcaster_id = q.house AND {partner("r.broadcaster_id")}
    AND (r.status = 'ready' OR r.status = 'revoked' AND r.size_bytes IS NOT NULL)"""
_SEEN_PART = f"({mine('it.broadcaster_id')} OR {mine('r.broadcaster_id')})"
_SHOWN = f"""{during("r.started_at")} AND it.broadcaster_id = q.house AND r.taken_back_at IS NULL
    AND {partner("r.broadcaster_id")}"""

ARCHIVE = {
    "items-published": Recount(
        "archive_item r",
        f"""r.broadcaster_id = q.house AND r.status = 'published' AND EXISTS (SELECT 1 FROM core_auditentry au
            WHERE au.table_name = 'archive_item' AND au.row_pk = r.id::text AND {during("au.at")}
            AND (au.action = 'insert' AND au.changed->>'status' = 'published'
                 OR au.action = 'update' AND au.changed->'status'->>1 = 'published'))""",
        seen_item("r"),
    ),
    "files-received": Recount(
        "archive_mediafile r",
        f"r.status = 'ready' AND {during('r.created_at')} AND r.broadcaster_id = q.house",
        mine("r.broadcaster_id"),
    ),
    "bytes-received": Recount(
        "archive_mediafile r",
        f"r.status = 'ready' AND {during('r.created_at')} AND r.broadcaster_id = q.house",
        mine("r.broadcaster_id"),
        _sum("r.size_bytes"),
    ),
    "requests-received": Recount(_REQUEST, _OF_REQUEST, _SEEN_REQUEST),
    "requests-answered-in-time": Recount(
        _REQUEST,
        f"""{_OF_REQUEST} AND r.status IN ('approved', 'partly-approved', 'quoted', 'refused')
            AND r.decided_at - r.created_at <= interval '7 days'""",
        _SEEN_REQUEST,
    ),
    "requests-approved": Recount(
        _REQUEST, f"{_OF_REQUEST} AND r.status IN ('approved', 'partly-approved')", _SEEN_REQUEST
    ),
    "seconds-licensed": Recount(
        _GRANT,
        f"""{during("r.created_at")} AND it.broadcaster_id = q.house AND r.licence_id IS NOT NULL
            AND {partner("r.grantee_id")}""",
        f"({mine('it.broadcaster_id')} OR {mine('r.grantee_id')} OR r.grantee_id IS NULL AND {seen_item('it')})",
        _sum("r.seconds"),
    ),
    "deliveries-made": Recount(_DELIVERY, _MADE, _SEEN_PART),
    "deliveries-fetched": Recount(
        _DELIVERY, f"{_MADE} AND EXISTS (SELECT 1 FROM archive_download d WHERE d.delivery_id = r.id)", _SEEN_PART
    ),
    "uses-reported": Recount(f"archive_grantuse r {_OF_GRANT}", _SHOWN, _SEEN_PART),
    "seconds-used": Recount(f"archive_grantuse r {_OF_GRANT}", _SHOWN, _SEEN_PART, _sum("r.used_ms", 1000)),
}

_ENROLMENT = "training_enrolment r JOIN training_workshop w ON w.id = r.workshop_id JOIN training_participant p ON p.id = r.participant_id"
_OF_ENROLMENT = (
    "JOIN training_enrolment en ON en.id = r.enrolment_id JOIN training_workshop w ON w.id = en.workshop_id "
    "JOIN training_participant p ON p.id = en.participant_id"
)
_ATTENDANCE = (
    f"training_attendance r {_OF_ENROLMENT} JOIN training_session se ON se.id = r.session_id "
    "JOIN training_workshop sw ON sw.id = se.workshop_id"
)
_OF_ATTENDANCE = f"""{during("se.starts_at")} AND en.broadcaster_id = q.house AND NOT se.is_cancelled
    AND {partner("sw.broadcaster_id")}"""
_HELD = "IN ('running', 'completed')"


def _had_somebody(workshop: str) -> str:
    return f"""(q.partner IS NULL OR EXISTS (SELECT 1 FROM training_enrolment x WHERE x.workshop_id = {workshop}
        AND x.broadcaster_id = q.partner AND x.status = 'confirmed'))"""


TRAINING = {
    "nominations-made": Recount(
        _ENROLMENT,
        f"{during('r.nominated_at')} AND r.broadcaster_id = q.house AND {partner('w.broadcaster_id')}",
        seen_enrolment("r", "w", "p"),
    ),
    "seats-filled": Recount(
        _ENROLMENT,
        f"""{during("w.starts_at")} AND r.broadcaster_id = q.house AND r.status = 'confirmed' AND w.status {_HELD}
            AND {partner("w.broadcaster_id")}""",
        seen_enrolment("r", "w", "p"),
    ),
    "workshops-hosted": Recount(
        "training_workshop r JOIN training_programme pg ON pg.id = r.programme_id",
        f"{during('r.starts_at')} AND r.broadcaster_id = q.house AND r.status {_HELD} AND {_had_somebody('r.id')}",
        seen_workshop("r", "pg"),
    ),
    "sessions-hosted": Recount(
        "training_session r JOIN training_workshop w ON w.id = r.workshop_id JOIN training_programme pg ON pg.id = w.programme_id",
        f"""{during("r.starts_at")} AND w.broadcaster_id = q.house AND w.status {_HELD} AND NOT r.is_cancelled
            AND {_had_somebody("w.id")}""",
        seen_workshop("w", "pg"),
    ),
    "attendances": Recount(_ATTENDANCE, f"{_OF_ATTENDANCE} AND r.status = 'attended'", seen_enrolment("en", "w", "p")),
    "absences": Recount(
        _ATTENDANCE, f"{_OF_ATTENDANCE} AND r.status IN ('absent', 'excused')", seen_enrolment("en", "w", "p")
    ),
    "certificates-issued": Recount(
        f"training_certificate r {_OF_ENROLMENT}",
        f"""{during("r.issued_at")} AND en.broadcaster_id = q.house AND r.revoked_at IS NULL
            AND {partner("w.broadcaster_id")}""",
        seen_enrolment("en", "w", "p"),
    ),
    "responses-given": Recount(
        "training_feedbackresponse r JOIN training_workshop w ON w.id = r.workshop_id JOIN training_programme pg ON pg.id = w.programme_id",
        f"{on_days('r.answered_on')} AND w.broadcaster_id = q.house",
        seen_workshop("w", "pg"),
    ),
}

_ASSIGNMENT = "correspondents_assignment r LEFT JOIN correspondents_correspondent c ON c.id = r.correspondent_id"
_OF_ASSIGNMENT = (
    "JOIN correspondents_assignment a ON a.id = r.assignment_id "
    "LEFT JOIN correspondents_correspondent c ON c.id = a.correspondent_id"
)
_ACCESS = f"{during('r.decided_at')} AND a.host_id = q.house AND {partner('a.broadcaster_id')}"
_WISH = (
    "correspondents_coveragewish r JOIN correspondents_plannedevent ev ON ev.id = r.event_id "
    "LEFT JOIN correspondents_assignment a ON a.id = r.assignment_id"
)
_SEEN_WISH = f"""({mine("r.broadcaster_id")} OR {mine("ev.broadcaster_id")}
    OR ev.is_shared AND {party("ev.module_id")})"""

CORRESPONDENTS = {
    "assignments-begun": Recount(
        _ASSIGNMENT,
        f"{during('r.started_at')} AND r.broadcaster_id = q.house AND {partner('r.host_id')}",
        seen_assignment("r", "c"),
    ),
    "assignments-completed": Recount(
        _ASSIGNMENT,
        f"{during('r.ended_at')} AND r.broadcaster_id = q.house AND r.status = 'completed' AND {partner('r.host_id')}",
        seen_assignment("r", "c"),
    ),
    "assignments-hosted": Recount(
        _ASSIGNMENT,
        f"{during('r.started_at')} AND r.host_id = q.house AND {partner('r.broadcaster_id')}",
        seen_assignment("r", "c"),
    ),
    "access-granted": Recount(
        f"correspondents_accessgranted r {_OF_ASSIGNMENT}",
        f"{_ACCESS} AND r.status = 'granted'",
        seen_assignment("a", "c"),
    ),
    "access-refused": Recount(
        f"correspondents_accessgranted r {_OF_ASSIGNMENT}",
        f"{_ACCESS} AND r.status = 'refused'",
        seen_assignment("a", "c"),
    ),
    "coverage-wanted": Recount(
        _WISH,
        f"{during('r.created_at')} AND r.broadcaster_id = q.house AND {partner('ev.broadcaster_id')}",
        _SEEN_WISH,
    ),
    "coverage-delivered": Recount(
        _WISH,
        f"""{during("r.delivered_at")} AND a.broadcaster_id = q.house AND r.status = 'delivered'
            AND r.broadcaster_id <> q.house AND {partner("r.broadcaster_id")}""",
        _SEEN_WISH,
    ),
    "footage-filed": Recount(
        f"correspondents_footagefiled r {_OF_ASSIGNMENT} JOIN archive_item it ON it.id = r.item_id",
        f"{during('r.filed_at')} AND a.broadcaster_id = q.house AND {partner('a.host_id')}",
        f"({seen_assignment('a', 'c')} AND {seen_item('it')})",
    ),
    "hand-overs-accepted": Recount(
        f"correspondents_handover r {_OF_ASSIGNMENT} JOIN correspondents_correspondent n ON n.id = r.to_correspondent_id",
        f"""{during("r.answered_at")} AND a.broadcaster_id = q.house AND r.status = 'accepted'
            AND {partner("n.broadcaster_id")}""",
        f"""({seen_assignment("a", "c")} OR n.user_id = q.viewer
            OR {mine_as("n.broadcaster_id", "administrator", "editor", "exchange-desk", "producer")})""",
    ),
}

_PRODUCTION = "productions_production r"
_STOOD = """(SELECT mv.to_stage_id FROM productions_productionmove mv WHERE mv.production_id = r.id AND mv.at < q.e
    ORDER BY mv.at DESC, mv.id DESC LIMIT 1)"""
_PILOT = "productions_pilotreview r JOIN productions_production pr ON pr.id = r.production_id"
_OF_PILOT = f"{during('r.decided_at')} AND {both_are_partners('pr.id')}"
_DELIVERABLE = (
    "productions_deliverable r JOIN productions_languageversion v ON v.id = r.version_id "
    "JOIN productions_production pr ON pr.id = v.production_id"
)
_MASTER = f"""{during("r.delivered_at")} AND r.supplier_id = q.house AND r.kind = 'master'
    AND r.status IN ('delivered', 'accepted') AND {partner("r.broadcaster_id")}"""
_DECIDED = f"{during('r.decided_at')} AND r.supplier_id = q.house AND {partner('r.broadcaster_id')}"
_CLIP = "productions_archiveuse r JOIN productions_production pr ON pr.id = r.production_id JOIN archive_item it ON it.id = r.item_id"
_OF_CLIP = f"""{during("r.created_at")} AND {partner("it.broadcaster_id")} AND EXISTS (SELECT 1 FROM productions_partner pp
    WHERE pp.production_id = pr.id AND pp.broadcaster_id = q.house)"""
_DECISION = (
    "productions_decision r JOIN productions_revision rv ON rv.id = r.revision_id "
    "JOIN productions_production pr ON pr.id = rv.production_id"
)
_OF_DECISION = f"""{during("r.decided_at")} AND r.broadcaster_id = q.house AND r.withdrawn_at IS NULL
    AND {partner("rv.broadcaster_id")}"""
_STONE = (
    "productions_milestone r JOIN productions_production pr ON pr.id = r.production_id "
    "JOIN productions_partner ow ON ow.id = r.owner_id"
)
_OF_STONE = (
    f"ow.broadcaster_id = q.house AND NOT r.is_cancelled AND (q.partner IS NULL OR {both_are_partners('pr.id')})"
)
_RUN = (
    "productions_run r JOIN productions_window wi ON wi.id = r.window_id "
    "JOIN productions_production pr ON pr.id = wi.production_id JOIN broadcasters_channel ch ON ch.id = r.channel_id"
)

PRODUCTIONS = {
    "productions-begun": Recount(
        _PRODUCTION, f"{during('r.shared_at')} AND {both_are_partners('r.id')}", seen_production("r")
    ),
    "productions-in-work": Recount(
        _PRODUCTION,
        f"""r.shared_at < q.e AND {both_are_partners("r.id")} AND {_STOOD} IS NOT NULL
            AND {_STOOD} NOT IN (SELECT sg.id FROM productions_stage sg WHERE sg.is_closed)""",
        seen_production("r"),
    ),
    "productions-stopped": Recount(
        _PRODUCTION,
        f"""r.shared_at IS NOT NULL AND {both_are_partners("r.id")} AND EXISTS (SELECT 1 FROM productions_productionmove mv
            JOIN productions_stage sg ON sg.id = mv.to_stage_id
            WHERE mv.production_id = r.id AND sg.is_stopped AND {during("mv.at")})""",
        seen_production("r"),
    ),
    "pilots-reviewed": Recount(_PILOT, _OF_PILOT, seen_production("pr")),
    "pilots-passed": Recount(_PILOT, f"{_OF_PILOT} AND r.decision IN ('go', 'scale')", seen_production("pr")),
    "masters-delivered": Recount(_DELIVERABLE, _MASTER, seen_production("pr")),
    "minutes-delivered": Recount(
        _DELIVERABLE, _MASTER, seen_production("pr"), _sum("pr.episodes * pr.episode_minutes")
    ),
    "deliverables-accepted": Recount(_DELIVERABLE, f"{_DECIDED} AND r.status = 'accepted'", seen_production("pr")),
    "deliverables-rejected": Recount(_DELIVERABLE, f"{_DECIDED} AND r.status = 'rejected'", seen_production("pr")),
    "versions-made": Recount(
        "productions_languageversion r JOIN productions_production pr ON pr.id = r.production_id",
        f"""r.owner_id = q.house AND r.status <> 'cancelled' AND EXISTS (SELECT 1 FROM productions_deliverable d
            WHERE d.version_id = r.id AND d.status IN ('delivered', 'accepted') AND {during("d.delivered_at")}
            AND {partner("d.broadcaster_id")})""",
        seen_production("pr"),
    ),
    "archive-uses": Recount(_CLIP, _OF_CLIP, seen_production("pr")),
    # What stands against a use is a function of the database, which is not written a second time here.
    "archive-uses-cleared": Recount(
        _CLIP, f"{_OF_CLIP} AND cardinality(productions_use_bars(r.id)) = 0", seen_production("pr")
    ),
    "decisions-given": Recount(_DECISION, _OF_DECISION, seen_production("pr")),
    "approvals-given": Recount(_DECISION, f"{_OF_DECISION} AND r.decision = 'approved'", seen_production("pr")),
    "milestones-met": Recount(
        _STONE, f"{during('r.done_at')} AND r.done_at < r.ends_at AND {_OF_STONE}", seen_production("pr")
    ),
    "milestones-missed": Recount(
        _STONE,
        f"{during('r.ends_at')} AND (r.done_at IS NULL OR r.done_at >= r.ends_at) AND {_OF_STONE}",
        seen_production("pr"),
    ),
    "showings": Recount(
        _RUN,
        f"""{during("r.starts_at")} AND ch.broadcaster_id = q.house AND r.airing_id IS NOT NULL
            AND r.cancelled_at IS NULL AND (q.partner IS NULL OR {both_are_partners("pr.id")})""",
        seen_production("pr"),
    ),
    "audience-figures": Recount(
        f"productions_audiencefigure r JOIN productions_run ru ON ru.id = r.run_id JOIN {_RUN.partition(' JOIN ')[2]}".replace(
            "r.window_id", "ru.window_id"
        ).replace("r.channel_id", "ru.channel_id"),
        f"""{during("ru.starts_at")} AND ru.airing_id IS NOT NULL AND ru.cancelled_at IS NULL
            AND ch.broadcaster_id <> q.house AND {partner("ch.broadcaster_id")} AND {both_are_partners("pr.id")}""",
        seen_production("pr"),
    ),
}

_AIRING = "broadcasters_airing r JOIN broadcasters_channel ch ON ch.id = r.channel_id"
_SEEN_AIRING = f"({mine('ch.broadcaster_id')} OR {mine('r.origin_id')})"
_ELSEWHERE = f"""{during("r.started_at")} AND r.origin_id = q.house AND ch.broadcaster_id <> q.house
    AND {partner("ch.broadcaster_id")}"""
_FOREIGN = f"""{during("r.started_at")} AND ch.broadcaster_id = q.house AND NOT r.is_joint AND r.origin_id <> q.house
    AND {partner("r.origin_id")}"""

BROADCASTERS = {
    "airings-aired": Recount(_AIRING, _ELSEWHERE, _SEEN_AIRING),
    "airings-matched": Recount(_AIRING, f"{_ELSEWHERE} AND r.subject_uid IS NOT NULL", _SEEN_AIRING),
    "minutes-aired": Recount(_AIRING, _ELSEWHERE, _SEEN_AIRING, _sum("r.duration_ms", 60_000)),
    "minutes-aired-of-partners": Recount(_AIRING, _FOREIGN, _SEEN_AIRING, _sum("r.duration_ms", 60_000)),
    "audience-stated": Recount(
        "broadcasters_audiencefigure r LEFT JOIN broadcasters_airing a ON a.id = r.airing_id "
        "LEFT JOIN broadcasters_channel ach ON ach.id = a.channel_id "
        "LEFT JOIN broadcasters_channel ch ON ch.id = r.channel_id",
        f"""r.made_by_id = q.house AND CASE WHEN r.airing_id IS NULL
                THEN {on_days("r.as_of")} AND r.stated_by_id <> q.house AND {partner("r.stated_by_id")}
                ELSE {during("a.started_at")} AND ach.broadcaster_id <> q.house AND {partner("ach.broadcaster_id")} END""",
        f"""({mine("r.stated_by_id")} OR {mine("r.made_by_id")} OR {mine("ach.broadcaster_id")} OR {mine("a.origin_id")}
            OR {mine("ch.broadcaster_id")})""",
    ),
    "initiative-milestones-reached": Recount(
        "broadcasters_initiativemilestone r JOIN broadcasters_initiative i ON i.id = r.initiative_id",
        f"""{on_days("r.actual_on")} AND r.owner_id = q.house AND (q.partner IS NULL OR EXISTS (SELECT 1
            FROM broadcasters_initiativeowner io WHERE io.initiative_id = i.id AND io.broadcaster_id = q.partner))""",
        party("i.module_id"),
    ),
    "guidelines-adopted": Recount(
        "broadcasters_guidelineadoption r JOIN broadcasters_guidelineversion v ON v.id = r.version_id "
        "JOIN broadcasters_guideline gl ON gl.id = v.guideline_id",
        f"""{on_days("r.adopted_on")} AND r.broadcaster_id = q.house AND (q.partner IS NULL OR EXISTS (SELECT 1
            FROM broadcasters_guidelineadoption ga WHERE ga.version_id = v.id AND ga.broadcaster_id = q.partner))""",
        party("gl.module_id"),
    ),
    "modules-reviewed": Recount(
        "broadcasters_modulereview r",
        f"""{on_days("r.last_on")} AND r.broadcaster_id = q.house AND (q.partner IS NULL OR EXISTS (SELECT 1
            FROM broadcasters_module_parties mp WHERE mp.module_id = r.module_id AND mp.broadcaster_id = q.partner))""",
        party("r.module_id"),
    ),
}

RECOUNTS: dict[str, Recount] = {**BROADCASTERS, **ARCHIVE, **TRAINING, **CORRESPONDENTS, **PRODUCTIONS, **NEWS}

# What each row falls to, "" where nothing is stated; an array where it may fall to several.
PARTS: dict[str, str] = {
    "stories-by-topic": "CASE WHEN st.topics = '{}' THEN ARRAY[''] ELSE st.topics::text[] END",
    "stories-by-language": "ARRAY[st.language::text]",
    "soundbites-by-source": "ARRAY[r.speaks_as::text]",
    "speakers-by-source": "ARRAY[r.speaks_as::text]",
    "uses-by-language": "ARRAY[coalesce(a.language, '')::text]",
    "seconds-by-language": "ARRAY[coalesce(a.language, '')::text]",
    "minutes-aired-by-language": "ARRAY[r.language::text]",
    "showings-by-language": "ARRAY[(SELECT ai.language FROM broadcasters_airing ai WHERE ai.id = r.airing_id)::text]",
}


QUESTION = """WITH q AS MATERIALIZED (SELECT %s::bigint AS house, %s::bigint AS partner,
    %s::date::timestamp AT TIME ZONE %s AS s, (%s::date + 1)::timestamp AT TIME ZONE %s AS e,
    %s::date AS first_on, %s::date AS last_on, %s::bigint AS viewer) """


def figure_sql(recount: Recount) -> str:
    """The figure. Bounds are reckoned by PostgreSQL's own knowledge of zones."""
    return f"{QUESTION} SELECT {recount.of} FROM q CROSS JOIN {recount.rows} WHERE {recount.where} AND {recount.seen}"


def parts_sql(recount: Recount, part: str) -> str:
    """Its parts with their values."""
    return f"""{QUESTION} SELECT part.part, {recount.of} FROM q CROSS JOIN {recount.rows}
        CROSS JOIN LATERAL unnest({part}) AS part (part) WHERE {recount.where} AND {recount.seen} GROUP BY part.part"""
