"""Programmes, workshops, people who take part, certificates and feedback, one noun per file."""

from training.models.certificate import Certificate
from training.models.enrolment import Attendance, CheckInFailure, Enrolment, Notice
from training.models.feedback import (
    Choice,
    FeedbackAnswer,
    FeedbackForm,
    FeedbackInvitation,
    FeedbackResponse,
    Question,
)
from training.models.participant import Consent, Participant
from training.models.programme import Programme
from training.models.session import Session
from training.models.workshop import Material, SeatQuota, Trainer, Workshop

__all__ = [
    "Attendance",
    "Certificate",
    "CheckInFailure",
    "Choice",
    "Consent",
    "Enrolment",
    "FeedbackAnswer",
    "FeedbackForm",
    "FeedbackInvitation",
    "FeedbackResponse",
    "Material",
    "Notice",
    "Participant",
    "Programme",
    "Question",
    "SeatQuota",
    "Session",
    "Trainer",
    "Workshop",
]
