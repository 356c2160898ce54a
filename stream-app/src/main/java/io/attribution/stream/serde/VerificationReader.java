package io.attribution.stream.serde;

import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.schema.VerificationMetric;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.registry.RegistryException;
import java.util.Optional;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;

/** Reads VerificationMetric. Safe for use by several threads. */
public final class VerificationReader {
  private final RecordReader<VerificationMetric> records;
  private final EventTimeLimit limit;

  /**
   * @param limit of the event times that are read
   */
  public VerificationReader(Registry registry, EventTimeLimit limit) {
    this.records = new RecordReader<>(registry, VerificationMetric.class);
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
   * @return empty when the value is no VerificationMetric, or covers no record, or has numbers that
   *     are not finite
   * @throws RegistryException when the registry cannot be reached, or refuses
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

  private Metric metric(VerificationMetric record) {
    VerificationSummary summary =
        new VerificationSummary(
            record.getCount(),
            record.getElements(),
            record.getZMin(),
            record.getZMax(),
            record.getReconstructionMin(),
            record.getReconstructionMax(),
            record.getMaxError(),
            record.getSumError());
    Observation observation =
        new Observation(
            summary,
            record.getInexact(),
            record.getEngine(),
            SourcePositions.of(record.getSource(), record.getWorstOffset()),
            record.getWorstRelativeError(),
            limit.of(record.getFirstTimestamp().toEpochMilli()),
            limit.of(record.getLastTimestamp().toEpochMilli()));
    return new Metric(
        new ModelKey(record.getModel(), record.getVersion(), record.getBundle()),
        record.getTolerance(),
        observation);
  }
}
