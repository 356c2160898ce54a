package io.attribution.topology;

import io.attribution.drift.Alert;
import io.attribution.drift.Kind;
import io.attribution.drift.LinearityWatch;
import io.attribution.drift.ModelKey;
import io.attribution.drift.Observation;
import io.attribution.drift.VerificationWindow;
import io.attribution.serde.VerificationReader.Metric;
import io.attribution.serde.WindowSerializer.ModelWindow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.PunctuationType;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the linearity error of every model that the verification topic speaks of. What it knows
 * of a model stands in the store after every record, so that a kill changes no verdict.
 */
final class LinearityProcessor implements Processor<byte[], byte[], byte[], Object> {
  private static final Logger LOG = LoggerFactory.getLogger(LinearityProcessor.class);
  private static final Duration LOOK_FOR_IDLE = Duration.ofSeconds(1);

  private final String storeName;
  private final DriftStage stage;
  private final String windowSink;
  private final String alertSink;
  private final Map<ModelKey, Watched> watches = new LinkedHashMap<>();

  private @Nullable ProcessorContext<byte[], Object> context;
  private @Nullable KeyValueStore<String, byte[]> store;

  /** A watch, and when the last record for it came. */
  private static final class Watched {
    private final LinearityWatch watch;
    private long heardAtMillis;
    private boolean idle;

    Watched(LinearityWatch watch, long nowMillis) {
      this.watch = watch;
      this.heardAtMillis = nowMillis;
    }
  }

  LinearityProcessor(String storeName, DriftStage stage, String windowSink, String alertSink) {
    this.storeName = storeName;
    this.stage = stage;
    this.windowSink = windowSink;
    this.alertSink = alertSink;
  }

  @Override
  public void init(ProcessorContext<byte[], Object> context) {
    this.context = context;
    this.store = context.getStateStore(storeName);
    // The instance is used again after its task was corrupted: nothing of the earlier life counts.
    watches.clear();
    StoredEntries.of(store()).forEach(this::restore);
    context.schedule(LOOK_FOR_IDLE, PunctuationType.WALL_CLOCK_TIME, this::closeIdleWindows);
  }

  private void restore(KeyValue<String, byte[]> entry) {
    try {
      LinearityWatch watch = LinearityWatch.of(entry.value, stage.linearity());
      watches.put(watch.model(), new Watched(watch, context().currentSystemTimeMs()));
      watch.openAlert().ifPresent(stage.alertListener()::changed);
    } catch (IOException | RuntimeException e) {
      // A state that cannot be read must not stop the application at every start.
      LOG.warn("the watch over model {} begins anew: {}", entry.key, e.toString());
      store().delete(entry.key);
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    Optional<Metric> metric = stage.verification().read(record.value());
    if (metric.isEmpty()) {
      LOG.warn(
          "{}: a record that is no VerificationMetric is passed over", Positions.of(context()));
      return;
    }
    Watched watched =
        watches.computeIfAbsent(metric.get().model(), model -> new Watched(watch(metric.get()), 0));
    watched.heardAtMillis = context().currentSystemTimeMs();
    watched.idle = false;
    observe(watched.watch, metric.get().observation());
    retireOthers(watched.watch);
  }

  private LinearityWatch watch(Metric metric) {
    return stage.linearity().watch(metric.model(), metric.tolerance());
  }

  private void observe(LinearityWatch watch, Observation batch) {
    Optional<Alert> alert = watch.observe(batch);
    List<VerificationWindow> windows = watch.window(batch);
    save(watch);
    alert.ifPresent(this::forward);
    forward(watch, windows);
  }

  /** A new version of a model took over: what is open about the old one is over. */
  private void retireOthers(LinearityWatch current) {
    for (Iterator<Watched> all = watches.values().iterator(); all.hasNext(); ) {
      LinearityWatch other = all.next().watch;
      if (current.model().replaces(other.model(), current.lastSeen() - other.lastSeen())) {
        all.remove();
        store().delete(key(other.model()));
        forward(other, other.idle());
        other.retire(current.lastSeen()).ifPresent(this::forward);
      }
    }
  }

  /** The last window of a stream that stopped must not wait for the next record. */
  private void closeIdleWindows(long nowMillis) {
    for (Watched watched : watches.values()) {
      if (!watched.idle && nowMillis - watched.heardAtMillis > stage.idleAfter().toMillis()) {
        watched.idle = true;
        List<VerificationWindow> windows = watched.watch.idle();
        if (!windows.isEmpty()) {
          save(watched.watch);
          forward(watched.watch, windows);
        }
      }
    }
  }

  private void save(LinearityWatch watch) {
    store().put(key(watch.model()), watch.toBytes());
  }

  private static String key(ModelKey model) {
    return model.name() + "/" + model.fingerprint();
  }

  private void forward(Alert alert) {
    context().forward(Alerts.record(alert), alertSink);
    stage.alertListener().changed(alert);
  }

  private void forward(LinearityWatch watch, List<VerificationWindow> windows) {
    byte[] key = watch.model().name().getBytes(StandardCharsets.UTF_8);
    for (VerificationWindow window : windows) {
      ModelWindow value = new ModelWindow(watch.model(), watch.tolerance(), window);
      context().forward(new Record<>(key, value, window.merged().lastTimestamp()), windowSink);
    }
  }

  @Override
  public void close() {
    // Whoever watches these models now says what is open.
    watches
        .values()
        .forEach(
            watched -> stage.alertListener().forget(watched.watch.model(), Kind.LINEARITY_ERROR));
  }

  private ProcessorContext<byte[], Object> context() {
    return Objects.requireNonNull(context, "init was not called");
  }

  private KeyValueStore<String, byte[]> store() {
    return Objects.requireNonNull(store, "init was not called");
  }
}
