"""How throughput is measured: protocol, how long, and what is asked of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field, PositiveFloat, PositiveInt, model_validator

from .fields import Name, Seconds, Strict

SERVER_ONLY = ("latency", "rate")
STREAMS = 8


class Price(Strict):
    """What the executor costs."""

    per_hour: PositiveFloat = Field(description="Of the whole executor, for one hour.")
    currency: Name = Field(description="Such as 'USD'.")


class Timing(Strict):
    """Throughput on the samples of the accuracy pass, every variant once in each random block."""

    protocol: Literal["offline", "single-stream", "multi-stream", "server"] = Field(
        "offline",
        description="offline: batches one after the other; single-stream: one sample at a time; "
        "multi-stream: 'streams' samples at a time; server: samples arrive at random.",
    )
    driver: Literal["own", "loadgen"] = Field(
        "own",
        description="What issues queries: the own loop, or MLPerf LoadGen (extra 'perf'), whose "
        "own work of microseconds a query is in its latencies.",
    )
    blocks: int | None = Field(
        None,
        ge=10,
        le=10_000,
        description="Random blocks, each variant once in each; null: as many as 'duration' has "
        "time for at 50 ms a trial, from 10 to 100; of a server 10.",
    )
    warmup: Seconds = Field(
        1.0, description="At most so long per variant, until its times are steady."
    )
    duration: Seconds = Field(5.0, description="Of measuring, all variants together.")
    streams: PositiveInt = Field(STREAMS, description="Samples per query of multi-stream.")
    latency: Seconds | None = Field(
        None, description="The bound that a server must keep, such as '15ms'."
    )
    percentile: float = Field(
        0.99, gt=0, lt=1, description="The share of a server's queries that must keep it."
    )
    rate: float | None = Field(
        None,
        ge=0.01,
        le=1e7,
        description="Queries a second that arrive at a server; null: the highest rate that keeps "
        "the bound is searched.",
    )
    saturation: bool = Field(
        True, description="Look for the number of samples a query beyond which nothing is gained."
    )
    speedup: float | None = Field(
        None,
        ge=0.001,
        le=1000,
        description="The least throughput, as a multiple of the reference's, that every candidate "
        "must reach: judged like a margin.",
    )
    price: Price | None = Field(
        None, description="For the cost of a thousand right answers; null: it is in seconds."
    )

    @model_validator(mode="after")
    def _of_its_protocol(self) -> Timing:
        if self.protocol == "server":
            if self.latency is None:
                msg = "protocol 'server' needs 'latency', such as 'latency: 15ms'"
                raise ValueError(msg)
        elif lone := next((key for key in SERVER_ONLY if getattr(self, key) is not None), None):
            msg = f"{lone!r} belongs to protocol 'server', not to {self.protocol!r}"
            raise ValueError(msg)
        # a locked rubric spells defaults out: what differs from them was declared
        if self.protocol != "multi-stream" and self.streams != STREAMS:
            msg = f"'streams' belongs to protocol 'multi-stream', not to {self.protocol!r}"
            raise ValueError(msg)
        if self.rate is not None and self.speedup is not None:
            msg = (
                "with a declared 'rate' every variant serves that rate, so that none is faster: "
                "leave out 'speedup', or 'rate' to look for the highest"
            )
            raise ValueError(msg)
        return self
