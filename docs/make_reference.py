"""Write docs/perintah.md from the commands themselves; ``tests/test_docs.py`` holds it current."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import click

from pipeline.cli import COMMANDS, cli

PATH = Path(__file__).with_name("perintah.md")
_HEAD = """# Commands

Written by `make docs` from the commands; do not edit. Exit codes: 0 done, 1 fault of ours, 2 bad input or options,
3 done with an alarm (`disposisi drift`).
"""


def reference() -> str:
    """Return the page's text."""
    parent = click.Context(cli, info_name="disposisi", max_content_width=110, terminal_width=110)
    parts = [_HEAD]
    for name in COMMANDS:
        command = cli.get_command(parent, name)
        assert command is not None
        parts += _sections(command, name, parent)
    return "\n".join(parts)


def _sections(command: click.Command, name: str, parent: click.Context) -> Iterator[str]:
    """Yield the section of a command, then those of its subcommands."""
    context = click.Context(command, info_name=name, parent=parent, max_content_width=110, terminal_width=110)
    yield f"## {context.command_path}\n\n```\n{command.get_help(context)}\n```\n"
    if isinstance(command, click.Group):
        for child in command.list_commands(context):
            subcommand = command.get_command(context, child)
            assert subcommand is not None
            yield from _sections(subcommand, child, context)


if __name__ == "__main__":
    PATH.write_text(reference(), encoding="utf-8")
