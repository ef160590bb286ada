"""The five quality words of S1 objective 2, one file each, in the order of the manual."""

from .accessible import accessible
from .accurate import accurate
from .complete import complete
from .current import current
from .timely import timely

#: ถูกต้อง ครบถ้วน ทันเวลา ง่ายต่อการเข้าถึง เป็นปัจจุบัน
MEASURES = (accurate, complete, timely, accessible, current)

__all__ = ["MEASURES", "accessible", "accurate", "complete", "current", "timely"]
