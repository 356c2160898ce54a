"""Decoding without a broker, and the whole command against librdkafka's own mock cluster and a local HTTP registry."""

import http.server
import io
import json
import threading

import pytest

fastavro = pytest.importorskip("fastavro", reason="fastavro is not installed")
confluent_kafka = pytest.importorskip("confluent_kafka", reason="confluent-kafka is not installed")

from read_topics import ReadError, decode_value, json_ready, main, text_or_hex

SCHEMA = {
    "type": "record",
    "name": "Sample",
    "fields": [
        {"name": "model", "type": "string"},
        {"name": "embedding", "type": {"type": "array", "items": "float"}},
        {"name": "note", "type": ["null", "string"], "default": None},
    ],
}
DATUM = {"model": "wdbc", "embedding": [0.5, -2.0], "note": None}


def encoded(datum=DATUM, schema_id=42) -> bytes:
    body = io.BytesIO()
    fastavro.schemaless_writer(body, SCHEMA, datum)
    return b"\0" + schema_id.to_bytes(4, "big") + body.getvalue()


def schema_of(schema_id):
    return fastavro.parse_schema(SCHEMA)


def test_decodes_confluent_wire_format():
    assert decode_value(encoded(), schema_of) == (42, DATUM)


def test_reads_arrays_of_several_blocks_with_and_without_byte_sizes():
    floats = bytes.fromhex("0000003f 000000c0")  # 0.5 and -2.0, little-endian
    one_each = b"\x02" + floats[:4] + b"\x01\x08" + floats[4:] + b"\x00"  # count 1; count -1 with a size of 4 bytes
    value = b"\0\0\0\0\x2a" + b"\x08wdbc" + one_each + b"\x00"
    assert decode_value(value, schema_of) == (42, DATUM)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (b"", "wire format"),
        (b"\1" + encoded()[1:], "wire format"),
        (encoded()[:-4], "does not follow schema 42"),
        (encoded() + b"\0\0", "2 bytes follow"),
    ],
)
def test_refuses_what_is_not_exactly_one_datum(value, message):
    with pytest.raises(ReadError, match=message):
        decode_value(value, schema_of)


def test_text_or_hex():
    assert [text_or_hex(content) for content in (b"patient-7", b"\xff\x00", None)] == ["patient-7", "0xff00", None]


def test_json_ready_replaces_what_json_lacks():
    assert json_ready({"a": [float("nan"), 1.5], "b": b"\x01"}) == {"a": ["nan", 1.5], "b": "01"}


@pytest.fixture
def registry():
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            known = self.path == "/registry/schemas/ids/42"
            self.send_response(200 if known else 404)
            self.end_headers()
            self.wfile.write(json.dumps({"schema": json.dumps(SCHEMA)} if known else {}).encode())

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/registry/"
    server.shutdown()


@pytest.fixture
def broker():
    """A producer that hosts librdkafka's mock cluster, with the cluster's address."""
    producer = confluent_kafka.Producer({"test.mock.num.brokers": 1, "bootstrap.servers": "mock"})
    address = next(iter(producer.list_topics(timeout=10).brokers.values()))
    yield producer, f"{address.host}:{address.port}"


def run(broker_address, registry, topics, *more):
    return main(["--bootstrap", broker_address, "--registry", registry, "--topics", topics, *more])


def printed(capsys):
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_reads_topics_to_their_end(broker, registry, capsys):
    producer, address = broker
    for i in range(5):
        producer.produce(
            "reduced", encoded(), key=f"k{i}", partition=i % 2, timestamp=1000 + i, headers=[("h", b"\xfe")]
        )
    producer.produce("reduced", None, key=b"\xff", partition=0)
    producer.produce("my.dead-letter", b"\x01garbage", key="bad")
    producer.flush(10)
    assert run(address, registry, "reduced,my.dead-letter") == 0
    records = printed(capsys)
    assert len(records) == 7
    first = next(record for record in records if record["key"] == "k0")
    assert first == {
        "topic": "reduced", "partition": 0, "offset": 0, "key": "k0", "timestamp": 1000,
        "headers": [["h", "0xfe"]], "schemaId": 42, "value": DATUM,
    }  # fmt: skip
    assert next(r for r in records if r["key"] == "0xff")["value"] is None
    assert next(r for r in records if r["key"] == "bad")["value"] == b"\x01garbage".hex()


def test_stops_after_max_records(broker, registry, capsys):
    producer, address = broker
    for _ in range(4):
        producer.produce("reduced", encoded())
    producer.flush(10)
    assert run(address, registry, "reduced", "--max-records", "3") == 0
    assert len(printed(capsys)) == 3


def test_one_line_for_an_unknown_schema(broker, registry, capsys):
    producer, address = broker
    producer.produce("reduced", encoded(schema_id=7), partition=1)
    producer.flush(10)
    assert run(address, registry, "reduced") == 1
    error = capsys.readouterr().err
    assert "reduced partition 1 offset 0" in error and "schemas/ids/7" in error and len(error.splitlines()) == 1


def test_one_line_for_brokers_that_are_unreachable(registry, capfd, monkeypatch):
    monkeypatch.setattr("read_topics._TIMEOUT_SECONDS", 1.0)
    assert main(["--bootstrap", "127.0.0.1:1", "--registry", registry, "--topics", "numbers"]) == 1
    error = capfd.readouterr().err
    assert "brokers at 127.0.0.1:1" in error and "Connection refused" in error and len(error.splitlines()) == 1


def test_bad_usage_of_a_setting():
    with pytest.raises(SystemExit) as stop:
        run("localhost:1", "http://localhost:1", "t", "--property", "novalue")
    assert stop.value.code == 2
