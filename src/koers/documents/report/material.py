"""What is read to make the report of a workshop. Call it within the administration's scope."""

from dataclasses import dataclass

from koers.assessment.instruments.structure import Dimension
from koers.assessment.models import Step, Workshop
from koers.assessment.queries.held import Held, Voted, held_in


@dataclass(frozen=True)
class Material:
    """Everything of a workshop that its report tells."""

    workshop: Workshop
    held: Held
    steps: tuple[Step, ...]

    @property
    def dimensions(self) -> tuple[Dimension, ...]:
        """The dimensions that the room talked about, in the order of the instrument."""
        return tuple(dict.fromkeys(each.dimension for each in self.held.voted))

    def of(self, dimension: Dimension) -> tuple[Voted, ...]:
        return tuple(each for each in self.held.voted if each.dimension is dimension)


def material_of(workshop: Workshop) -> Material:
    """Read a workshop, in a fixed number of queries."""
    return Material(workshop, held_in(workshop), tuple(Step.objects.filter(workshop=workshop)))
