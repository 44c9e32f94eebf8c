"""Which driver issues the queries of a protocol."""

from __future__ import annotations

from .contract import Driver
from .loadgen.drivers import LoadGen, LoadGenArrivals
from .offline import Offline
from .server.arrivals import Arrivals
from .server.driver import Bound, Server
from .streams import Streams


def driver_for(
    protocol: str,
    driver: str,
    *,
    streams: int = 1,
    latency: float | None = None,
    percentile: float = 0.99,
    rate: float | None = None,
) -> Driver:
    """Return what issues the queries of a protocol.

    The two agree on models that take long; LoadGen's own work of several microseconds a query is
    inside its latencies, and pulls the ratio of two fast models towards 1.

    Parameters
    ----------
    protocol
        ``offline``, ``single-stream``, ``multi-stream`` or ``server``.
    driver
        ``own`` or ``loadgen``.
    streams
        Samples per query of ``multi-stream``.
    latency, percentile, rate
        Of ``server``: the bound in seconds, the share of samples that must keep it, and arrivals
        per second (None: the highest rate that keeps the bound).

    Raises
    ------
    PluginError
        If LoadGen is asked for and not installed.
    ValueError
        If ``server`` has no latency bound.
    """
    by_loadgen = driver == "loadgen"
    if protocol == "server":
        if latency is None:
            msg = "protocol 'server' needs a latency bound"
            raise ValueError(msg)
        serve = LoadGenArrivals() if by_loadgen else Arrivals()
        return Server(serve, serve.name, Bound(latency, percentile), rate)
    if by_loadgen:
        return LoadGen(protocol)
    return Offline() if protocol == "offline" else Streams(streams)
