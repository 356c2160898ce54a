package io.attribution.stream.app;

import io.attribution.drift.ModelKey;
import io.attribution.drift.WatchedModel;
import io.attribution.engine.attribution.ExplainedRow;
import io.attribution.engine.bundle.ModelBundle;
import io.attribution.engine.bundle.WatchLimits;
import io.attribution.engine.reduction.Reduction;
import io.attribution.stream.config.AppConfig;
import io.attribution.stream.config.OutputsConfig;
import io.attribution.stream.models.ModelExplainer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Features and references of the loaded models for the drift stage: built once, before the stream
 * starts, and shared by all tasks.
 */
final class WatchedModels {
  private static final Logger LOG = LoggerFactory.getLogger(WatchedModels.class);
  private static final long NANOS_PER_MILLI = 1_000_000;

  private final Map<String, WatchedModel> byFingerprint = new HashMap<>();

  private WatchedModels() {}

  /**
   * Explains the references of these models, if attributions are watched.
   *
   * @throws io.attribution.engine.bundle.BundleException when a row of a reference cannot be
   *     explained
   */
  static WatchedModels of(AppConfig config, List<ModelExplainer> models) {
    WatchedModels watched = new WatchedModels();
    if (config.outputs().has(OutputsConfig.ALERTS) && config.drift().samplesPerSecond() > 0) {
      models.forEach(model -> watched.add(model, config.outputs().reduction()));
    }
    return watched;
  }

  private void add(ModelExplainer model, Reduction reduction) {
    ModelBundle bundle = model.bundle();
    if (!WatchLimits.allow(bundle.featureCount())) {
      LOG.warn(
          "attributions of {} will not be watched: it has {} features, the most are {};"
              + " its linearity error is",
          bundle.label(),
          bundle.featureCount(),
          WatchLimits.MOST_FEATURES);
    }
    long start = System.nanoTime();
    List<ExplainedRow> reference = model.explainReference(reduction);
    if (!reference.isEmpty()) {
      LOG.info(
          "{}: {} rows of its reference explained in {} ms",
          bundle.label(),
          reference.size(),
          (System.nanoTime() - start) / NANOS_PER_MILLI);
    }
    byFingerprint.put(bundle.fingerprint(), new WatchedModel(bundle.features(), reference));
  }

  /** Empty when the model is not loaded here. */
  Optional<WatchedModel> of(ModelKey model) {
    return Optional.ofNullable(byFingerprint.get(model.fingerprint()));
  }
}
