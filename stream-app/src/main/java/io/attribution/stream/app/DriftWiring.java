package io.attribution.stream.app;

import io.attribution.drift.AttributionPolicy;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.Diagnostician;
import io.attribution.drift.EventTimeLimit;
import io.attribution.drift.LinearityMonitor;
import io.attribution.drift.LinearityPolicy;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.VerificationWindows;
import io.attribution.drift.WatchedModel;
import io.attribution.drift.detector.CusumSettings;
import io.attribution.engine.reduction.Reduction;
import io.attribution.engine.runtime.Precision;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.DriftConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.AlertSerializer;
import io.attribution.stream.serde.SampleReader;
import io.attribution.stream.serde.SampleSerializer;
import io.attribution.stream.serde.Schemas;
import io.attribution.stream.serde.VerificationReader;
import io.attribution.stream.serde.WindowSerializer;
import io.attribution.stream.topics.Topics;
import io.attribution.stream.topology.AlertListener;
import io.attribution.stream.topology.DriftStage;
import io.attribution.stream.topology.RecentRows;
import io.attribution.stream.topology.RowSampler;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Builds step 3 of the topology from the configuration. */
final class DriftWiring {
  private static final int BASELINE_BATCHES = 100;

  /** In decades; the errors of an exact encoder are a constant, the floor. */
  private static final double SIGMA_FLOOR = 0.1;

  private static final double LARGEST_ARL0 = 1e9;
  private static final Duration SHORTEST_IDLE = Duration.ofSeconds(2);

  private DriftWiring() {}

  /** Empty when alerts are not among the outputs. */
  static Optional<DriftStage> stage(
      AppConfig config,
      OutputSchemas schemas,
      Registry registry,
      WatchedModels models,
      Function<RecentRows, Diagnostician> diagnostician,
      AlertListener alerts) {
    if (!config.outputs().has(OutputsConfig.ALERTS)) {
      return Optional.empty();
    }
    Topics topics = config.topics().names();
    DriftConfig drift = config.drift();
    EventTimeLimit limit = EventTimeLimit.of(InstantSource.system());
    RowSampler sampler = new RowSampler(drift.samplesPerSecond(), config.outputs().reduction());
    return Optional.of(
        new DriftStage(
            sampler,
            new SampleSerializer(schemas.id(topics.samples(), Schemas.ATTRIBUTION_SAMPLE)),
            new VerificationReader(registry, limit),
            new SampleReader(registry, limit),
            linearity(config, diagnostician.apply(sampler.recent())),
            attributions(config, models),
            drift.window().compareTo(SHORTEST_IDLE) < 0 ? SHORTEST_IDLE : drift.window(),
            new WindowSerializer(schemas.id(topics.windows(), Schemas.VERIFICATION_WINDOW)),
            new AlertSerializer(schemas.id(topics.alerts(), Schemas.DRIFT_ALERT)),
            alerts));
  }

  static LinearityWatch.Factory linearity(AppConfig config, Diagnostician diagnostician) {
    DriftConfig drift = config.drift();
    Optional<CusumSettings> growth =
        drift.detectsGrowth()
            ? Optional.of(cusum(drift, config.models().engine().precision()))
            : Optional.empty();
    return (model, tolerance) ->
        new LinearityWatch(
            model,
            tolerance,
            new LinearityMonitor(
                model, new LinearityPolicy(tolerance, growth, drift.resolveAfter()), diagnostician),
            new VerificationWindows(drift.window()));
  }

  /** Observations are batches of one record or more: false alarms are rarer than configured. */
  private static CusumSettings cusum(DriftConfig drift, Precision precision) {
    return new CusumSettings(
        Math.min(LARGEST_ARL0, (double) drift.falseAlarmRecords()),
        drift.smallestFactor(),
        BASELINE_BATCHES,
        SIGMA_FLOOR,
        RoundingFloor.of(precision));
  }

  private static AttributionWatch.Factory attributions(AppConfig config, WatchedModels models) {
    DriftConfig drift = config.drift();
    AttributionPolicy policy =
        new AttributionPolicy(
            contributions(config.outputs().reduction()),
            drift.referenceRows(),
            drift.windowRows(),
            drift.minimumRankingGain(),
            drift.falseAlarmRate(),
            drift.resolveAfter());
    return (model, features) ->
        new AttributionWatch(
            model,
            models.of(model).orElseGet(() -> WatchedModel.loadedElsewhere(features)),
            policy);
  }

  private static String contributions(Reduction reduction) {
    OptionalInt target = reduction.target();
    return reduction.label() + (target.isPresent() ? " " + target.getAsInt() : "");
  }
}
