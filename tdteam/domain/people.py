"""Vocabularies of members, households and residents. Never kept of a resident: see `domain/privacy.py`."""

from __future__ import annotations

from enum import StrEnum


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class MemberRole(StrEnum):
    LEADER = "leader"
    DEPUTY = "deputy"
    MEMBER = "member"


class Component(StrEnum):
    """Whom a member stands for in the team (CV 793/BTTTT-THH and the communes' decisions)."""

    VILLAGE_HEAD = "village_head"
    PARTY_SECRETARY = "party_secretary"
    YOUTH_SECRETARY = "youth_secretary"
    YOUTH_UNION = "youth_union"
    WOMEN_UNION = "women_union"
    FARMERS_UNION = "farmers_union"
    VETERANS = "veterans"
    ELDERS = "elders"
    FRONT = "front"
    TEACHER = "teacher"
    HEALTH_WORKER = "health_worker"
    POLICE = "police"
    COMMUNE_OFFICER = "commune_officer"
    TELECOM = "telecom"
    OTHER = "other"


class Channel(StrEnum):
    """How a team sends its work: with this tool, on paper, or in Zalo messages."""

    APP = "app"
    PAPER = "paper"
    ZALO = "zalo"


class SubjectKind(StrEnum):
    HOUSEHOLD = "household"
    BUSINESS = "business"  # ho kinh doanh
    COOPERATIVE = "cooperative"


class Poverty(StrEnum):
    NONE = "none"
    POOR = "poor"
    NEAR_POOR = "near_poor"


class ConsentMethod(StrEnum):
    SPOKEN = "spoken"  # said to a member, face to face
    SIGNED = "signed"
