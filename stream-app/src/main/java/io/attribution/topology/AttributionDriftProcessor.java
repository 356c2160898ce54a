package io.attribution.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.AttributionWatch.Place;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.drift.SampleRow;
import io.attribution.serde.SampleReader.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the attributions of every model that the samples topic speaks of. Its rows, the
 * reference's and the window's, stand in the store one by one under slots that are used again, and
 * so does the state of its alerts.
 */
final class AttributionDriftProcessor implements Processor<byte[], byte[], byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(AttributionDriftProcessor.class);
  private static final String STATE = "/state";

  private final String storeName;
  private final DriftStage stage;
  private final String alertSink;
  private final Map<ModelKey, AttributionWatch> watches = new LinkedHashMap<>();

  private @Nullable ProcessorContext<byte[], Object> context;
  private @Nullable KeyValueStore<String, byte[]> store;

  AttributionDriftProcessor(String storeName, DriftStage stage, String alertSink) {
    this.storeName = storeName;
    this.stage = stage;
    this.alertSink = alertSink;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.store = context.getStateStore(storeName);
    // The instance is used again after its task was corrupted: nothing of the earlier life counts.
    watches.clear();
    for (KeyValue<String, byte[]> entry : StoredEntries.of(store())) {
      if (entry.key.endsWith(STATE)) {
        restore(entry);
      }
    }
  }

  private void restore(KeyValue<String, byte[]> entry) {
    try {
      AttributionWatch watch = AttributionWatch.of(entry.value, stage.attributions());
      for (Place place : Place.values()) {
        watch.restore(place, rows(watch.model(), place));
      }
      watches.put(watch.model(), watch);
      watch.openAlerts().forEach(stage.alertListener()::changed);
    } catch (IOException | RuntimeException e) {
      LOG.warn("the watch over the attributions of {} begins anew: {}", entry.key, e.toString());
      // With its rows: they would be taken for those of the new reference at the next start.
      delete(entry.key.substring(0, entry.key.length() - STATE.length()));
    }
  }

  private List<SampleRow> rows(ModelKey model, Place place) throws IOException {
    List<SampleRow> rows = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries =
        store().prefixScan(prefix(model, place), Serdes.String().serializer())) {
      while (entries.hasNext()) {
        rows.add(SampleRow.of(entries.next().value));
      }
    }
    return rows;
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Optional<Sample> sample = stage.samples().read(record.value(), record.timestamp());
    if (sample.isEmpty()) {
      LOG.warn("{}: a record that is no AttributionSample is passed over", Positions.of(context()));
      return;
    }
    SampleRow row = sample.get().row();
    AttributionWatch watch =
        watches.computeIfAbsent(sample.get().model(), model -> begin(model, row.size()));
    if (row.size() == watch.features()) {
      store().put(slot(watch), row.toBytes());
      watch.add(row);
    } else {
      LOG.warn(
          "{}: {} features, the other samples of {} have {}; passed over",
          Positions.of(context()),
          row.size(),
          watch.model().label(),
          watch.features());
    }
    if (watch.isDue()) {
      judge(watch);
    }
    retireOthers(watch);
  }

  private AttributionWatch begin(ModelKey model, int features) {
    AttributionWatch watch = stage.attributions().watch(model, features);
    save(watch);
    return watch;
  }

  private void judge(AttributionWatch watch) {
    List<Alert> alerts = watch.judge();
    delete(prefix(watch.model(), Place.WINDOW));
    save(watch);
    alerts.forEach(this::forward);
  }

  /** A new version of a model took over: what is open about the old one is over. */
  private void retireOthers(AttributionWatch current) {
    for (Iterator<AttributionWatch> all = watches.values().iterator(); all.hasNext(); ) {
      AttributionWatch other = all.next();
      if (current.model().replaces(other.model(), current.lastSeen() - other.lastSeen())) {
        all.remove();
        delete(prefix(other.model()));
        other.retire(current.lastSeen()).forEach(this::forward);
      }
    }
  }

  private void save(AttributionWatch watch) {
    store().put(prefix(watch.model()) + STATE, watch.toBytes());
  }

  private void delete(String prefix) {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries =
        store().prefixScan(prefix, Serdes.String().serializer())) {
      entries.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.forEach(store()::delete);
  }

  private static String slot(AttributionWatch watch) {
    // In the order of their numbers, as the store orders keys.
    return prefix(watch.model(), watch.place()) + String.format(Locale.ROOT, "%08d", watch.index());
  }

  private static String prefix(ModelKey model, Place place) {
    return prefix(model) + (place == Place.REFERENCE ? "/reference/" : "/window/");
  }

  /** The fingerprint is hexadecimal and says it all. */
  private static String prefix(ModelKey model) {
    return model.fingerprint() + "/" + model.name();
  }

  private void forward(Alert alert) {
    context().forward(Alerts.record(alert), alertSink);
    stage.alertListener().changed(alert);
  }

  @Override
  public void close() {
    // Whoever watches these models now says what is open.
    for (ModelKey model : watches.keySet()) {
      stage.alertListener().forget(model, Kind.ATTRIBUTION);
      stage.alertListener().forget(model, Kind.INPUT);
    }
  }

  private ProcessorContext<byte[], Object> context() {
    return Objects.requireNonNull(context, "init was not called");
  }

  private KeyValueStore<String, byte[]> store() {
    return Objects.requireNonNull(store, "init was not called");
  }
}
