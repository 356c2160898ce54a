package io.attribution.stream.serde;

import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Origin;
import io.attribution.drift.SampleRow;
import java.util.List;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Reads what drift detection needs of AttributionSample. Safe for use by several threads. */
public final class SampleReader {
  private final RecordReader records;
  private final EventTimeLimit limit;

  /**
   * @param limit of the event times that are read
   */
  public SampleReader(Registry registry, EventTimeLimit limit) {
    this.records = new RecordReader(registry, Schemas.ATTRIBUTION_SAMPLE);
    this.limit = limit;
  }

  /** A sampled row and the model that explained it. */
  public record Sample(ModelKey model, SampleRow row) {}

  /**
   * @param timestamp the record's
   * @return nothing when the value is no AttributionSample of finite numbers
   * @throws RegistryException when the registry cannot be asked about its schema
   */
  public Optional<Sample> read(byte @Nullable [] value, long timestamp) {
    return records.read(value).flatMap(record -> sample(record, limit.of(timestamp)));
  }

  private static Optional<Sample> sample(GenericRecord record, long timestamp) {
    float[] features = floats(record, "features");
    float[] reduced = floats(record, "reduced");
    if (features.length == 0
        || features.length != reduced.length
        || !isFinite(features)
        || !isFinite(reduced)) {
      return Optional.empty();
    }
    GenericRecord source = (GenericRecord) record.get("source");
    Origin origin =
        new Origin(
            source.get("topic").toString(),
            (Integer) source.get("partition"),
            (Long) source.get("offset"));
    return Optional.of(
        new Sample(
            VerificationReader.model(record), new SampleRow(origin, timestamp, features, reduced)));
  }

  private static boolean isFinite(float[] values) {
    for (float value : values) {
      if (!Float.isFinite(value)) {
        return false;
      }
    }
    return true;
  }

  private static float[] floats(GenericRecord record, String field) {
    List<?> values = (List<?>) record.get(field);
    float[] floats = new float[values.size()];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (Float) values.get(i);
    }
    return floats;
  }
}
