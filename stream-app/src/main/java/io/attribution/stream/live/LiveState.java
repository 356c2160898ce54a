package io.attribution.stream.live;

import io.attribution.stream.serde.AvroFields;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;

/**
 * What the topics told lately, model by model; records of models that are not loaded here are
 * passed over, so that memory stays bounded. One thread adds, any may read.
 */
public final class LiveState {
  private final Map<String, ModelState> models = new LinkedHashMap<>();
  private final AlertBoard alerts = new AlertBoard();

  /**
   * @param models with different names; the first one is the one that is meant when none is named
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
   * @param value an AttributionSample
   * @param time its timestamp
   * @throws IllegalArgumentException when its vectors do not fit together
   */
  public void addSample(GenericRecord value, long time) {
    of(value)
        .ifPresent(
            state -> {
              Sample sample = new Sample(value, time);
              state.samples().add(sample, sample.weight());
            });
  }

  /**
   * @param value a VerificationMetric
   */
  public void addBatch(GenericRecord value) {
    of(value).ifPresent(state -> state.batches().add(Batch.of(value)));
  }

  /**
   * @param value a VerificationWindow
   */
  public void addWindow(GenericRecord value) {
    of(value).ifPresent(state -> state.windowUpdates().add(Window.of(value)));
  }

  /**
   * @param value a DriftAlert
   */
  public void addAlert(GenericRecord value) {
    of(value).ifPresent(state -> alerts.add(Alert.of(value)));
  }

  private Optional<ModelState> of(GenericRecord value) {
    return model(AvroFields.text(value, "model"));
  }
}
