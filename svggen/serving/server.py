"""Running a server: the socket, the signals, the draining.

Contract. ``serve(replicas, options, host=..., port=..., on_ready=...)`` returns when the server has ended after
SIGTERM or SIGINT: the number of requests that were cut off because ``drain_seconds`` did not suffice (0: none). While
it drains, requests in hand are finished and new ones get 503; a second signal cuts them off. ``ServingError`` where
it cannot be set up (port taken, address not of this machine, open to the network without a token), ``ModelError`` where
the model cannot be loaded. ``on_ready(url)`` is called once, when the first request would be answered.
"""

from __future__ import annotations

import asyncio
import contextlib
import signal
import socket
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from svggen.errors import ModelError, ServingError
from svggen.serving.child import ChildReplica
from svggen.serving.options import Options, is_loopback
from svggen.serving.replicas import LocalReplica, Replica
from svggen.serving.service import Service

__all__ = ["all_gpus", "replicas_of", "serve"]


def serve(
    replicas: Sequence[Replica],
    options: Options = Options(),  # noqa: B008  # frozen
    *,
    host: str = "127.0.0.1",
    port: int = 8017,
    on_ready: Callable[[str], None] = lambda _: None,
) -> int:
    """See the head of this file. port 0: any that is free."""
    try:
        import uvicorn

        from svggen.serving.routes import build
    except ImportError as error:
        raise ModelError("serving needs fastapi and uvicorn; pip install 'mnemicon[serve]'") from error
    if not options.tokens and not is_loopback(host):
        raise ServingError(
            f"{host} is open to the network: give a token (MNEMICON_SERVE_TOKEN or --token-file), or serve 127.0.0.1"
        )
    listening = _listening(host, port)
    service = Service(replicas, options)
    config = uvicorn.Config(
        build(service), lifespan="on", access_log=False, log_config=None, server_header=False, timeout_keep_alive=30,
        timeout_graceful_shutdown=5,
    )  # fmt: skip
    try:
        return asyncio.run(_run(uvicorn.Server(config), service, listening, on_ready))
    finally:
        listening.close()
        for replica in replicas:
            if isinstance(replica, ChildReplica):
                replica.kill()


def replicas_of(model: str, *, workers: int = 0, gpus: Sequence[str] = (), warm: bool = True) -> list[Replica]:
    """Who draws: one child process for each GPU (CUDA_VISIBLE_DEVICES), else ``workers`` of them, else (0) this
    process itself. ModelError for a name that is none."""
    from svggen.models import get_model, model_entry

    model_entry(model)
    if gpus:
        return [ChildReplica(model, device=gpu, warm=warm) for gpu in gpus]
    if workers:
        return [ChildReplica(model, warm=warm) for _ in range(workers)]
    return [LocalReplica(get_model(model), warm=warm)]


def all_gpus() -> list[str]:
    """The indices of the GPUs of this machine, asked for in a process that ends: one that has looked at a GPU holds
    memory on it. ServingError where there are none."""
    import subprocess
    import sys

    code = "import torch; print(torch.cuda.device_count())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    count = int(done.stdout) if done.returncode == 0 and done.stdout.strip().isdigit() else 0
    if not count:
        raise ServingError("there is no GPU here that torch can use; leave --gpus out")
    return [str(index) for index in range(count)]


def _listening(host: str, port: int) -> socket.socket:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family = found[0][0]
        return socket.create_server(found[0][4][:2], family=family, backlog=512)
    except (OSError, OverflowError, UnicodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise ServingError(f"{host}:{port} cannot be served: {reason}; choose another --port or --host") from error


async def _run(server: Any, service: Service, listening: socket.socket, on_ready: Callable[[str], None]) -> int:
    cut = 0
    ending = asyncio.Event()
    server.capture_signals = contextlib.nullcontext  # uvicorn's own would close the socket before we have drained

    async def drain() -> None:
        nonlocal cut
        await ending.wait()
        cut = await service.drain()
        server.should_exit = True

    async def announce() -> None:
        await service.settled.wait()
        if service.trouble is not None:
            server.should_exit = True
        elif service.state == "ready":
            on_ready(_url(listening))

    with _signals(ending, service.hurry):
        tasks = [asyncio.create_task(drain()), asyncio.create_task(announce())]
        try:
            await server.serve(sockets=[listening])
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
    if service.trouble is not None:
        raise service.trouble
    return cut


@contextlib.contextmanager
def _signals(ending: asyncio.Event, hurry: asyncio.Event) -> Iterator[None]:
    """SIGTERM and SIGINT: the first begins to drain, the second ends that."""
    loop = asyncio.get_running_loop()

    def asked() -> None:
        (hurry if ending.is_set() else ending).set()

    kinds = (signal.SIGTERM, signal.SIGINT)
    for kind in kinds:
        with contextlib.suppress(ValueError, RuntimeError):  # not on the main thread: whoever runs us ends us
            loop.add_signal_handler(kind, asked)
    try:
        yield
    finally:
        for kind in kinds:
            loop.remove_signal_handler(kind)


def _url(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
