"""The command ``disposisi``: one file a command, loaded only when it is called.

Exit codes: 0 done, 1 fault of ours, 2 bad input or options, 3 done with an alarm (``drift``).
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from pipeline import __version__
from pipeline.errors import DisposisiError

COMMANDS = {
    "audit": "List labels that are likely wrong; turn decisions on them into a patch.",
    "compare": "Compare a version with the champion on labelled rows.",
    "drift": "Compare a new period with an old one; exit code 3 on an alarm.",
    "evaluate": "Measure a model on labelled rows.",
    "explain": "Tell one complaint's whole story.",
    "models": "List the registered models.",
    "pick": "Choose the rows to label next.",
    "promote": "Make a model version the one that scoring uses.",
    "report": "Write a report on a model as one HTML file.",
    "retrain": "Train a challenger on history and officers' decisions; compare it with the champion.",
    "review": "Open the triage page; import scored rows, manage people.",
    "rollback": "Let the champion before the present one serve again.",
    "score": "Give each complaint its unit and urgency.",
    "serve-mlflow": "Open MLflow's pages on the project's store.",
    "train": "Train, measure, log and register a model.",
}


class LazyGroup(click.Group):
    """Loads a command's module when it is called, so that ``--help`` needs neither MLflow nor pandas."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands' names in alphabetical order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import and return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"pipeline.cli.{cmd_name.replace('-', '_')}")
        command: click.Command = module.command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=LazyGroup, context_settings={"max_content_width": 110})
@click.version_option(__version__, prog_name="disposisi")
def cli() -> None:
    """Read Indonesian public complaints and give each to the right unit, with its urgency."""


def main(args: Sequence[str] | None = None) -> Any:
    """Run the command line; every expected error is one line on stderr."""
    try:
        cli.main(args=args, prog_name="disposisi", standalone_mode=False)
    except DisposisiError as error:
        _fail(str(error), error.exit_code)
    except click.UsageError as error:
        error.show()
        sys.exit(2)
    except click.ClickException as error:
        _fail(error.format_message(), 2)
    except (click.Abort, KeyboardInterrupt):
        _fail("interrupted; nothing was written.", 1)
    except BrokenPipeError:
        # The reader of our output went away (``| head``); that is no fault.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)


def _fail(message: str, code: int) -> None:
    click.echo(f"disposisi: {message}", err=True)
    sys.exit(code)
