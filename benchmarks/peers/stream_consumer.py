#!/usr/bin/env python3
"""The application's job as a Python team would write it: confluent-kafka, fastavro and torch.func, in batches.

Consumes feature records, explains them, and produces contribution matrices, reduced contributions and verification
metrics with the input's key and timestamp. At least once: offsets are committed after the outputs are acknowledged.
Exactly once: outputs and offsets are one transaction. One process per core beats one process with as many torch
threads, because decoding and encoding hold the interpreter's lock; ``--processes`` starts them.
"""

from __future__ import annotations

import argparse
import math
import multiprocessing
import os
import signal
import sys
import time
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from types import FrameType

import torch
from confluent_kafka import Consumer, KafkaError, KafkaException, Message, Producer, TopicPartition

from bundle_encoder import load_bundle
from explanation import Explainer, Explanation
from messages import ContributionWriter, FeatureReader, register

_OUTPUTS = {
    "ProjectedContribution": "projected",
    "ReducedContribution": "reduced",
    "VerificationMetric": "verification",
}
_IDLE_SECONDS = 0.05


class Outputs:
    """Sends what a batch gave, and remembers the first failure."""

    def __init__(self, settings: argparse.Namespace, number: int) -> None:
        self._failure: KafkaError | None = None
        self.producer = Producer(
            {
                "bootstrap.servers": settings.bootstrap,
                "linger.ms": 5,
                "batch.size": 1 << 20,
                "batch.num.messages": 10_000,
                "compression.type": "lz4",
                "partitioner": "murmur2_random",
                "queue.buffering.max.messages": 1_000_000,
                "queue.buffering.max.kbytes": 1 << 20,
                "message.max.bytes": 16 << 20,
                "enable.idempotence": True,  # as Kafka Streams' producers
                "delivery.report.only.error": True,
            }
            | ({"transactional.id": f"{settings.group}-{number}"} if settings.transactions else {})
        )

    def send(self, topic: str, value: bytes, timestamp: int, key: bytes | None = None) -> None:
        """Waits where the client's queue is full. (produce_batch takes no timestamps.)"""
        while True:
            try:
                return self.producer.produce(topic, value, key, timestamp=timestamp, on_delivery=self._delivered)
            except BufferError:
                self.producer.poll(0.1)

    def _delivered(self, error: KafkaError | None, _: Message) -> None:
        self._failure = self._failure or error

    def check(self) -> None:
        if self._failure is not None:
            raise KafkaException(self._failure)


class Worker:
    """One process: its consumer, its producer, its encoder."""

    def __init__(self, settings: argparse.Namespace, number: int) -> None:
        torch.set_num_threads(settings.torch_threads)
        self._settings = settings
        self._topics = {name: getattr(settings, option) for name, option in _OUTPUTS.items()}
        bundle = load_bundle(settings.bundle)
        headers = {
            name: register(settings.registry, f"{topic}-value", settings.schemas, name)
            for name, topic in self._topics.items()
        }
        self._reader = FeatureReader(settings.schemas)
        self._explainer = Explainer(bundle)
        self._writer = ContributionWriter(bundle, settings.schemas, headers)
        self._outputs = Outputs(settings, number)
        self._consumer = _consumer(settings)
        self._stopping = False
        self._rebalanced = False
        self._next: dict[int, int] = {}  # by partition: the offset after what was taken
        self._done: dict[int, int] = {}  # by partition: the offset after what was sent
        self._uncommitted: set[int] = set()  # partitions
        self._uncommitted_since = math.inf  # time.monotonic()

    def stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._stopping = True

    def run(self) -> None:
        if self._settings.transactions:
            self._outputs.producer.init_transactions()
        self._consumer.subscribe([self._settings.features], on_revoke=self._revoked)
        interval = self._settings.commit_interval_ms / 1e3
        while not self._stopping:
            if time.monotonic() - self._uncommitted_since >= interval:
                self._commit()
            messages = self._batch(min(interval, _IDLE_SECONDS))
            if messages:
                self._begin()
                self._process(messages)
        self._commit()
        self._consumer.close()

    def _begin(self) -> None:
        if not self._uncommitted:
            self._uncommitted_since = time.monotonic()
            if self._settings.transactions:
                self._outputs.producer.begin_transaction()

    def _batch(self, patience: float) -> list[Message]:
        """What is there now, at most a batch; waits the linger for more only where something came."""
        settings = self._settings
        first = self._consumer.consume(1, patience)
        if not first:
            return []
        messages = first + self._consumer.consume(settings.batch_size - 1, settings.linger_ms / 1e3)
        for message in messages:
            if message.error() is not None:
                raise KafkaException(message.error())
        return self._ours(messages)

    def _ours(self, messages: list[Message]) -> list[Message]:
        """Without those of partitions that went away while the batch was gathered, or that came twice for it."""
        if self._rebalanced:
            assigned = {place.partition for place in self._consumer.assignment()}
            messages = [message for message in messages if message.partition() in assigned]
        self._rebalanced = False
        ours = []
        for message in messages:
            partition, offset = message.partition(), message.offset()
            if offset >= self._next.get(partition, 0):
                self._next[partition] = offset + 1
                ours.append(message)
        return ours

    def _revoked(self, *_: object) -> None:
        self._commit()
        self._rebalanced = True

    def _process(self, messages: Sequence[Message]) -> None:
        rows, ids = self._reader.rows(messages)
        explanation = self._explainer.explain(rows)
        encoded = self._writer.encode(messages, ids, explanation)
        projected, reduced = (self._topics[name] for name in ("ProjectedContribution", "ReducedContribution"))
        for message, values in zip(messages, encoded, strict=True):
            key, timestamp = message.key(), message.timestamp()[1]
            self._outputs.send(projected, values[0], timestamp, key)
            self._outputs.send(reduced, values[1], timestamp, key)
        self._outputs.producer.poll(0)
        self._outputs.check()
        self._send_verification(messages, explanation)
        for message in messages:
            self._done[message.partition()] = message.offset() + 1
        self._uncommitted.update(message.partition() for message in messages)

    def _send_verification(self, messages: Sequence[Message], explanation: Explanation) -> None:
        places = sorted(range(len(messages)), key=lambda i: messages[i].partition())
        for _, group in groupby(places, key=lambda i: messages[i].partition()):
            rows = list(group)
            part = [messages[i] for i in rows]
            value = self._writer.verification(part, explanation.rows(rows))
            self._outputs.send(self._topics["VerificationMetric"], value, part[-1].timestamp()[1])

    def _commit(self) -> None:
        """What was processed so far; also before partitions go to another process."""
        if not self._uncommitted:
            return
        producer, consumer = self._outputs.producer, self._consumer
        offsets = [
            TopicPartition(self._settings.features, partition, self._done[partition]) for partition in self._uncommitted
        ]
        self._uncommitted.clear()
        self._uncommitted_since = math.inf
        if self._settings.transactions:
            producer.send_offsets_to_transaction(offsets, consumer.consumer_group_metadata())
            producer.commit_transaction()
        else:
            producer.flush()
            self._outputs.check()
            consumer.commit(offsets=offsets, asynchronous=False)


