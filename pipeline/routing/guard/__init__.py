"""Guard for *berkadar pengawasan*: which reports accuse a holder of public authority of a breach, and whom."""

from pipeline.routing.guard.find import Accusation, Guard

__all__ = ["Accusation", "Guard"]
