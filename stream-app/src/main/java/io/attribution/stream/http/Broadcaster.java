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
import java.util.List;
import java.util.function.Function;

/** Publishes new records as events. */
final class Broadcaster {
  /** From one {@link #tick} to the next. */
  static final long TICK_MILLIS = 500;

  private static final int OPERATIONS_TICKS = 2;
  private static final int TOP_TICKS = 4;

  private final LiveState state;
  private final LiveDocuments documents;
  private final Operations operations;
  private final EventHub hub;
  private final List<Cursor<Sample>> samples;
  private final List<Cursor<VerificationMetric>> batches;
  private final List<Cursor<VerificationWindow>> windows;
  private final Cursor<DriftAlert> alerts;
  private long ticks;

  Broadcaster(LiveState state, Operations operations, EventHub hub) {
    this.state = state;
    this.documents = new LiveDocuments(state);
    this.operations = operations;
    this.hub = hub;
    this.samples = cursors(ModelState::samples);
    this.batches = cursors(ModelState::batches);
    this.windows = cursors(ModelState::windowUpdates);
    this.alerts = new Cursor<>(state.alerts().ring());
  }

  private <T> List<Cursor<T>> cursors(Function<ModelState, Ring<T>> of) {
    return state.models().stream().map(of).map(Cursor::new).toList();
  }

  /** Publishes what came since the last tick. */
  void tick() {
    ticks++;
    publish("samples", samples, documents::samples);
    publish("batches", batches, LiveDocuments::batches);
    publish("windows", windows, LiveDocuments::windows);
    alerts.news().forEach(alert -> hub.publish("alert", AlertDocument.of(alert)));
    if (ticks % OPERATIONS_TICKS == 0) {
      operations.observe();
      hub.publish("operations", operations.json());
    }
    if (ticks % TOP_TICKS == 0 && !hub.isEmpty()) {
      state
          .models()
          .forEach(
              model ->
                  hub.publish(
                      "top", LiveDocuments.ranking(model.ranking(), LiveRoutes.TOP_FEATURES)));
    }
  }

  private <T> void publish(
      String name, List<Cursor<T>> cursors, Function<List<T>, JsonNode> document) {
    List<T> news = cursors.stream().flatMap(cursor -> cursor.news().stream()).toList();
    if (!news.isEmpty() && !hub.isEmpty()) {
      hub.publish(name, document.apply(news));
    }
  }

  /** How far the values of a ring are published. */
  private static final class Cursor<T> {
    private final Ring<T> ring;
    private long next;

    Cursor(Ring<T> ring) {
      this.ring = ring;
      this.next = ring.next();
    }

    List<T> news() {
      Ring.News<T> news = ring.since(next);
      next = news.next();
      return news.values();
    }
  }
}
