package io.attribution.stream.live;

import io.attribution.schema.AttributionSample;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The latest records of the output topics, by model. Records of models that are not loaded here are
 * dropped, so that memory stays bounded. One thread adds, any may read.
 */
public final class LiveState {
  private final Map<String, ModelState> models = new LinkedHashMap<>();
  private final AlertBoard alerts = new AlertBoard();

  /**
   * @param models with different names; the first one is the default
   */
  public LiveState(List<ModelView> models) {
    models.forEach(model -> this.models.put(model.name(), new ModelState(model)));
  }

  public Collection<ModelState> models() {
    return models.values();
  }

  /** A model by name. */
  public Optional<ModelState> model(String name) {
    return Optional.ofNullable(models.get(name));
  }

  public AlertBoard alerts() {
    return alerts;
  }

  /**
   * @param time the record's timestamp, in milliseconds since the epoch
   * @throws IllegalArgumentException when its vectors do not fit together
   */
  public void addSample(AttributionSample record, long time) {
    model(record.getModel())
        .ifPresent(
            state -> {
              Sample sample = new Sample(record, time);
              state.samples().add(sample, sample.weight());
            });
  }

  public void addBatch(VerificationMetric batch) {
    model(batch.getModel()).ifPresent(state -> state.batches().add(batch));
  }

  public void addWindow(VerificationWindow window) {
    model(window.getModel()).ifPresent(state -> state.windowUpdates().add(window));
  }

  public void addAlert(DriftAlert alert) {
    model(alert.getModel()).ifPresent(state -> alerts.add(alert));
  }
}
