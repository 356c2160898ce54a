package io.attribution.stream.serde;

import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/** Reads VerificationMetric. Safe for use by several threads. */
public final class VerificationReader {
  private final RecordReader records;
  private final EventTimeLimit limit;

  /**
   * @param limit of the event times that are read
   */
  public VerificationReader(Registry registry, EventTimeLimit limit) {
    this.records = new RecordReader(registry, Schemas.VERIFICATION_METRIC);
    this.limit = limit;
  }

  /**
   * A batch's verification.
   *
   * @param model who explained the records
   * @param tolerance largest relative error that counts as exact
   */
  public record Metric(ModelKey model, double tolerance, Observation observation) {}

  /**
   * @return nothing when the value is no VerificationMetric, or speaks of no record or of numbers
   *     that are none
   * @throws RegistryException when the registry cannot be asked about its schema
   */
  public Optional<Metric> read(byte @Nullable [] value) {
    return records.read(value).map(this::metric).filter(VerificationReader::isSane);
  }

  /** One NaN would stay in a model's state for good. */
  private static boolean isSane(Metric metric) {
    VerificationSummary summary = metric.observation().summary();
    return summary.count() > 0
        && summary.elements() > 0
        && metric.observation().firstTimestamp() >= 0
        && metric.observation().lastTimestamp() >= 0
        && metric.tolerance() > 0
        && DoubleStream.of(
                metric.tolerance(),
                metric.observation().worstError(),
                summary.zMin(),
                summary.zMax(),
                summary.reconstructionMin(),
                summary.reconstructionMax(),
                summary.maxError(),
                summary.sumError())
            .allMatch(Double::isFinite);
  }

  private Metric metric(GenericRecord record) {
    GenericRecord source = (GenericRecord) record.get("source");
    VerificationSummary summary =
        new VerificationSummary(
            number(record, "count"),
            number(record, "elements"),
            real(record, "zMin"),
            real(record, "zMax"),
            real(record, "reconstructionMin"),
            real(record, "reconstructionMax"),
            real(record, "maxError"),
            real(record, "sumError"));
    Origin worst =
        new Origin(
            source.get("topic").toString(),
            (Integer) source.get("partition"),
            number(record, "worstOffset"));
    Observation observation =
        new Observation(
            summary,
            number(record, "inexact"),
            record.get("engine").toString(),
            worst,
            real(record, "worstRelativeError"),
            limit.of(number(record, "firstTimestamp")),
            limit.of(number(record, "lastTimestamp")));
    return new Metric(model(record), real(record, "tolerance"), observation);
  }

  static ModelKey model(GenericRecord record) {
    return new ModelKey(
        record.get("model").toString(),
        record.get("version").toString(),
        record.get("bundle").toString());
  }

  private static long number(GenericRecord record, String field) {
    return (Long) record.get(field);
  }

  private static double real(GenericRecord record, String field) {
    return (Double) record.get(field);
  }
}
