"""One tree of errors.

DisposisiError            exit code 1: a fault of ours
└── UserError             exit code 2: something the user can mend
    ├── OptionError       a wrong option or setting
    ├── InputError        a wrong input file, row or column
    │   ├── MissingColumnError
    │   └── DataError     the rows are readable, but cannot be trained or measured on
    ├── ModelError        a model that cannot be used
    │   ├── ModelNotFoundError
    │   ├── ArtefactError     damaged, swapped, foreign, newer or of another text version
    │   └── GateError         it did not pass the gates, so it does not become champion
    └── ReviewError       the triage store or page refuses; the messages of the last three are Indonesian
        ├── ForbiddenError    the person's role or units do not allow it
        ├── LockedError       another officer has the complaint open
        └── ConflictError     another officer was quicker, or what was seen is out of date
"""

from __future__ import annotations


class DisposisiError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code = 1


class UserError(DisposisiError):
    """The user can mend it: the message says where it is and what to do."""

    exit_code = 2


class OptionError(UserError):
    """An option or a setting has a wrong value."""


class InputError(UserError):
    """An input cannot be read.

    The message reads ``FILE, row R, column C: WHAT. HINT``; the parts that are unknown are left out.
    It never holds a cell's text, for that may be personal data.
    """

    def __init__(
        self,
        what: str,
        *,
        file: str | None = None,
        row: int | None = None,
        column: str | None = None,
        hint: str | None = None,
    ) -> None:
        place = [
            part
            for part in (
                file,
                None if row is None else f"row {row}",
                None if column is None else f"column {column!r}",
            )
            if part
        ]
        text = f"{', '.join(place)}: {what}" if place else what
        super().__init__(f"{text.rstrip('.')}. {hint}" if hint else text)
        self.file, self.row, self.column = file, row, column


class MissingColumnError(InputError):
    """A needed column is not in the file."""


class DataError(InputError):
    """The rows are readable, but training or measuring on them is not possible."""


class ModelError(UserError):
    """A model cannot be used."""


class ModelNotFoundError(ModelError):
    """No such model, version or alias in the store."""


class ArtefactError(ModelError):
    """A stored model is damaged, swapped, foreign, newer, or made with another text preprocessor."""


class GateError(ModelError):
    """A model did not pass the gates beside the champion, or was never compared with it."""


class ReviewError(UserError):
    """The triage store or page refuses."""


class ForbiddenError(ReviewError):
    """The person's role or units do not allow it."""


class LockedError(ReviewError):
    """Another officer has the complaint open."""


class ConflictError(ReviewError):
    """Another officer was quicker, or what was seen is out of date."""
