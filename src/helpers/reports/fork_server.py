"""Kernels that need not import what others imported: each is forked from one process, once it has.

That process imports what notebooks are about to and waits. A kernel is started by the `command` of its fork server, as
any kernel is: the small process that this begins stands in for the kernel, ends as it ends, and takes it along when it
is killed. Where none is forked (elsewhere than on Linux, or as the server is gone), it becomes an ordinary kernel.

This file is run by its path, also without any other package: it asks for nothing but Python.
"""

from __future__ import annotations

import ast
import atexit
import ctypes
import gc
import importlib
import json
import os
import selectors
import signal
import socket
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import NoReturn

PACKAGE = "helpers"  # whose modules bear to be imported before they are needed
SERVE, ASK = "serve", "ask"
KERNEL = "ipykernel.kernelapp"
BORN = b"born "  # what who stands for a kernel hears first; next, when it has ended, its exit code
DIES_WITH_PARENT = 1  # PR_SET_PDEATHSIG of prctl
IS_HERE = sys.platform == "linux"  # where libraries that were imported bear a fork


def imported(cells: Iterable[str]) -> list[str]:
    """What cells of code import of this package, also what may be no module of it: helpers.analyses.churn."""
    nodes = [node for cell in cells for node in ast.walk(_tree(cell)) if isinstance(node, ast.ImportFrom)]
    own = [node for node in nodes if (node.module or "").partition(".")[0] == PACKAGE]
    return list(dict.fromkeys(f"{node.module}.{name.name}" for node in own for name in node.names))


def _tree(cell: str) -> ast.Module:
    try:
        return ast.parse(cell)
    except SyntaxError:  # a line for IPython alone
        return ast.Module([], [])


class ForkServer:
    """A process that imports `modules` in an `environment`, at an address in the folder `home`."""

    def __init__(self, home: Path, modules: Iterable[str], environment: Mapping[str, str]) -> None:
        self.address = home / "fork_server"
        with socket.socket(socket.AF_UNIX) as door:
            door.bind(str(self.address))
            door.listen()
            command = [sys.executable, "-P", __file__, SERVE, str(door.fileno()), *modules]
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,  # which ends with this process, however it ends
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **environment},
                pass_fds=[door.fileno()],
                start_new_session=True,  # so that Ctrl-C is heard by this process alone
            )

    @property
    def command(self) -> list[str]:
        """What starts a kernel, given its connection file."""
        return [sys.executable, "-I", "-S", __file__, ASK, str(self.address)]

    def close(self) -> None:
        """Ends the process, and every kernel that was born of it."""
        assert self._process.stdin, "it was opened as a pipe"
        self._process.stdin.close()
        self._process.wait()


def _serve(door: socket.socket, modules: Iterable[str]) -> None:
    """Imports the modules, then gives birth to a kernel for each that asks at the door, until stdin ends."""
    for name in (KERNEL, *modules):
        with suppress(Exception):  # a kernel that needs it will say what is wrong
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # memory that the collector does not touch stays shared
    stand_ins: dict[int, socket.socket] = {}  # a kernel's process → who stands for it
    ended, wake = socket.socketpair()
    wake.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(wake.fileno())
    with selectors.DefaultSelector() as selector:
        for each in (door, ended, sys.stdin):
            selector.register(each, selectors.EVENT_READ)
        while True:
            ready = [key.fileobj for key, _events in selector.select()]
            for kernel, stand_in in list(stand_ins.items()):
                if stand_in in ready:  # it never says a word more: it is gone
                    os.kill(kernel, signal.SIGKILL)
            if ended in ready:
                ended.recv(4096)
                _let_go(stand_ins, selector)
            if sys.stdin in ready:
                break
            if door in ready:
                stand_in, _address = door.accept()
                stand_ins[_fork(stand_in, [door, ended, wake, *stand_ins.values()])] = stand_in
                selector.register(stand_in, selectors.EVENT_READ)
    for kernel in stand_ins:
        os.kill(kernel, signal.SIGKILL)
        os.waitpid(kernel, 0)


def _let_go(stand_ins: dict[int, socket.socket], selector: selectors.BaseSelector) -> None:
    """Tells those whose kernels have ended how they did."""
    for kernel in list(stand_ins):
        gone, status = os.waitpid(kernel, os.WNOHANG)
        if gone:
            stand_in = stand_ins.pop(kernel)
            selector.unregister(stand_in)
            with suppress(OSError), stand_in:  # it may be gone itself
                stand_in.sendall(str(os.waitstatus_to_exitcode(status)).encode())


def _fork(stand_in: socket.socket, others: Iterable[socket.socket]) -> int:
    """The process of a new kernel, with the folder, environment and streams of who stands for it."""
    asked, streams, _flags, _address = socket.recv_fds(stand_in, 1 << 20, 3)
    if kernel := os.fork():
        for stream in streams:
            os.close(stream)
        stand_in.sendall(BORN)
        return kernel
    ctypes.CDLL(None).prctl(DIES_WITH_PARENT, signal.SIGKILL)
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for each in (stand_in, *others):
        each.close()
    for number, stream in enumerate(streams):
        os.dup2(stream, number)
        os.close(stream)
    _live(**json.loads(asked))


def _live(folder: str, environment: dict[str, str], arguments: list[str]) -> NoReturn:
    """The life of a kernel. It ends without what libraries do last, as threads are gone that they would wait for."""
    os.setsid()
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv, code = ["ipykernel_launcher", *arguments], 1
    try:
        own = f"--IPKernelApp.parent_handle={os.getppid()}"  # it ends with the server
        importlib.import_module(KERNEL).launch_new_instance(argv=[*arguments, own])
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else int(end.code is not None)
    finally:
        atexit._run_exitfuncs()
        os._exit(code)


def _ask(address: str, arguments: list[str]) -> NoReturn:
    """Stands for a kernel that is born at the address, to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    asked = {"folder": os.getcwd(), "environment": dict(os.environ), "arguments": arguments}
    heard = b""
    with suppress(OSError), socket.socket(socket.AF_UNIX) as stand_in:
        stand_in.connect(address)
        socket.send_fds(stand_in, [json.dumps(asked).encode()], [0, 1, 2])
        while more := stand_in.recv(64):
            heard += more
    if not heard:
        os.execv(sys.executable, [sys.executable, "-m", "ipykernel_launcher", *arguments])
    code = int(heard.removeprefix(BORN) or -signal.SIGKILL)
    if code < 0:
        signal.signal(-code, signal.SIG_DFL) if -code not in (signal.SIGKILL, signal.SIGSTOP) else None
        os.kill(os.getpid(), -code)
    sys.exit(code)


if __name__ == "__main__":
    what, where, *rest = sys.argv[1:]
    _serve(socket.socket(fileno=int(where)), rest) if what == SERVE else _ask(where, rest)
