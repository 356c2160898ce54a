"""Records of the topics, in Confluent wire format, with fastavro."""

from __future__ import annotations

import io
import json
import urllib.request
from array import array
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import fastavro
import numpy as np
import torch
from confluent_kafka import Message
from torch import Tensor

from bundle_encoder import Bundle
from explanation import Explanation

_HEADER_BYTES = 5  # magic byte 0, then the schema id as a big-endian 32-bit integer
_TIMEOUT_SECONDS = 15.0
_PARTS = {
    "FeatureRecord": [],
    "ProjectedContribution": ["SourcePosition", "Certificate"],
    "ReducedContribution": ["SourcePosition", "Certificate"],
    "VerificationMetric": ["SourcePosition"],
}


def load_schema(folder: Path, name: str) -> Any:
    """One of the project's schemas, with the types it refers to in it."""
    return fastavro.schema.load_schema_ordered([str(folder / f"{part}.avsc") for part in (*_PARTS[name], name)])


def register(registry: str, subject: str, folder: Path, name: str) -> bytes:
    """Register a schema; returns the header that its records begin with."""
    schema = {"schema": json.dumps(load_schema(folder, name), default=str)}
    request = urllib.request.Request(
        f"{registry.rstrip('/')}/subjects/{subject}/versions",
        data=json.dumps(schema).encode(),
        headers={"Content-Type": "application/vnd.schemaregistry.v1+json"},
    )
    with urllib.request.urlopen(request, timeout=_TIMEOUT_SECONDS) as response:
        return b"\0" + int(json.load(response)["id"]).to_bytes(4, "big")


class FeatureReader:
    """Feature records written with the project's schema; the benchmark's producer writes no other."""

    def __init__(self, folder: Path) -> None:
        self._schema = load_schema(folder, "FeatureRecord")

    def rows(self, messages: Sequence[Message]) -> tuple[Tensor, list[str | None]]:
        """Raw rows (n, D), and each record's recordId."""
        records = [self._read(message.value()) for message in messages]
        rows = np.array([record["features"] for record in records], dtype=np.float32)
        return torch.from_numpy(rows), [record["recordId"] for record in records]

    def _read(self, value: bytes) -> Any:
        body = io.BytesIO(value)
        body.seek(_HEADER_BYTES)
        return fastavro.schemaless_reader(body, self._schema)


class ContributionWriter:
    """The two outputs of every record, and the verification of the batch."""

    def __init__(self, bundle: Bundle, folder: Path, headers: dict[str, bytes]) -> None:
        self._bundle = bundle
        self._headers = headers
        self._schemas = {name: load_schema(folder, name) for name in headers}
        self._names = {"model": bundle.name, "version": bundle.version, "bundle": bundle.fingerprint}

    def encode(
        self, messages: Sequence[Message], ids: Sequence[str | None], explanation: Explanation
    ) -> list[tuple[bytes, bytes]]:
        """(projected, reduced) of each message."""
        embeddings = _arrays(explanation.embedding)
        contributions = _arrays(explanation.contributions.flatten(1))
        reduced = _arrays(explanation.reduced)
        errors = _relative_errors(explanation).tolist()
        outputs = []
        for i, message in enumerate(messages):
            common = self._common(message, ids[i], embeddings[i], errors[i])
            outputs.append((self._projected(common, contributions[i]), self._reduced(common, reduced[i])))
        return outputs

    def _common(self, message: Message, record_id: str | None, embedding: array, error: float) -> dict[str, Any]:
        tolerance = self._bundle.tolerance
        return {
            **self._names,
            "source": _position(message),
            "recordId": record_id,
            "embedding": embedding,
            "features": self._bundle.features,
            "certificate": {"relativeError": error, "tolerance": tolerance, "exact": error <= tolerance},
        }

    def _projected(self, common: dict[str, Any], contributions: array) -> bytes:
        record = {**common, "outputs": self._bundle.outputs, "contributions": contributions}
        return self._write("ProjectedContribution", record)

    def _reduced(self, common: dict[str, Any], values: array) -> bytes:
        return self._write("ReducedContribution", {**common, "reduction": "l2", "values": values})

    def verification(self, messages: Sequence[Message], explanation: Explanation) -> bytes:
        """How well f(e) = J(e)·e held over messages of one partition."""
        z, linear = explanation.embedding, explanation.reconstruction
        error = (z - linear).abs()
        relative = error.max().item() / (z.abs().max().item() + 1e-8)
        rows = _relative_errors(explanation)
        times = [message.timestamp()[1] for message in messages]
        tolerance = self._bundle.tolerance
        record = {
            **self._names,
            "engine": "torch.func",
            "source": _position(messages[0]),
            "lastOffset": messages[-1].offset(),
            "firstTimestamp": min(times),
            "lastTimestamp": max(times),
            "count": len(messages),
            "elements": z.numel(),
            "zMin": z.min().item(),
            "zMax": z.max().item(),
            "reconstructionMin": linear.min().item(),
            "reconstructionMax": linear.max().item(),
            "maxError": error.max().item(),
            "sumError": error.sum().item(),
            "meanError": error.mean().item(),
            "relativeError": relative,
            "tolerance": tolerance,
            "exact": relative <= tolerance,
            "worstOffset": messages[int(rows.argmax())].offset(),
            "worstRelativeError": rows.max().item(),
        }
        return self._write("VerificationMetric", record)

    def _write(self, name: str, record: dict[str, Any]) -> bytes:
        body = io.BytesIO()
        body.write(self._headers[name])
        fastavro.schemaless_writer(body, self._schemas[name], record)
        return body.getvalue()


def _arrays(rows: Tensor) -> list[array]:
    """Each row of (n, m): half the time of lists, from tensor to Avro."""
    return [array("f", row.tobytes()) for row in rows.numpy()]


def _relative_errors(explanation: Explanation) -> Tensor:
    """Of each row (n,): max |f(e) - J(e)·e| / (max |f(e)| + 1e-8)."""
    error = (explanation.embedding - explanation.reconstruction).abs().amax(dim=1)
    return error / (explanation.embedding.abs().amax(dim=1) + 1e-8)


def _position(message: Message) -> dict[str, Any]:
    return {"topic": message.topic(), "partition": message.partition(), "offset": message.offset()}
