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
import io.attribution.drift.detector.BaselineSource;
import io.attribution.drift.detector.Detector;
import io.attribution.drift.detector.Direction;
import io.attribution.drift.detector.LogError;
import io.attribution.drift.detector.Sensitivity;
import io.attribution.engine.reduction.Reduction;
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
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;

/** Puts step 3 of the topology together. */
final class DriftWiring {
  /** What a model's own linearity error is learned from. */
  private static final int BASELINE_BATCHES = 100;

  /** In decades; an exact encoder's error is a constant, the floor. */
  private static final double SIGMA_FLOOR = 0.1;

  private static final BaselineSource BASELINE =
      BaselineSource.learned(BASELINE_BATCHES, SIGMA_FLOOR);

  private static final double RAREST_FALSE_ALARM = 1e9;
  private static final Duration SHORTEST_IDLE = Duration.ofSeconds(2);

  private DriftWiring() {}

  /** Nothing when alerts are not among the outputs. */
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
    double rounding = RoundingFloor.of(config.models().engine().precision());
    LogError floor = new LogError(rounding);
    String settings = List.of(sensitivity(drift), BASELINE, rounding).toString();
    return (model, tolerance) -> {
      LinearityPolicy policy =
          new LinearityPolicy(
              tolerance, floor, drift.resolveAfter(), () -> detectors(drift), settings);
      return new LinearityWatch(
          model,
          tolerance,
          new LinearityMonitor(model, policy, diagnostician),
          new VerificationWindows(drift.window()));
    };
  }

  private static List<Detector> detectors(DriftConfig drift) {
    return drift.detectors().stream()
        .map(kind -> kind.create(sensitivity(drift), BASELINE))
        .toList();
  }

  /** Observations are batches, of one record at least: false alarms are rarer than asked for. */
  private static Sensitivity sensitivity(DriftConfig drift) {
    return new Sensitivity(
        Math.min(RAREST_FALSE_ALARM, (double) drift.falseAlarmRecords()),
        drift.smallestFactor(),
        Direction.UP);
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