def _consumer(settings: argparse.Namespace) -> Consumer:
    return Consumer(
        {
            "bootstrap.servers": settings.bootstrap,
            "group.id": settings.group,
            "auto.offset.reset": "earliest",
            "enable.auto.commit": False,
            "isolation.level": "read_committed",
            "fetch.min.bytes": 1,
            "fetch.wait.max.ms": 100,
            "max.partition.fetch.bytes": 16 << 20,
            "queued.min.messages": 100_000,
            "queued.max.messages.kbytes": 256 << 10,
            "check.crcs": False,
        }
    )


def _work(settings: argparse.Namespace, number: int) -> None:
    worker = Worker(settings, number)
    signal.signal(signal.SIGTERM, worker.stop)
    signal.signal(signal.SIGINT, worker.stop)
    worker.run()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bootstrap", required=True, metavar="HOST:PORT")
    parser.add_argument("--registry", required=True, metavar="URL")
    parser.add_argument("--bundle", required=True, type=Path, metavar="DIR", help="a bundle with a layers section")
    parser.add_argument("--schemas", required=True, type=Path, metavar="DIR", help="the .avsc files")
    parser.add_argument("--group", required=True)
    parser.add_argument("--features", required=True, metavar="TOPIC")
    for option in _OUTPUTS.values():
        parser.add_argument(f"--{option}", required=True, metavar="TOPIC")
    parser.add_argument("--transactions", action="store_true", help="exactly once")
    parser.add_argument("--batch-size", type=int, default=1024, metavar="N", help="records; default: %(default)s")
    parser.add_argument("--linger-ms", type=int, default=10, metavar="N", help="default: %(default)s")
    parser.add_argument("--commit-interval-ms", type=int, default=100, metavar="N", help="default: %(default)s")
    parser.add_argument("--processes", type=int, default=1, metavar="N", help="default: %(default)s")
    parser.add_argument("--torch-threads", type=int, default=1, metavar="N", help="of each process; default: 1")
    return parser


def main() -> int:
    """Run until SIGTERM; returns 1 when a process failed."""
    settings = _parser().parse_args()
    if settings.processes == 1:
        _work(settings, 0)
        return 0
    # librdkafka and torch do not survive a fork.
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=_work, args=(settings, i)) for i in range(settings.processes)]
    for worker in workers:
        worker.start()
    signal.signal(signal.SIGTERM, lambda *_: [os.kill(worker.pid, signal.SIGTERM) for worker in workers])
    for worker in workers:
        worker.join()
    return max(abs(worker.exitcode or 0) for worker in workers)


if __name__ == "__main__":
    sys.exit(main())
