package io.attribution.stream.serde;

import java.util.List;

/** Float vectors of generated records as arrays. */
public final class FloatVectors {
  private FloatVectors() {}

  /** A copy. */
  public static float[] of(List<Float> values) {
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = values.get(i);
    }
    return floats;
  }
}
