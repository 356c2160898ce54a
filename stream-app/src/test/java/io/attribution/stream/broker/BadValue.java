package io.attribution.stream.broker;

import static io.attribution.engine.attribution.Rejected.Reason.INCOMPATIBLE_SCHEMA;
import static io.attribution.engine.attribution.Rejected.Reason.NOT_FINITE;
import static io.attribution.engine.attribution.Rejected.Reason.RESULT_NOT_FINITE;
import static io.attribution.engine.attribution.Rejected.Reason.TOMBSTONE;
import static io.attribution.engine.attribution.Rejected.Reason.UNDECODABLE;
import static io.attribution.engine.attribution.Rejected.Reason.UNKNOWN_MODEL;
import static io.attribution.engine.attribution.Rejected.Reason.UNKNOWN_SCHEMA;
import static io.attribution.engine.attribution.Rejected.Reason.WRONG_LENGTH;

import io.attribution.engine.attribution.Rejected.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Everything that can be wrong with a record of the digits example, and what it is called. */
record BadValue(Reason reason, Optional<ByteBuffer> value) {
  private static final int FEATURES = 64;

  /**
   * @param row a good row of the digits example
   */
  static List<BadValue> all(FeatureValues values, float[] row) {
    byte[] good = values.row(row);
    return List.of(
        new BadValue(TOMBSTONE, Optional.empty()),
        of(UNDECODABLE, new byte[0]),
        of(UNDECODABLE, new byte[] {0, 0, 0}),
        of(UNDECODABLE, "{\"features\":[1,2,3]}".getBytes(StandardCharsets.UTF_8)),
        of(UNDECODABLE, Arrays.copyOf(good, good.length - 7)),
        of(UNDECODABLE, Arrays.copyOf(good, good.length + 1)),
        of(UNKNOWN_SCHEMA, withSchemaId(good, 1_000_000)),
        of(INCOMPATIBLE_SCHEMA, values.unrelated()),
        of(UNKNOWN_MODEL, values.row(row, Optional.of("nobody"), Optional.empty())),
        of(WRONG_LENGTH, values.row(new float[0])),
        of(WRONG_LENGTH, values.row(Arrays.copyOf(row, FEATURES - 1))),
        of(WRONG_LENGTH, values.row(row, Optional.of("wdbc"), Optional.of("of-digits"))),
        of(NOT_FINITE, values.row(with(row, Float.NaN))),
        of(NOT_FINITE, values.row(with(row, Float.POSITIVE_INFINITY))),
        of(NOT_FINITE, values.row(with(row, Float.NEGATIVE_INFINITY))),
        of(RESULT_NOT_FINITE, values.row(tooLarge(), Optional.of("wdbc"), Optional.empty())));
  }

  private static BadValue of(Reason reason, byte[] value) {
    return new BadValue(reason, Optional.of(ByteBuffer.wrap(value)));
  }

  private static byte[] withSchemaId(byte[] value, int id) {
    return ByteBuffer.allocate(value.length).put(value).putInt(1, id).array();
  }

  /** Finite, but divided by a scale below 1. */
  private static float[] tooLarge() {
    float[] row = new float[30];
    Arrays.fill(row, Float.MAX_VALUE);
    return row;
  }

  private static float[] with(float[] row, float feature) {
    float[] changed = row.clone();
    changed[FEATURES / 2] = feature;
    return changed;
  }
}
