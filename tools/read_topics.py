#!/usr/bin/env python3
"""Read Kafka topics with an independent client and Avro reader, and print one JSON object per record.

Uses librdkafka (confluent-kafka) and fastavro, and plain HTTP for the schema registry: nothing here shares code with
the writer, so what it prints is what any reader in any language can see. It reads from the beginning to the end of
every partition, then stops.
"""

from __future__ import annotations

import argparse
import io
import json
import logging
import math
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime, time
from typing import Any

import fastavro
from confluent_kafka import OFFSET_BEGINNING, Consumer, KafkaError, KafkaException, Message, TopicPartition

_MAGIC = 0
_HEADER_BYTES = 5  # magic byte, then the schema id as a big-endian 32-bit integer
_POLL_SECONDS = 1.0
_TIMEOUT_SECONDS = 15.0
_RAW_SUFFIX = "dead-letter"


class ReadError(Exception):
    """A topic, the registry or a record cannot be read; the message says which and why, in one line."""


class SchemaRegistry:
    """Writer schemas by id, from a registry that speaks Confluent's REST interface; each is fetched once."""

    def __init__(self, url: str) -> None:
        self._url = url.rstrip("/")
        self._schemas: dict[int, Any] = {}

    def schema(self, schema_id: int) -> Any:
        if schema_id not in self._schemas:
            self._schemas[schema_id] = self._fetch(schema_id)
        return self._schemas[schema_id]

    def _fetch(self, schema_id: int) -> Any:
        address = f"{self._url}/schemas/ids/{schema_id}"
        try:
            with urllib.request.urlopen(address, timeout=_TIMEOUT_SECONDS) as response:
                answer = json.load(response)
        except (OSError, ValueError) as cause:
            raise ReadError(f"{address}: {cause}") from cause
        if answer.get("schemaType", "AVRO") != "AVRO" or answer.get("references"):
            raise ReadError(f"{address}: only Avro schemas without references can be read")
        return fastavro.parse_schema(json.loads(answer["schema"]))


def decode_value(value: bytes, schema_of: Callable[[int], Any]) -> tuple[int, Any]:
    """Decode Confluent wire format.

    Args:
        value: magic byte 0, 4 bytes schema id, then one Avro datum in binary encoding and nothing else.
        schema_of: the parsed writer schema of an id.

    Returns:
        the schema id, and the datum.

    Raises:
        ReadError: another magic byte, too short, or bytes left over.
    """
    if len(value) < _HEADER_BYTES or value[0] != _MAGIC:
        raise ReadError("the value is not in Confluent wire format")
    schema_id = int.from_bytes(value[1:_HEADER_BYTES], "big")
    body = io.BytesIO(value[_HEADER_BYTES:])
    try:
        datum = fastavro.schemaless_reader(body, schema_of(schema_id))
    except (EOFError, IndexError, ValueError, TypeError, OverflowError) as cause:
        raise ReadError(f"the value does not follow schema {schema_id}: {cause!r}") from cause
    left_over = len(body.getbuffer()) - body.tell()
    if left_over:
        raise ReadError(f"{left_over} bytes follow the datum of schema {schema_id}")
    return schema_id, datum


def describe(message: Message, schema_of: Callable[[int], Any]) -> dict[str, Any]:
    """A record as JSON-ready values; timestamp in milliseconds since the epoch; headers as [name, value] pairs."""
    value, schema_id = message.value(), None
    if message.topic().endswith(_RAW_SUFFIX):
        decoded = None if value is None else value.hex()
    elif value is None:
        decoded = None
    else:
        try:
            schema_id, decoded = decode_value(value, schema_of)
        except ReadError as cause:
            place = f"{message.topic()} partition {message.partition()} offset {message.offset()}"
            raise ReadError(f"{place}: {cause}") from cause
    return {
        "topic": message.topic(),
        "partition": message.partition(),
        "offset": message.offset(),
        "key": text_or_hex(message.key()),
        "timestamp": message.timestamp()[1],
        "headers": [[name, text_or_hex(content)] for name, content in message.headers() or []],
        "schemaId": schema_id,
        "value": json_ready(decoded),
    }


def text_or_hex(content: bytes | str | None) -> str | None:
    """UTF-8 text, or 0x and hexadecimal digits where the bytes are not UTF-8."""
    if content is None or isinstance(content, str):
        return content
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        return "0x" + content.hex()


