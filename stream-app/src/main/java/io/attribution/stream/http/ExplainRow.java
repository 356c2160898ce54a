package io.attribution.stream.http;

import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.attribution.Rejected.Reason;
import java.util.Arrays;
import java.util.Optional;

/** A row of a request: its length, and its values up to the limit of the body. */
final class ExplainRow {
  private final float[] values;
  private final int length;

  private ExplainRow(float[] values, int length) {
    this.values = values;
    this.length = length;
  }

  /** Collects values up to a limit, and counts all. */
  static final class Builder {
    private final int kept;
    private float[] values = new float[16];
    private int length;

    Builder(int kept) {
      this.kept = kept;
    }

    int length() {
      return length;
    }

    void add(float value) {
      if (length < kept) {
        if (length == values.length) {
          values = Arrays.copyOf(values, Math.min(kept, 2 * length));
        }
        values[length] = value;
      }
      length++;
    }

    ExplainRow build() {
      return new ExplainRow(Arrays.copyOf(values, Math.min(length, kept)), length);
    }
  }

  /** All values of a row that passes {@link #check}; not copied. */
  float[] values() {
    return values;
  }

  /**
   * Why a model cannot explain this row, with the reason of the stream's dead letters; empty when
   * it can.
   *
   * @param features D
   */
  Optional<Rejected> check(int features) {
    if (length != features) {
      return Optional.of(
          new Rejected(
              Reason.WRONG_LENGTH,
              "the row has " + length + " features, the model takes " + features));
    }
    for (int k = 0; k < length; k++) {
      if (!Float.isFinite(values[k])) {
        return Optional.of(
            new Rejected(Reason.NOT_FINITE, "feature " + k + " is " + values[k] + " as float32"));
      }
    }
    return Optional.empty();
  }
}
