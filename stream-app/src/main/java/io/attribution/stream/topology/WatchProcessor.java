package io.attribution.stream.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.ModelKey;
import io.attribution.drift.ModelWatch;
import io.attribution.stream.logging.SparseLog;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one watch per model on its topic: creates it, restores it from the store, and ends it when
 * another version of the model took over.
 */
abstract class WatchProcessor<W extends ModelWatch>
    implements Processor<byte[], byte[], byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(WatchProcessor.class);

  /** Open alerts of a model that sent nothing for this long are resolved. */
  private static final Duration SILENCE = Duration.ofDays(1);

  private static final Duration LOOK_FOR_SILENCE = Duration.ofMinutes(1);

  private final String storeName;
  private final AlertListener listener;
  private final String alertSink;
  private final Set<Kind> kinds;
  private final Map<ModelKey, W> watches = new LinkedHashMap<>();

  /** Wall-clock time of a model's last record, or of the restore of its watch. */
  private final Map<ModelKey, Long> seenAtMillis = new HashMap<>();

  private final SparseLog passedOver = SparseLog.onceAMinute(LOG::warn);

  private @Nullable ProcessorContext<byte[], Object> context;
  private @Nullable KeyValueStore<String, byte[]> store;

  /**
   * @param listener receives alerts besides the topic
   * @param kinds of alerts that these watches raise
   */
  WatchProcessor(String storeName, AlertListener listener, String alertSink, Set<Kind> kinds) {
    this.storeName = storeName;
    this.listener = listener;
    this.alertSink = alertSink;
    this.kinds = kinds;
  }

  /** The key of a watch's state in the store. */
  abstract String stateKey(ModelKey model);

  /** Whether a key is that of a watch's state. */
  abstract boolean isState(String key);

  /**
   * Restores the watch that was saved under a state key, with everything it needs.
   *
   * @throws IOException when it cannot be read
   */
  abstract W restored(String key, byte[] state) throws IOException;

  /** Deletes the watch under a state key from the store. */
  abstract void delete(String key);

  /** Publishes what a watch has left when it ends, besides its alerts. */
  void ended(W watch) {}

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.store = context.getStateStore(storeName);
    // Kafka Streams reuses the instance after a task was corrupted: start from the store.
    watches.clear();
    seenAtMillis.clear();
    for (KeyValue<String, byte[]> entry : StoredEntries.of(store())) {
      if (isState(entry.key)) {
        restore(entry);
      }
    }
    context.schedule(
        LOOK_FOR_SILENCE, PunctuationType.WALL_CLOCK_TIME, now -> resolveSilentAlerts());
  }

  private void restore(KeyValue<String, byte[]> entry) {
    try {
      W watch = restored(entry.key, entry.value);
      watches.put(watch.model(), watch);
      noteSeen(watch.model());
      watch.openAlerts().forEach(listener::changed);
    } catch (IOException | RuntimeException e) {
      // A state that cannot be read must not stop the application at every start.
      LOG.warn(
          "{}: the state of {} cannot be read, its watch starts afresh: {}",
          storeName,
          entry.key,
          e.toString());
      delete(entry.key);
    }
  }

  private void noteSeen(ModelKey model) {
    seenAtMillis.put(model, context().currentSystemTimeMs());
  }

  /** Whether the model sent nothing for this long. */
  final boolean isSilent(W watch, Duration pause) {
    long seenAt = seenAtMillis.getOrDefault(watch.model(), 0L);
    return context().currentSystemTimeMs() - seenAt > pause.toMillis();
  }

  /**
   * Resolves the alerts of a model that was removed without a successor. Its state is kept: it may
   * return after a weekend.
   */
  private void resolveSilentAlerts() {
    for (W watch : watches.values()) {
      if (!watch.openAlerts().isEmpty() && isSilent(watch, SILENCE)) {
        String why = watch.model().label() + " sent nothing for a day";
        List<Alert> alerts = watch.retire(watch.lastSeen() + SILENCE.toMillis(), why);
        save(watch);
        alerts.forEach(this::forward);
      }
    }
  }

  /** Logs what is wrong with the current record, at most once a minute. */
  final void warnSparsely(String problem) {
    passedOver.say(Positions.of(context()) + ": " + problem);
  }

  /** The watch of the model of the current record, created on first use. */
  final W watch(ModelKey model, Function<ModelKey, W> begin) {
    noteSeen(model);
    return watches.computeIfAbsent(model, begin);
  }

  final Iterable<W> watches() {
    return watches.values();
  }

  /** Ends the watches of versions that this model replaced, and resolves their alerts. */
  final void retireOthers(W current) {
    for (Iterator<W> all = watches.values().iterator(); all.hasNext(); ) {
      W other = all.next();
      if (current.model().replaces(other.model(), current.lastSeen() - other.lastSeen())) {
        all.remove();
        seenAtMillis.remove(other.model());
        delete(stateKey(other.model()));
        ended(other);
        String why = other.model().label() + " is no longer in use";
        other.retire(current.lastSeen(), why).forEach(this::forward);
      }
    }
  }

  final void save(W watch) {
    store().put(stateKey(watch.model()), watch.toBytes());
  }

  final void forward(Alert alert) {
    context().forward(Alerts.record(alert), alertSink);
    listener.changed(alert);
  }

  @Override
  public void close() {
    // The instance that took over reports the open alerts from now on.
    for (ModelKey model : watches.keySet()) {
      kinds.forEach(kind -> listener.forget(model, kind));
    }
  }

  final ProcessorContext<byte[], Object> context() {
    return Objects.requireNonNull(context, "init was not called");
  }

  final KeyValueStore<String, byte[]> store() {
    return Objects.requireNonNull(store, "init was not called");
  }
}
