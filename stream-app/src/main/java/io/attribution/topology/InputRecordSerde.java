package io.attribution.topology;

import io.attribution.batch.Origin;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/** How pending rows stand in the store and its changelog. Versioned: an upgrade finds old rows. */
final class InputRecordSerde implements Serde<InputRecord> {
  private static final byte VERSION = 1;
  private static final int NULL = -1;
  private static final int TYPICAL_HEADER_BYTES = 128;

  @Override
  public Serializer<InputRecord> serializer() {
    return (topic, record) -> record == null ? null : write(record);
  }

  @Override
  public Deserializer<InputRecord> deserializer() {
    return (topic, bytes) -> bytes == null ? null : read(bytes);
  }

  private static byte[] write(InputRecord record) {
    ByteArrayOutputStream bytes =
        new ByteArrayOutputStream(record.valueBytes() + TYPICAL_HEADER_BYTES);
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      out.writeUTF(record.origin().topic());
      out.writeInt(record.origin().partition());
      out.writeLong(record.origin().offset());
      out.writeLong(record.timestamp());
      writeBytes(out, record.key());
      Header[] headers = record.headers().toArray();
      out.writeInt(headers.length);
      for (Header header : headers) {
        out.writeUTF(header.key());
        writeBytes(out, header.value());
      }
      writeBytes(out, record.value());
    } catch (IOException e) {
      throw new UncheckedIOException("a pending row cannot be stored: " + record.origin(), e);
    }
    return bytes.toByteArray();
  }

  private static InputRecord read(byte[] bytes) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      byte version = in.readByte();
      if (version != VERSION) {
        throw new IOException("format version " + version + " is newer than this application");
      }
      Origin origin = new Origin(in.readUTF(), in.readInt(), in.readLong());
      long timestamp = in.readLong();
      byte[] key = readBytes(in);
      Headers headers = new RecordHeaders();
      for (int remaining = in.readInt(); remaining > 0; remaining--) {
        headers.add(in.readUTF(), readBytes(in));
      }
      return new InputRecord(key, readBytes(in), timestamp, headers, origin);
    } catch (IOException e) {
      throw new UncheckedIOException("a pending row in the changelog cannot be read", e);
    }
  }

  private static void writeBytes(DataOutputStream out, byte @Nullable [] bytes) throws IOException {
    out.writeInt(bytes == null ? NULL : bytes.length);
    if (bytes != null) {
      out.write(bytes);
    }
  }

  private static byte @Nullable [] readBytes(DataInputStream in) throws IOException {
    int length = in.readInt();
    return length == NULL ? null : in.readNBytes(length);
  }
}
