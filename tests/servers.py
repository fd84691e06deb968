"""Servers of our own: PostgreSQL and Redis on free ports, in folders that are gone afterwards."""

import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Container, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
from sqlalchemy import Table
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable
from sqlalchemy.sql.elements import ClauseElement

from house import tools
from store import sqlite
from store.schema import Row
from tests.ports import free_port

FAST = ("fsync=off", "full_page_writes=off", "shared_buffers=64MB", "max_connections=300")


def program(name: str) -> str:
    """Where it is; ``name`` as in ``house.tools``. Not there: a failure in CI, elsewhere a skip."""
    found = tools.find(name)
    if found is not None:
        return str(found)
    sentence = f"{name} is not installed (Debian: {tools.TOOLS[name].package})"
    if tools.in_ci():
        pytest.fail(sentence)
    pytest.skip(sentence)


@dataclass
class Server:
    """One program that listens on one port. It may be stopped and started again."""

    command: list[str]
    port: int
    folder: Path
    end: signal.Signals = signal.SIGTERM
    ready: Callable[[], bool] = lambda: True
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.process = subprocess.Popen(
            self.command,
            cwd=self.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            **nobody_special(),
        )
        wait_for(self.port)
        wait_until(self.ready)

    def stop(self) -> None:
        if self.process is not None:
            self.thaw()
            self.process.send_signal(self.end)
            self.process.wait()
            self.process = None

    def freeze(self) -> None:
        """It hangs: connections stay, no answer comes."""
        self._tell(signal.SIGSTOP)

    def thaw(self) -> None:
        self._tell(signal.SIGCONT)

    def _tell(self, word: signal.Signals) -> None:
        """The program and what it has started."""
        assert self.process is not None
        parent = psutil.Process(self.process.pid)
        for process in (parent, *parent.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(word)


@contextmanager
def running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def nobody_special() -> Any:
    """PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {}
    return {"user": "nobody", "group": "nogroup", "extra_groups": []}


@contextmanager
def folder() -> Iterator[Path]:
    """A folder that a server may call its own."""
    with tempfile.TemporaryDirectory(prefix="motcua-", ignore_cleanup_errors=True) as name:
        if os.geteuid() == 0:
            shutil.chown(name, "nobody", "nogroup")
        yield Path(name)


@contextmanager
def postgres() -> Iterator[Server]:
    """PostgreSQL. Trust, for it listens on loopback and lives for minutes."""
    binary = Path(program("PostgreSQL")).resolve()
    with folder() as home:
        data = str(home / "data")
        make = [
            str(binary.with_name("initdb")),
            "-D",
            data,
            "-U",
            "motcua",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
        ]
        subprocess.run(make, cwd=home, check=True, capture_output=True, **nobody_special())
        port = free_port()
        options = [word for setting in FAST for word in ("-c", setting)]
        status = home / "data" / "postmaster.pid"
        command = [str(binary), "-D", data, "-h", "127.0.0.1", "-p", str(port), "-k", "", *options]
        with running(
            Server(command, port, home, signal.SIGINT, lambda: "ready" in status.read_text())
        ) as server:
            yield server


@contextmanager
def redis() -> Iterator[Server]:
    binary, port = program("Redis"), free_port()
    with folder() as home:
        command = [binary, "--port", str(port), "--bind", "127.0.0.1", "--save", ""]
        with running(Server(command, port, home)) as server:
            yield server


def tables(dialect: Dialect, only: Container[Table] | None = None) -> str:
    """What makes every table that has been described so far, those of tests too, or some."""
    made: list[ClauseElement] = []
    for table in Row.metadata.sorted_tables:
        if only is None or table in only:
            made += [CreateTable(table), *map(CreateIndex, table.indexes)]
    return ";\n".join(str(one.compile(dialect=dialect)) for one in made)


def make_sqlite(file: Path) -> None:
    """A database with every table that has been described so far."""
    with closing(sqlite3.connect(file)) as connection:
        connection.executescript(tables(sqlite.DIALECT))


def wait_for(port: int) -> None:
    """Until somebody listens there."""

    def listens() -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    wait_until(listens)


def wait_until(ready: Callable[[], bool]) -> None:
    for _ in range(1000):
        if ready():
            return
        time.sleep(0.01)
    raise TimeoutError("it does not start")