def json_ready(value: Any) -> Any:
    """Replace what JSON lacks: bytes become hexadecimal, dates ISO 8601, NaN and infinities their names."""
    if isinstance(value, dict):
        return {key: json_ready(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_ready(item) for item in value]
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return value if isinstance(value, (str, int, float, type(None))) else str(value)


def read_to_end(consumer: Consumer, topics: Sequence[str]) -> Iterator[Message]:
    """Every record of the topics, until each partition has reported its end once."""
    partitions = [place for topic in topics for place in _partitions(consumer, topic)]
    consumer.assign(partitions)
    unfinished = {(place.topic, place.partition) for place in partitions}
    while unfinished:
        message = consumer.poll(_POLL_SECONDS)
        if message is None:
            continue
        error = message.error()
        if error is None:
            yield message
        elif error.code() == KafkaError._PARTITION_EOF:
            unfinished.discard((message.topic(), message.partition()))
        else:
            raise ReadError(f"{message.topic()}: {error.str()}")


def _partitions(consumer: Consumer, topic: str) -> list[TopicPartition]:
    found = consumer.list_topics(topic, timeout=_TIMEOUT_SECONDS).topics[topic]
    if found.error is not None or not found.partitions:
        raise ReadError(f"{topic}: {found.error.str() if found.error else 'has no partitions'}")
    return [TopicPartition(topic, number, OFFSET_BEGINNING) for number in sorted(found.partitions)]


def make_consumer(arguments: argparse.Namespace, problems: list[str]) -> Consumer:
    """A consumer that writes no log of its own: what it says of brokers is appended to ``problems``."""
    quiet = logging.Logger("librdkafka")
    quiet.addHandler(logging.NullHandler())
    settings = {
        "error_cb": lambda error: problems.append(error.str()),
        "bootstrap.servers": arguments.bootstrap,
        "group.id": arguments.group,
        "isolation.level": arguments.isolation,
        "auto.offset.reset": "error",
        "enable.auto.commit": False,
        "enable.partition.eof": True,
        "allow.auto.create.topics": False,
    }
    return Consumer(settings | dict(arguments.property), logger=quiet)


def _setting(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not separator:
        raise argparse.ArgumentTypeError(f"{text!r} is not name=value")
    return name, value


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a positive number")
    return int(text)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        description="Print the records of Kafka topics as JSON, one line each, from the beginning to the end. "
        "Values of topics whose name ends with 'dead-letter' are printed as hexadecimal digits.",
        epilog="exit codes: 0 read to the end, 1 a topic, the registry or a record could not be read, 2 bad usage.",
    )
    parser.add_argument("--bootstrap", required=True, metavar="HOST:PORT[,...]", help="Kafka brokers")
    parser.add_argument("--registry", required=True, metavar="URL", help="schema registry, Confluent's REST interface")
    parser.add_argument("--topics", required=True, metavar="A,B,...", type=lambda text: text.split(","))
    parser.add_argument("--group", default="read-topics", help="consumer group named to the broker; commits nothing")
    parser.add_argument("--max-records", type=_count, metavar="N", help="stop after N records")
    parser.add_argument(
        "--isolation",
        choices=["read_committed", "read_uncommitted"],
        default="read_committed",
        help="default: %(default)s",
    )
    parser.add_argument(
        "--property",
        type=_setting,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="another librdkafka setting, such as security.protocol=SSL; may be repeated",
    )
    return parser


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit code."""
    arguments = _parser().parse_args(argv)
    registry = SchemaRegistry(arguments.registry)
    consumer = None
    problems: list[str] = []
    try:
        consumer = make_consumer(arguments, problems)
        for count, message in enumerate(read_to_end(consumer, arguments.topics), start=1):
            print(json.dumps(describe(message, registry.schema), allow_nan=False))
            if count == arguments.max_records:
                break
    except (ReadError, KafkaException) as failure:
        reason = failure.args[0]
        if isinstance(reason, KafkaError) and consumer is not None:
            consumer.poll(0)  # calls error_cb
            # librdkafka's reason is in what it said before, such as: Connection refused.
            first = f" ({problems[0]})" if problems else ""
            reason = f"brokers at {arguments.bootstrap}: {reason.str()}{first}"
        print(f"read_topics: {reason}", file=sys.stderr)
        return 1
    finally:
        if consumer is not None:
            consumer.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
