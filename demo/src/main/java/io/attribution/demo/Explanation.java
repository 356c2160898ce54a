package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.stream.serde.AvroFields;
import java.util.stream.IntStream;
import org.apache.avro.generic.GenericRecord;

/** One record of the projected topic, as a reader sees it. */
final class Explanation {
  private final GenericRecord value;
  private final Origin source;
  private final float[] embedding;
  private final int features;
  private final float[] contributions;

  /**
   * @param value a ProjectedContribution
   */
  Explanation(GenericRecord value) {
    this.value = value;
    this.source = source(value);
    this.embedding = AvroFields.floats(value, "embedding");
    this.features = (Integer) value.get("features");
    this.contributions = AvroFields.floats(value, "contributions");
  }

  private static Origin source(GenericRecord value) {
    GenericRecord position = (GenericRecord) value.get("source");
    return new Origin(
        String.valueOf(position.get("topic")),
        (Integer) position.get("partition"),
        (Long) position.get("offset"));
  }

  Origin source() {
    return source;
  }

  String recordId() {
    return String.valueOf(value.get("recordId"));
  }

  int outputs() {
    return embedding.length;
  }

  int features() {
    return features;
  }

  float embedding(int output) {
    return embedding[output];
  }

  float contribution(int output, int feature) {
    return contributions[output * features + feature];
  }

  /** The contributions to one output. */
  float[] contributions(int output) {
    float[] row = new float[features];
    System.arraycopy(contributions, output * features, row, 0, features);
    return row;
  }

  /** The output with the largest magnitude: the one with most to explain. */
  int strongestOutput() {
    return IntStream.range(0, embedding.length)
        .reduce(0, (a, b) -> Math.abs(embedding[b]) > Math.abs(embedding[a]) ? b : a);
  }

  /** How much each feature moved the embedding in any direction: the norm over the outputs. */
  double[] magnitudes() {
    double[] magnitudes = new double[features];
    for (int feature = 0; feature < features; feature++) {
      double squares = 0;
      for (int output = 0; output < embedding.length; output++) {
        squares += Math.pow(contribution(output, feature), 2);
      }
      magnitudes[feature] = Math.sqrt(squares);
    }
    return magnitudes;
  }

  double relativeError() {
    return (Double) certificate().get("relativeError");
  }

  double tolerance() {
    return (Double) certificate().get("tolerance");
  }

  boolean isExact() {
    return (Boolean) certificate().get("exact");
  }

  private GenericRecord certificate() {
    return (GenericRecord) value.get("certificate");
  }
}
