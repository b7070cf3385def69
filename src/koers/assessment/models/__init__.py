"""The tables of measuring."""

from koers.assessment.models.instruments import InstrumentFile
from koers.assessment.models.measuring import Consensus, Measurement, Mode, Respondent, Response, Role
from koers.assessment.models.outside import OutsideReport, OutsideResult
from koers.assessment.models.workshops import Idea, IdeaKind, IdeaVote, Phase, Status, Step, StepKind, Workshop

__all__ = [
    "Consensus",
    "Idea",
    "IdeaKind",
    "IdeaVote",
    "InstrumentFile",
    "Measurement",
    "Mode",
    "OutsideReport",
    "OutsideResult",
    "Phase",
    "Respondent",
    "Response",
    "Role",
    "Status",
    "Step",
    "StepKind",
    "Workshop",
]
