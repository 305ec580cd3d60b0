"""``disposisi review``: the triage page; its subcommands import, export, erase, and manage people, keys and units."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.review_data import export_command, forget_command, import_command
from pipeline.cli.review_options import database_option, the_store
from pipeline.cli.review_people import token_group, unit_group, user_group
from pipeline.errors import ModelNotFoundError, OptionError

if TYPE_CHECKING:
    import logging
    import socket

    from pipeline.settings import Settings

_BACKLOG = 512
_MOST_AT_ONCE = 400
"""Connections; who comes when there are more is told to come again, so that slow senders cannot pile up."""
_PROXIES = "127.0.0.0/8,::1"
_GRACE = 5
"""Seconds that a page under way has when the server is ended."""


@click.group("review", invoke_without_command=True)
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port to listen on.")
@database_option
@click.option("--model", metavar="NAME[@alias|/version]", help="Model that POST /api/skor uses; default: score's.")
@click.option("--tls-cert", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Certificate (PEM).")
@click.option("--tls-key", metavar="FILE", type=click.Path(exists=True, dir_okay=False), help="Its private key (PEM).")
@click.option(
    "--behind-proxy",
    is_flag=True,
    help="A proxy on this machine speaks TLS: believe its X-Forwarded-For and X-Forwarded-Proto.",
)
@click.option(
    "--watch",
    metavar="SECONDS",
    type=click.FloatRange(min=1),
    help="Look so often whether another version was promoted; POST /api/skor then uses it. Default: at the next start.",
)
@click.pass_context
def command(
    context: click.Context,
    host: str,
    port: int,
    database: str | None,
    model: str | None,
    tls_cert: str | None,
    tls_key: str | None,
    behind_proxy: bool,
    watch: float | None,
) -> None:
    """Open the triage page, where officers see what was suggested and decide; Ctrl-C ends it.

    Bring in the rows that `disposisi score` wrote with `disposisi review import`, and add who may log in with
    `disposisi review user add`.
    """
    if context.invoked_subcommand is not None:
        return
    if (tls_cert is None) != (tls_key is None):
        raise OptionError("--tls-cert and --tls-key belong together. Give both.")
    from pipeline.review.web.security import is_loopback

    if behind_proxy and not is_loopback(host):
        raise OptionError(
            f"--behind-proxy believes whoever connects, and --host {host} can be reached past the proxy. Run the proxy "
            "on this machine and keep 127.0.0.1."
        )
    secure = tls_cert is not None or behind_proxy
    if not secure and not is_loopback(host):
        raise OptionError(
            f"--host {host} can be reached from other machines, and passwords would cross the network in the clear. "
            "Give --tls-cert and --tls-key, or keep 127.0.0.1 (--behind-proxy: a proxy on this machine speaks TLS)."
        )
    from pipeline.catalogue.holidays import Calendar
    from pipeline.review.people import list_people
    from pipeline.review.web.app import create_app
    from pipeline.settings import load_settings

    settings = load_settings()
    with the_store(database) as store:
        with store.read() as session:
            nobody = not list_people(session)
        if nobody:
            _note("Nobody can log in yet. Add a person: disposisi review user add LOGIN --name NAME --role petugas")
        holidays = settings.decisions.holidays
        app = create_app(
            store,
            timezone=settings.review.timezone,
            score=_scorer(settings, model, watch),
            secure_cookie=secure,
            calendar=None if holidays is None else Calendar.from_file(holidays),
        )
        with _listen(host, port) as listener:
            address = f"[{host}]" if ":" in host else host
            place = f"{'https' if tls_cert else 'http'}://{address}:{listener.getsockname()[1]}"
            _note(f"Triage page on {place} (store: {store.engine.url.render_as_string(hide_password=True)})")
            _serve(app, listener, tls_cert, tls_key, behind_proxy=behind_proxy)


def _serve(app: Any, listener: socket.socket, cert: str | None, key: str | None, *, behind_proxy: bool) -> None:
    import logging

    import uvicorn

    config = uvicorn.Config(
        app,
        ssl_certfile=cert,
        ssl_keyfile=key,
        proxy_headers=behind_proxy,
        forwarded_allow_ips=_PROXIES,
        access_log=False,  # an address holds the words that were searched for
        server_header=False,
        log_level="warning",
        workers=1,
        ws="none",
        limit_concurrency=_MOST_AT_ONCE,
        timeout_graceful_shutdown=_GRACE,
    )
    logging.getLogger("uvicorn.error").addFilter(_without_trace)
    logging.getLogger("python_multipart").setLevel(logging.ERROR)  # its warnings quote broken forms
    try:
        config.load()
    except OSError as error:
        raise OptionError(f"{cert}: no certificate that fits {key} ({error.strerror or error}).") from error
    try:
        uvicorn.Server(config).run(sockets=[listener])
    except KeyboardInterrupt:
        return  # the way to end it


def _without_trace(record: logging.LogRecord) -> bool:
    """Leave out what a fault says, which may hold a citizen's words; the application logs its kind and place."""
    record.exc_info = None
    return True


def _listen(host: str, port: int) -> socket.socket:
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=_BACKLOG)
    except OSError as error:
        raise OptionError(f"{host}:{port} cannot be listened on ({error.strerror}). Choose another --port.") from error


def _scorer(
    settings: Settings, model: str | None, watch: float | None = None
) -> Callable[[list[str]], list[dict[str, Any]]] | None:
    """Return what scores texts for the API, its model loaded at the first call; ``None`` where there is no model."""
    import threading

    from pipeline.cli.options import run_options
    from pipeline.scoring.watching import WatchedRouter
    from pipeline.tracking.locate import find_folder

    reference = model or settings.scoring.model
    try:
        find_folder(settings.store, reference)
    except ModelNotFoundError:
        if model is not None:
            raise
        _note("No model yet: POST /api/skor is off. Train one, or score a file once: disposisi score")
        return None
    alone = threading.Lock()
    watched = WatchedRouter(settings.store, reference, watch, _note)

    def score(texts: list[str]) -> list[dict[str, Any]]:
        with alone:
            options = run_options(settings, precision=None, holidays=None, today=None, whole=False)
            rows = watched.router().score(texts, options=options).to_dict("records")
            return [{str(name): value for name, value in row.items()} for row in rows]

    return score


def _note(line: str) -> None:
    click.echo(line, err=True)


for _subcommand in (import_command, export_command, forget_command, user_group, token_group, unit_group):
    command.add_command(_subcommand)
