package io.attribution.stream.serde;

import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.ModelKey;
import io.attribution.drift.SampleRow;
import io.attribution.schema.AttributionSample;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.registry.RegistryException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads what drift detection needs of AttributionSample. Safe for use by several threads. */
public final class SampleReader {
  private final RecordReader<AttributionSample> records;
  private final EventTimeLimit limit;

  /**
   * @param limit of the event times that are read
   */
  public SampleReader(Registry registry, EventTimeLimit limit) {
    this.records = new RecordReader<>(registry, AttributionSample.class);
    this.limit = limit;
  }

  /** A sampled row and the model that explained it. */
  public record Sample(ModelKey model, SampleRow row) {}

  /**
   * @param timestamp the record's
   * @return empty when the value is no AttributionSample of finite numbers
   * @throws RegistryException when the registry cannot be reached, or refuses
   */
  public Optional<Sample> read(byte @Nullable [] value, long timestamp) {
    return records.read(value).flatMap(record -> sample(record, limit.of(timestamp)));
  }

  private static Optional<Sample> sample(AttributionSample record, long timestamp) {
    float[] features = FloatVectors.of(record.getFeatures());
    float[] reduced = FloatVectors.of(record.getReduced());
    if (features.length == 0
        || features.length != reduced.length
        || !isFinite(features)
        || !isFinite(reduced)) {
      return Optional.empty();
    }
    ModelKey model = new ModelKey(record.getModel(), record.getVersion(), record.getBundle());
    return Optional.of(
        new Sample(
            model,
            new SampleRow(SourcePositions.of(record.getSource()), timestamp, features, reduced)));
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
