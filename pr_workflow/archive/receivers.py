"""What the archive does when other steps announce something."""

import logging

from kombu.exceptions import OperationalError

from .jobs import archive_tick

logger = logging.getLogger(__name__)


def archive_soon(sender, **kwargs):
    """An item was verified or a delivery settled: keep it now. The tick would find it anyway."""
    try:
        archive_tick.apply_async()
    except (OperationalError, OSError) as error:
        logger.warning("no archive job ordered, the tick will do it: %s", error)
