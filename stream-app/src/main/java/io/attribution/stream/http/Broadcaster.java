package io.attribution.stream.http;

import io.attribution.stream.live.Alert;
import io.attribution.stream.live.Batch;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelState;
import io.attribution.stream.live.Ring;
import io.attribution.stream.live.Sample;
import io.attribution.stream.live.Window;
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

/** Tells the clients what is new, twice per second, with one thread. */
final class Broadcaster implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broadcaster.class);
  private static final long TICK_MILLIS = 500;
  private static final int OPERATIONS_TICKS = 2;
  private static final int TOP_TICKS = 4;

  private final LiveState state;
  private final LiveJson json;
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
    this.json = new LiveJson(state);
    this.operations = operations;
    this.hub = hub;
    this.models = state.models().stream().map(ModelCursor::new).toList();
    this.alerts = state.alerts().ring().next();
  }

  void start() {
    // Never done, never failed: tickSafely throws nothing.
    ScheduledFuture<?> unused =
        timer.scheduleAtFixedRate(
            this::tickSafely, TICK_MILLIS, TICK_MILLIS, TimeUnit.MILLISECONDS);
  }

  /** A timer forgets a task that threw. */
  private void tickSafely() {
    try {
      tick();
    } catch (RuntimeException | Error e) {
      failures.say("live events could not be told: " + e);
    }
  }

  /** What is new goes out; who is not connected has missed it. */
  void tick() {
    ticks++;
    publish("samples", news(ModelCursor::samples), json::samples);
    publish("batches", news(ModelCursor::batches), json::batches);
    publish("windows", news(ModelCursor::windows), json::windows);
    Ring.News<Alert> fresh = state.alerts().ring().since(alerts);
    alerts = fresh.next();
    fresh.values().forEach(alert -> hub.publish("alert", json.alert(alert)));
    if (ticks % OPERATIONS_TICKS == 0) {
      operations.observe();
      hub.publish("operations", operations.json());
    }
    if (ticks % TOP_TICKS == 0 && !hub.isEmpty()) {
      models.forEach(
          model ->
              hub.publish("top", json.ranking(model.state.ranking(), LiveRoutes.TOP_FEATURES)));
    }
  }

  private <T> List<T> news(Function<ModelCursor, List<T>> of) {
    List<T> all = new ArrayList<>();
    models.forEach(model -> all.addAll(of.apply(model)));
    return all;
  }

  private <T> void publish(String name, List<T> news, Function<List<T>, JsonBody> body) {
    if (!news.isEmpty()) {
      hub.publish(name, body.apply(news));
    }
  }

  /** How much of a model was told. */
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

    List<Batch> batches() {
      Ring.News<Batch> news = state.batches().since(batches);
      batches = news.next();
      return news.values();
    }

    List<Window> windows() {
      Ring.News<Window> news = state.windowUpdates().since(windows);
      windows = news.next();
      return news.values();
    }
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
