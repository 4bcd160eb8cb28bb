"""Every table; importing this registers them all with the metadata."""

from tdteam.store.tables.account import Account, AccountPlace, SignInAttempt
from tdteam.store.tables.attention import RuleLimit, Sample, SampleLine, SetAside
from tdteam.store.tables.audit import Audit
from tdteam.store.tables.board import Sheet
from tdteam.store.tables.catalogue import (
    AssistKind,
    AssistKindOutcome,
    Cause,
    Indicator,
    Procedure,
    Setting,
    Target,
)
from tdteam.store.tables.document import Document, DocumentIndicator, DocumentTie
from tdteam.store.tables.evidence import Evidence, RecordPhoto
from tdteam.store.tables.figures import Adjustment, Declared, Reached, StockState, Tally, TeamTally
from tdteam.store.tables.household import Attainment, Household, Resident
from tdteam.store.tables.map import Shape
from tdteam.store.tables.outreach import Outreach, OutreachVillage, Proposal
from tdteam.store.tables.phone import AccountPin, Device, Slip
from tdteam.store.tables.place import Place, PlaceAlias, PlaceAncestor, PlaceParent
from tdteam.store.tables.report import Confirmation, PaperSetting, PeriodState, Report
from tdteam.store.tables.sealing import Paper, ReportStep, ReportWording, Review, Sealing, SignedCopy
from tdteam.store.tables.sync import Inbox, PhoneSequence, Satisfaction
from tdteam.store.tables.team import Member, Membership, Team, TeamVillage, Training
from tdteam.store.tables.token import ApiToken
from tdteam.store.tables.upload import Upload, UploadChange, UploadFile
from tdteam.store.tables.village_model import (
    ModelItem,
    ModelTick,
    ModelVillage,
    Sponsor,
    VillageGround,
    VillageModel,
)
from tdteam.store.tables.visit import (
    Assist,
    Filing,
    FilingVersion,
    Gathering,
    GatheringHousehold,
    Visit,
    VisitMember,
)

__all__ = [
    "Account",
    "AccountPin",
    "AccountPlace",
    "Adjustment",
    "ApiToken",
    "Assist",
    "AssistKind",
    "AssistKindOutcome",
    "Attainment",
    "Audit",
    "Cause",
    "Confirmation",
    "Declared",
    "Device",
    "Document",
    "DocumentIndicator",
    "DocumentTie",
    "Evidence",
    "Filing",
    "FilingVersion",
    "Gathering",
    "GatheringHousehold",
    "Household",
    "Inbox",
    "Indicator",
    "Member",
    "Membership",
    "ModelItem",
    "ModelTick",
    "ModelVillage",
    "Outreach",
    "OutreachVillage",
    "Paper",
    "PaperSetting",
    "PeriodState",
    "PhoneSequence",
    "Place",
    "PlaceAlias",
    "PlaceAncestor",
    "PlaceParent",
    "Procedure",
    "Proposal",
    "Reached",
    "RecordPhoto",
    "Report",
    "ReportStep",
    "ReportWording",
    "Resident",
    "Review",
    "RuleLimit",
    "Sample",
    "SampleLine",
    "Satisfaction",
    "Sealing",
    "SetAside",
    "Setting",
    "Shape",
    "Sheet",
    "SignInAttempt",
    "SignedCopy",
    "Slip",
    "Sponsor",
    "StockState",
    "Tally",
    "Target",
    "Team",
    "TeamTally",
    "TeamVillage",
    "Training",
    "Upload",
    "UploadChange",
    "UploadFile",
    "VillageGround",
    "VillageModel",
    "Visit",
    "VisitMember",
]
