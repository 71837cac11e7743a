"""Which stages go through which queue of the distributed set-up: the long apart from the short."""

QUEUES = {
    "reading": ("read",),
    "pages": ("open", "inspect", "split", "classify"),
    "signing": ("assemble", "sign", "archive", "record"),
    "indexing": ("index",),
}
QUEUE_OF_STAGE = {stage: queue for queue, stages in QUEUES.items() for stage in stages}
