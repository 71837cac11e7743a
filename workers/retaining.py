"""Until when a document is kept."""

from archive.retention import RetentionDecision
from documents.model import Tag
from workers.services import Services


def retention_of(services: Services, tags: tuple[Tag, ...]) -> RetentionDecision:
    """Say until when a document of these tags is kept, and by which rule.

    The end of the dossier's work is not known here, so no term of years can be counted yet.
    """
    values = {tag.name: tag.value for tag in tags}
    return services.schedule.decide(values.get("component_type"), values.get("procedure"), None)
