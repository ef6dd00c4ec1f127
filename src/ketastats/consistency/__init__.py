"""Are printed numbers possible together, and under which assumptions?"""

from ._base import Consistency

__all__ = ["Consistency"]
