"""One performance test of MLPerf LoadGen: settings, answers, log, and no way out but by its end."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType, ModuleType, TracebackType
from typing import Any

from quantassay.errors import PluginError

from .log import Samples, samples

SCENARIOS = {
    "offline": "Offline",
    "single-stream": "SingleStream",
    "multi-stream": "MultiStream",
    "server": "Server",
}
MOST_SEED = 2**63
#: says that samples are complete
Complete = Callable[[list[int]], None]
#: answers the samples issued, in their order, and says so
Serve = Callable[[list[int], Complete], None]


def loadgen() -> ModuleType:
    """Return the module of LoadGen.

    Raises
    ------
    PluginError
        If it is not installed.
    """
    try:
        import mlperf_loadgen
    except ImportError as error:
        msg = "MLPerf LoadGen is not installed: pip install 'quantassay[perf]', or 'driver: own'"
        raise PluginError(msg) from error
    return mlperf_loadgen  # type: ignore[no-any-return]


def loadgen_name() -> str:
    """Return the name of LoadGen with its version."""
    return f"MLPerf LoadGen {version('mlcommons-loadgen')}"


def tested(
    protocol: str, queries: int, expected: int, settings: dict[str, Any], seed: int, serve: Serve
) -> Samples:
    """Run one performance test of LoadGen and return what it logged.

    Parameters
    ----------
    protocol
        Chooses LoadGen's scenario.
    queries, expected
        Queries that it issues, and samples of all of them.
    settings
        Further fields of its ``TestSettings``.
    seed
        Of its random numbers.
    serve
        Answers what was issued, and says so by the same numbers. What it raises is raised here,
        once LoadGen has been told that all is complete: it has no other end.

    Raises
    ------
    InputError
        If LoadGen says that the test did not run as asked.
    """
    lg = loadgen()
    with TemporaryDirectory(prefix="quantassay-loadgen-") as folder, _Answering(lg, serve) as issue:
        sut = lg.ConstructFastSUT(issue, _nothing)
        qsl = lg.ConstructQSL(expected, expected, _nothing, _nothing)
        try:
            chosen = _settings(lg, protocol, queries, settings, seed)
            # LoadGen obeys an audit.config in the working directory unless another is named
            audit = str(Path(folder) / "none.config")
            lg.StartTestWithLogSettings(sut, qsl, chosen, _logs(lg, folder), audit)
        finally:
            lg.DestroyQSL(qsl)
            lg.DestroyFastSUT(sut)
        issue.raise_what_was_raised()
        return samples(Path(folder), expected)


class _Answering:
    """Hands what LoadGen issues to the variant, and keeps what is raised until the test is over.

    An exception that reached LoadGen would end the process, and a sample that is never completed
    would keep it waiting for ever: once something was raised, all that is issued is complete at
    once. An interrupt is kept likewise, since it could fall between the two.
    """

    def __init__(self, lg: ModuleType, serve: Serve) -> None:
        self._lg, self._serve = lg, serve
        self._error: BaseException | None = None
        self._done = 0
        self._handler: Any = None

    def __call__(self, issued: list[int], indices: list[int]) -> None:
        self._done = 0
        if self._error is None:
            try:
                self._serve(issued, self._complete)
            except BaseException as error:
                self._error = self._error or error
        if left := issued[self._done :]:
            self._tell(left)

    def _complete(self, issued: list[int]) -> None:
        self._tell(issued)
        self._done += len(issued)
        if self._error is not None:
            raise self._error

    def _tell(self, issued: list[int]) -> None:
        response = self._lg.QuerySampleResponse
        self._lg.QuerySamplesComplete([response(one, 0, 0) for one in issued])

    def raise_what_was_raised(self) -> None:
        """Raise the first exception of the variant, or the interrupt, if there was one."""
        if self._error is not None:
            raise self._error

    def __enter__(self) -> _Answering:
        main = threading.current_thread() is threading.main_thread()
        self._handler = signal.getsignal(signal.SIGINT) if main else None
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._interrupted)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._handler is not None:
            signal.signal(signal.SIGINT, self._handler)

    def _interrupted(self, number: int, frame: FrameType | None) -> None:
        self._error = self._error or KeyboardInterrupt()


def _settings(
    lg: ModuleType, protocol: str, queries: int, further: dict[str, Any], seed: int
) -> Any:
    """Return settings of a test that ends after exactly so many queries, however long it takes."""
    chosen = lg.TestSettings()
    chosen.scenario = getattr(lg.TestScenario, SCENARIOS[protocol])
    chosen.mode = lg.TestMode.PerformanceOnly
    chosen.min_query_count, chosen.max_query_count = queries, 0
    chosen.min_duration_ms, chosen.max_duration_ms = 0, 0
    for key in ("qsl_rng_seed", "sample_index_rng_seed", "schedule_rng_seed"):
        setattr(chosen, key, seed % MOST_SEED)
    for key, value in further.items():
        setattr(chosen, key, value)
    return chosen


def _logs(lg: ModuleType, folder: str) -> Any:
    """Return settings that log to a folder alone, each sample in the trace."""
    output = lg.LogOutputSettings()
    output.outdir = folder
    output.copy_summary_to_stdout = output.copy_detail_to_stdout = False
    logs = lg.LogSettings()
    logs.log_output, logs.enable_trace = output, True
    return logs


def _nothing(*of_it: object) -> None:
    """Stand in for loading samples, which are in memory, and for flushing, as none wait."""
