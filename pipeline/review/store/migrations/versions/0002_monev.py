"""Tables of the leaders' digests, decisions and changes; the tables of before are left as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_APPEND_ONLY = ("monev_digest", "monev_reading", "monev_decision", "monev_follow_up", "policy_change")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Apply the step."""
    _tables()
    sqlite = op.get_bind().dialect.name == "sqlite"
    for table in _APPEND_ONLY:
        if not sqlite:  # the function is of step 0001
            op.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
            )
            continue
        for change in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_no_{change.lower()} BEFORE {change} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )
        op.execute(  # INSERT OR REPLACE deletes without that trigger
            f"CREATE TRIGGER {table}_no_replace BEFORE INSERT ON {table} "
            f"WHEN EXISTS (SELECT 1 FROM {table} WHERE {_same_row(table)}) "
            f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        )


def _same_row(table: str) -> str:
    """Return when a new row of *table* would take an old one's place: with its id, or what else is there once only."""
    once = {
        "monev_digest": "(period = NEW.period AND unit = NEW.unit AND edition = NEW.edition)",
        "monev_reading": "(digest_id = NEW.digest_id AND officer_id = NEW.officer_id)",
        "monev_decision": "replaces_id = NEW.replaces_id",
        "policy_change": "withdraws_id = NEW.withdraws_id",
    }
    return " OR ".join(["id = NEW.id", *([once[table]] if table in once else [])])


def _tables() -> None:
    op.create_table(
        "monev_digest",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("content", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("published_at", _MOMENT, nullable=False),
        sa.Column("published_by", sa.String(length=100), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("period", "unit", "edition"),
    )
    op.create_table(
        "monev_reading",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("digest_id", sa.Integer(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("units", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["digest_id"], ["monev_digest.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("digest_id", "officer_id"),
    )
    op.create_index(op.f("ix_monev_reading_officer_id"), "monev_reading", ["officer_id"], unique=False)
    op.create_table(
        "monev_decision",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("period", sa.String(length=100), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("theme_id", sa.String(length=100), nullable=True),
        sa.Column("about", sa.Text(), nullable=False),
        sa.Column("decided", sa.Text(), nullable=False),
        sa.Column("follow_up", sa.Text(), nullable=False),
        sa.Column("responsible", sa.String(length=200), nullable=False),
        sa.Column("due", sa.Date(), nullable=True),
        sa.Column("replaces_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["replaces_id"], ["monev_decision.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("replaces_id"),
    )
    op.create_index("ix_monev_decision_period", "monev_decision", ["period", "unit", "id"], unique=False)
    op.create_index(op.f("ix_monev_decision_officer_id"), "monev_decision", ["officer_id"], unique=False)
    op.create_table(
        "monev_follow_up",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("decision_id", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=100), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["monev_decision.id"]),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(op.f("ix_monev_follow_up_decision_id"), "monev_follow_up", ["decision_id"], unique=False)
    op.create_index(op.f("ix_monev_follow_up_officer_id"), "monev_follow_up", ["officer_id"], unique=False)
    op.create_table(
        "policy_change",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("theme_id", sa.String(length=100), nullable=False),
        sa.Column("theme_name", sa.Text(), nullable=False),
        sa.Column("definition", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("unit", sa.String(length=200), nullable=False),
        sa.Column("change", sa.Text(), nullable=False),
        sa.Column("changed_on", sa.Date(), nullable=False),
        sa.Column("withdraws_id", sa.Integer(), nullable=True),
        sa.Column("officer_id", sa.Integer(), nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["officer_id"], ["officer.id"]),
        sa.ForeignKeyConstraint(["withdraws_id"], ["policy_change.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("withdraws_id"),
    )
    op.create_index(op.f("ix_policy_change_officer_id"), "policy_change", ["officer_id"], unique=False)
