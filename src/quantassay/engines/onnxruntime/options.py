"""The options of ONNX Runtime: read, checked, and turned into sessions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.metadata import packages_distributions, version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from ...errors import ArtifactError, PluginError, nearest, reason
from ...plugins.options import read_options
from ...plugins.unreported import import_onnxruntime
from .provider_files import calibration_table
from .providers import INSTALL, PUBLISHED, checked

LEVELS = {
    "disable": "ORT_DISABLE_ALL",
    "basic": "ORT_ENABLE_BASIC",
    "extended": "ORT_ENABLE_EXTENDED",
    "all": "ORT_ENABLE_ALL",
}
SUFFIX = "ExecutionProvider"
OWN_THREADS = f"OpenVINO{SUFFIX}"
QUIET = 4  # what goes wrong comes as an exception too


def require_runtime() -> Any:
    """Import onnxruntime, or say how to get it."""
    try:
        return import_onnxruntime()
    except ModuleNotFoundError as error:
        if error.name != "onnxruntime":
            raise
        msg = (
            "engine 'onnxruntime' is not installed: pip install 'quantassay[onnx]' "
            "(or a GPU build of it, such as onnxruntime-gpu, alone: it provides the same module)"
        )
        raise PluginError(msg) from error


@cache
def runtime_version() -> str:
    """Return the version and, where it is not the plain one, the distribution of ONNX Runtime."""
    names = sorted(set(packages_distributions().get("onnxruntime", [])))
    own = str(require_runtime().__version__)
    if not names:
        return own
    if names == ["onnxruntime"]:
        return version("onnxruntime")
    return f"{own} ({' and '.join(f'{name} {version(name)}' for name in names)})"


@dataclass(frozen=True)
class OnnxOptions:
    """Providers by full name with their own options, threads within an operation, graph level."""

    providers: tuple[tuple[str, Mapping[str, str]], ...]
    threads: int
    graph: str

    @property
    def names(self) -> tuple[str, ...]:
        """The providers, in the order asked for."""
        return tuple(name for name, _ in self.providers)

    def create(self, artifact: Path, optimized: Path | None = None) -> Any:
        """Create a native session and make sure that it uses the providers asked for.

        Raises
        ------
        ArtifactError
            If the model cannot be loaded.
        PluginError
            If a provider was dropped.
        """
        ort = require_runtime()
        options = self._session_options(ort, optimized)
        try:
            session = ort.InferenceSession(
                str(artifact), options, providers=list(self.providers), enable_fallback=0
            )
        except Exception as error:
            if "lease install" in reason(error):
                raise PluginError(self._not_started(artifact)) from error
            short = ", ".join(name.removesuffix(SUFFIX) for name in self.names)
            msg = f"{artifact}: ONNX Runtime cannot load this model on {short}: {reason(error)}"
            raise ArtifactError(msg) from error
        used = session.get_providers()
        if tuple(used[: len(self.names)]) != self.names:
            raise PluginError(self._not_started(artifact, used))
        return session

    def _not_started(self, artifact: Path, used: Sequence[str] = ()) -> str:
        instead = f" (it would run on {', '.join(used)})" if used else ""
        needs = " and ".join(INSTALL[name] for name in self.names if name in INSTALL)
        install = f"; install {needs}, on a machine that has the device" if needs else ""
        return (
            f"ONNX Runtime did not start {', '.join(self.names)} for {artifact}{instead}: its "
            f"libraries or device are missing{install}"
        )

    def _session_options(self, ort: Any, optimized: Path | None) -> Any:
        options = ort.SessionOptions()
        options.intra_op_num_threads = self.threads
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.graph_optimization_level = getattr(ort.GraphOptimizationLevel, LEVELS[self.graph])
        options.log_severity_level = QUIET
        if optimized is not None:
            options.optimized_model_filepath = str(optimized)
            options.add_session_config_entry(
                "session.optimized_model_external_initializers_file_name", "weights.bin"
            )
        return options

    def graphs(self, artifact: Path) -> tuple[Any, Any]:
        """Return the model as given and as ONNX Runtime rewrote it (None where it cannot say)."""
        try:
            onnx = import_module("onnx")
        except ModuleNotFoundError as error:
            msg = "reading an ONNX graph needs onnx: pip install onnx"
            raise PluginError(msg) from error
        source = onnx.load(str(artifact), load_external_data=False)
        with TemporaryDirectory(prefix="quantassay-") as folder:
            path = Path(folder) / "optimized.onnx"
            try:
                self.create(artifact, path)
                return source, onnx.load(str(path), load_external_data=False)
            except (ArtifactError, OSError):
                return source, None


def resolved(options: Mapping[str, Any], ort: Any) -> OnnxOptions:
    """Check an engine's options.

    Raises
    ------
    PluginError
        If an option is unknown or wrong, or a provider is not there.
    """
    asked = read_options(Asked, options, "engine 'onnxruntime'")
    providers = _providers(asked.providers, ort.get_available_providers(), asked.threads)
    return OnnxOptions(providers, asked.threads, asked.graph)


@dataclass(frozen=True)
class Asked:
    """Options of the engine ``onnxruntime``, as a rubric has them.

    Parameters
    ----------
    providers
        A name or a list of names, with or without the suffix ``ExecutionProvider``, each alone or
        with its own options: ``{Tensorrt: {trt_fp16_enable: true}}``.
    threads
        Processor threads within one operation.
    graph
        How far ONNX Runtime rewrites the graph before it runs it.
    """

    providers: Any = "CPU"
    threads: int = field(default=1, metadata={"least": 1})
    graph: str = field(default="all", metadata={"choices": tuple(LEVELS)})


def _providers(
    wanted: Any, there: list[str], threads: int
) -> tuple[tuple[str, Mapping[str, str]], ...]:
    items = [wanted] if isinstance(wanted, str | Mapping) else wanted
    if not isinstance(items, list | tuple) or not items:
        msg = f"option 'providers' of engine 'onnxruntime' must be a list of names, got {wanted!r}"
        raise PluginError(msg)
    chosen = (_provider(item, there) for item in items)
    return tuple(
        (name, {**own, "num_of_threads": str(threads)} if name == OWN_THREADS else own)
        for name, own in chosen
    )


def _provider(item: Any, there: list[str]) -> tuple[str, Mapping[str, str]]:
    single = isinstance(item, Mapping) and len(item) == 1
    name, own = next(iter(item.items())) if single else (item, {})
    if own is not None and not isinstance(own, Mapping):
        msg = f"options of provider {name!r} must be a mapping of names to values, got {own!r}"
        raise PluginError(msg)
    full = _full_name(str(name), (*there, *PUBLISHED))
    options = checked(full or "", own or {})
    if full not in there:
        raise PluginError(_absent(str(name), full, there))
    calibration_table(options)
    return full, options


def _full_name(name: str, known: Iterable[str]) -> str | None:
    wanted = f"{name.removesuffix(SUFFIX)}{SUFFIX}".lower()
    return next((one for one in known if one.lower() == wanted), None)


def _absent(name: str, full: str | None, there: list[str]) -> str:
    short = [known.removesuffix(SUFFIX) for known in there]
    close = "" if full else nearest(name.removesuffix(SUFFIX).upper(), short)
    needs = INSTALL.get(full or "")
    install = (
        f"; install {needs} (in place of onnxruntime: it provides the same module)" if needs else ""
    )
    listed = ", ".join(short)
    return f"ONNX Runtime here has no provider {name!r}{close}; there are: {listed}{install}"
