package io.attribution.demo;

import io.attribution.engine.attribution.Rejected.Reason;
import io.attribution.stream.produce.FeatureProducer;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Bad records, as real producers send them by mistake. */
enum Fault {
  TOMBSTONE(Reason.TOMBSTONE) {
    @Override
    byte @Nullable [] value(FeatureProducer producer, float[] row, String id) {
      return null;
    }
  },
  GARBAGE(Reason.UNDECODABLE) {
    @Override
    byte[] value(FeatureProducer producer, float[] row, String id) {
      return "{\"not\": \"avro\"}".getBytes(StandardCharsets.UTF_8);
    }
  },
  WRONG_LENGTH(Reason.WRONG_LENGTH) {
    @Override
    byte[] value(FeatureProducer producer, float[] row, String id) {
      return producer.encode(Arrays.copyOf(row, row.length - 1), Optional.empty(), id);
    }
  },
  NOT_A_NUMBER(Reason.NOT_FINITE) {
    @Override
    byte[] value(FeatureProducer producer, float[] row, String id) {
      float[] broken = row.clone();
      broken[broken.length / 2] = Float.NaN;
      return producer.encode(broken, Optional.empty(), id);
    }
  },
  UNKNOWN_MODEL(Reason.UNKNOWN_MODEL) {
    @Override
    byte[] value(FeatureProducer producer, float[] row, String id) {
      return producer.encode(row, Optional.of("no-such-model"), id);
    }
  },
  UNKNOWN_SCHEMA(Reason.UNKNOWN_SCHEMA) {
    @Override
    byte[] value(FeatureProducer producer, float[] row, String id) {
      byte[] value = producer.encode(row, Optional.empty(), id);
      // Behind the magic byte stands the schema's id.
      ByteBuffer.wrap(value).putInt(1, NO_SUCH_SCHEMA);
      return value;
    }
  };

  private static final int NO_SUCH_SCHEMA = 999_999;

  private final Reason reason;

  Fault(Reason reason) {
    this.reason = reason;
  }

  /** What the dead letter should say. */
  Reason reason() {
    return reason;
  }

  /** The message's bytes, made of a good row. */
  abstract byte @Nullable [] value(FeatureProducer producer, float[] row, String id);
}
