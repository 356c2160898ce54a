package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import io.attribution.stream.json.AlertDocument;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelState;
import io.attribution.stream.live.Ring;
import io.attribution.stream.live.Sample;
import io.attribution.stream.logging.SparseLog;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Publishes new records as events, twice per second, from one thread. */
final class Broadcaster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
  private static final long TICK_MILLIS = 500;
  private static final int OPERATIONS_TICKS = 2;
  private static final int TOP_TICKS = 4;

  private final LiveState state;
  private final LiveDocuments documents;
  private final Operations operations;
  private final EventHub hub;
  private final List<ModelCursor> models;
  private final SparseLog failures = SparseLog.onceAMinute(LOG::warn);
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "live-events");
            thread.setDaemon(true);
            return thread;
          });
  private long alerts;
  private long ticks;

  Broadcaster(LiveState state, Operations operations, EventHub hub) {
    this.state = state;
    this.documents = new LiveDocuments(state);
    this.operations = operations;
    this.hub = hub;
    this.models = state.models().stream().map(ModelCursor::new).toList();
    this.alerts = state.alerts().ring().next();
  }

  void start() {
    // It never ends: tickSafely throws nothing.
    ScheduledFuture<?> unused =
        timer.scheduleAtFixedRate(
            this::tickSafely, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A timer does not repeat a task that threw. */
  private void tickSafely() {
    try {
      tick();
    } catch (RuntimeException | Error e) {
      failures.say("live events are not published: " + e);
    }
  }

  /** Publishes what came since the last tick. */
  void tick() {
    ticks++;
    publish("samples", news(ModelCursor::samples), documents::samples);
    publish("batches", news(ModelCursor::batches), LiveDocuments::batches);
    publish("windows", news(ModelCursor::windows), LiveDocuments::windows);
    Ring.News<DriftAlert> fresh = state.alerts().ring().since(alerts);
    alerts = fresh.next();
    fresh.values().forEach(alert -> hub.publish("alert", AlertDocument.of(alert)));
    if (ticks % OPERATIONS_TICKS == 0) {
      operations.observe();
      hub.publish("operations", operations.json());
    }
    if (ticks % TOP_TICKS == 0 && !hub.isEmpty()) {
      models.forEach(
          model ->
              hub.publish(
                  "top", LiveDocuments.ranking(model.state.ranking(), LiveRoutes.TOP_FEATURES)));
    }
  }

  private <T> List<T> news(Function<ModelCursor, List<T>> of) {
    List<T> all = new ArrayList<>();
    models.forEach(model -> all.addAll(of.apply(model)));
    return all;
  }

  private <T> void publish(String name, List<T> news, Function<List<T>, JsonNode> document) {
    if (!news.isEmpty() && !hub.isEmpty()) {
      hub.publish(name, document.apply(news));
    }
  }

  /** How far the records of a model are published. */
  private static final class ModelCursor {
    private final ModelState state;
    private long samples;
    private long batches;
    private long windows;

    ModelCursor(ModelState state) {
      this.state = state;
      this.samples = state.samples().next();
      this.batches = state.batches().next();
      this.windows = state.windowUpdates().next();
    }

    List<Sample> samples() {
      Ring.News<Sample> news = state.samples().since(samples);
      samples = news.next();
      return news.values();
    }

    List<VerificationMetric> batches() {
      Ring.News<VerificationMetric> news = state.batches().since(batches);
      batches = news.next();
      return news.values();
    }

    List<VerificationWindow> windows() {
      Ring.News<VerificationWindow> news = state.windowUpdates().since(windows);
      windows = news.next();
      return news.values();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
