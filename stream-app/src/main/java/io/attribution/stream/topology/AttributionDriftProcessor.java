package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.AttributionWatch;
import io.attribution.drift.AttributionWatch.Place;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.drift.SampleRow;
import io.attribution.engine.bundle.WatchLimits;
import io.attribution.stream.serde.SampleReader.Sample;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the attributions of every model on the samples topic. The store holds the rows of the
 * current window, those of a reference that the bundle did not bring, each in a slot that is
 * reused, and the state of the alerts.
 */
final class AttributionDriftProcessor extends WatchProcessor<AttributionWatch> {
  private static final Logger LOG = LoggerFactory.getLogger(AttributionDriftProcessor.class);
  private static final String STATE = "/state";

  private final DriftStage stage;
  private final Set<ModelKey> unwatched = new HashSet<>();

  AttributionDriftProcessor(String storeName, DriftStage stage, String alertSink) {
    super(storeName, stage.alertListener(), alertSink, Set.of(Kind.ATTRIBUTION, Kind.INPUT));
    this.stage = stage;
  }

  @Override
  String stateKey(ModelKey model) {
    return prefix(model) + STATE;
  }

  @Override
  boolean isState(String key) {
    return key.endsWith(STATE);
  }

  @Override
  AttributionWatch restored(String key, byte[] state) throws IOException {
    AttributionWatch watch = AttributionWatch.of(state, stage.attributions());
    for (Place place : Place.values()) {
      if (watch.restores(place)) {
        watch.restore(place, rows(watch.model(), place));
      } else {
        deleteAll(prefix(watch.model(), place));
      }
    }
    // The reference may be loaded now and was not when the state was saved.
    save(watch);
    if (watch.isWaiting()) {
      LOG.warn(
          "the reference of {} is in its bundle, which is not loaded here: its attributions are"
              + " not judged until an instance has both",
          watch.model().label());
    }
    return watch;
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

  /** With its rows: the next start would take them for a new reference. */
  @Override
  void delete(String key) {
    deleteAll(key.substring(0, key.length() - STATE.length()));
  }

  private void deleteAll(String prefix) {
    List<String> keys = new ArrayList<>();
    try (KeyValueIterator<String, byte[]> entries =
        store().prefixScan(prefix, Serdes.String().serializer())) {
      entries.forEachRemaining(entry -> keys.add(entry.key));
    }
    keys.forEach(store()::delete);
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Optional<Sample> sample = stage.samples().read(record.value(), record.timestamp());
    if (sample.isEmpty()) {
      warnSparsely("skipped a record that is not an AttributionSample");
      return;
    }
    ModelKey model = sample.get().model();
    SampleRow row = sample.get().row();
    if (!WatchLimits.allow(row.size())) {
      passOver(model, row);
      return;
    }
    AttributionWatch watch = watch(model, unknown -> begin(unknown, row.size()));
    add(watch, row);
    if (watch.isDue()) {
      judge(watch);
    }
    retireOthers(watch);
  }

  /** Logs once per model. */
  private void passOver(ModelKey model, SampleRow row) {
    if (unwatched.add(model)) {
      LOG.warn(
          "attributions of {} are not watched: it has {} features, the most are {}",
          model.label(),
          row.size(),
          WatchLimits.MOST_FEATURES);
    }
  }

  private AttributionWatch begin(ModelKey model, int features) {
    AttributionWatch watch = stage.attributions().watch(model, features);
    save(watch);
    return watch;
  }

  private void add(AttributionWatch watch, SampleRow row) {
    if (row.size() != watch.features()) {
      warnSparsely(
          "skipped a sample with %d features; %s has %d"
              .formatted(row.size(), watch.model().label(), watch.features()));
      return;
    }
    if (!watch.isWaiting()) {
      store().put(slot(watch), row.toBytes());
    }
    watch.add(row);
  }

  private void judge(AttributionWatch watch) {
    List<Alert> alerts = watch.judge();
    deleteAll(prefix(watch.model(), Place.WINDOW));
    save(watch);
    alerts.forEach(this::forward);
  }

  private static String slot(AttributionWatch watch) {
    // Padded, so that the store's order of keys is the order of the numbers.
    return prefix(watch.model(), watch.place()) + String.format(Locale.ROOT, "%08d", watch.index());
  }

  private static String prefix(ModelKey model, Place place) {
    return prefix(model) + (place == Place.REFERENCE ? "/reference/" : "/window/");
  }

  /** The fingerprint alone identifies the model; the name is for whoever reads the store. */
  private static String prefix(ModelKey model) {
    return model.fingerprint() + "/" + model.name();
  }
}
