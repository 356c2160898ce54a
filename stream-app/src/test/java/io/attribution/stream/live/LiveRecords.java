package io.attribution.stream.live;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.Certificate;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.SourcePosition;
import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** Records as the topics hold them. */
public final class LiveRecords {
  private LiveRecords() {}

  /**
   * A sample of a model with two outputs.
   *
   * @param contributions C, row-major, 2·D values; its l2 reduction is computed
   */
  public static AttributionSample sample(
      String model, String bundle, long offset, boolean matrix, float... contributions) {
    return sampleBuilder(model, bundle, offset, matrix, contributions).build();
  }

  public static AttributionSample.Builder sampleBuilder(
      String model, String bundle, long offset, boolean matrix, float... contributions) {
    int features = contributions.length / 2;
    List<Float> reduced = new ArrayList<>();
    for (int k = 0; k < features; k++) {
      reduced.add((float) Math.hypot(contributions[k], contributions[features + k]));
    }
    return AttributionSample.newBuilder()
        .setModel(model)
        .setVersion("1")
        .setBundle(bundle)
        .setSource(source(offset))
        .setRecordId("r" + offset)
        .setEmbedding(List.of(1f, 2f))
        .setReconstruction(List.of(1f, 2.5f))
        .setFeatures(reduced)
        .setReduction("l2")
        .setReduced(reduced)
        .setContributions(matrix ? boxed(contributions) : null)
        .setCertificate(new Certificate(1e-7, 1e-4, true, "jacobian", List.of(), 0, null));
  }

  private static List<Float> boxed(float... values) {
    List<Float> boxed = new ArrayList<>();
    for (float value : values) {
      boxed.add(value);
    }
    return boxed;
  }

  private static SourcePosition source(long offset) {
    return new SourcePosition("features", 0, offset);
  }

  /** A metric of one record. */
  public static VerificationMetric metric(String model, long offset, double relativeError) {
    return metricBuilder(model, offset, relativeError).build();
  }

  public static VerificationMetric.Builder metricBuilder(
      String model, long offset, double relativeError) {
    return VerificationMetric.newBuilder()
        .setModel(model)
        .setVersion("1")
        .setBundle("b")
        .setEngine("layers")
        .setSource(source(offset))
        .setLastOffset(offset)
        .setFirstTimestamp(Instant.ofEpochMilli(1000 + offset))
        .setLastTimestamp(Instant.ofEpochMilli(1000 + offset))
        .setCount(1L)
        .setElements(2L)
        .setZMin(-1.0)
        .setZMax(1.0)
        .setReconstructionMin(-1.0)
        .setReconstructionMax(1.0)
        .setMaxError(relativeError)
        .setSumError(relativeError)
        .setMeanError(relativeError)
        .setRelativeError(relativeError)
        .setTolerance(1e-4)
        .setExact(relativeError <= 1e-4)
        .setWorstOffset(offset)
        .setWorstRelativeError(relativeError);
  }

  /** A window of ten seconds. */
  public static VerificationWindow window(String model, long start, long count) {
    return windowBuilder(model, start, count).build();
  }

  public static VerificationWindow.Builder windowBuilder(String model, long start, long count) {
    return VerificationWindow.newBuilder()
        .setModel(model)
        .setVersion("1")
        .setBundle("b")
        .setStart(Instant.ofEpochMilli(start))
        .setEnd(Instant.ofEpochMilli(start + 10_000))
        .setBatches(1L)
        .setCount(count)
        .setElements(2 * count)
        .setZMin(-1.0)
        .setZMax(1.0)
        .setReconstructionMin(-1.0)
        .setReconstructionMax(1.0)
        .setMaxError(1e-6)
        .setSumError(1e-6)
        .setMeanError(1e-6)
        .setRelativeError(1e-6)
        .setTolerance(1e-4)
        .setExact(true)
        .setInexact(0L)
        .setWorst(source(7))
        .setWorstRelativeError(1e-6);
  }

  public static DriftAlert alert(String model, String kind, String state) {
    return alertBuilder(model, kind, state).build();
  }

  public static DriftAlert.Builder alertBuilder(String model, String kind, String state) {
    return DriftAlert.newBuilder()
        .setModel(model)
        .setVersion("1")
        .setBundle("b")
        .setKind(kind)
        .setState(state)
        .setSeverity("critical")
        .setSince(Instant.ofEpochMilli(1000))
        .setAt(Instant.ofEpochMilli(2000))
        .setDetector("threshold")
        .setStatistic(0.16)
        .setThreshold(1e-4)
        .setProbableCause("bias_present")
        .setWorst(source(12))
        .setFeatures(List.of())
        .setMessage("contributions do not add up")
        .setAlertId("id-" + kind);
  }
}
