package io.attribution.stream.http;

import io.attribution.schema.VerificationMetric;
import io.attribution.schema.VerificationWindow;
import io.attribution.stream.live.LiveState;
import io.attribution.stream.live.ModelState;
import io.attribution.stream.live.Sample;
import io.javalin.http.Context;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The latest records of the output topics. */
final class LiveRoutes {
  static final int TOP_FEATURES = 20;

  private final LiveState state;
  private final LiveDocuments documents;
  private final ModelCatalog models;

  LiveRoutes(LiveState state, ModelCatalog models) {
    this.state = state;
    this.documents = new LiveDocuments(state);
    this.models = models;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/models", context -> Responses.json(context, models.json())),
        Route.get("/api/v1/alerts", this::alerts),
        Route.get("/api/v1/verification/batches", this::batches),
        Route.get("/api/v1/verification/windows", this::windows),
        Route.get("/api/v1/explanations", this::samples),
        Route.get("/api/v1/features/top", this::top));
  }

  private void alerts(Context context) {
    int limit = Parameters.limit(context, 100);
    Responses.json(context, LiveDocuments.alerts(state.alerts().ring().newestFirst(limit)));
  }

  private void batches(Context context) {
    int limit = Parameters.limit(context, 600);
    List<VerificationMetric> batches =
        merged(
            context,
            model -> model.batches().newest(limit),
            Comparator.comparing(VerificationMetric::getLastTimestamp),
            limit);
    Responses.json(context, LiveDocuments.batches(batches));
  }

  private void windows(Context context) {
    int limit = Parameters.limit(context, 100);
    List<VerificationWindow> windows =
        merged(
            context,
            model -> model.windows(limit),
            Comparator.comparing(VerificationWindow::getStart),
            limit);
    Responses.json(context, LiveDocuments.windows(windows));
  }

  private void samples(Context context) {
    int limit = Parameters.limit(context, 200);
    List<Sample> newestFirst =
        new ArrayList<>(
            merged(
                context,
                model -> model.samples().newest(limit),
                Comparator.comparingLong(Sample::time),
                limit));
    Collections.reverse(newestFirst);
    Responses.json(context, documents.samples(newestFirst));
  }

  private void top(Context context) {
    int limit = Parameters.limit(context, TOP_FEATURES);
    String name = models.require(Parameters.text(context, "model")).view().name();
    ModelState model = state.model(name).orElseThrow();
    Responses.json(context, LiveDocuments.ranking(model.ranking(), limit));
  }

  /**
   * The newest values, at most {@code limit}: of one model in the order of its topic, of several
   * models by time.
   */
  private <T> List<T> merged(
      Context context, Function<ModelState, List<T>> values, Comparator<T> byTime, int limit) {
    List<ModelState> wanted = wanted(context);
    Stream<T> all = wanted.stream().flatMap(model -> values.apply(model).stream());
    List<T> ordered = (wanted.size() == 1 ? all : all.sorted(byTime)).toList();
    return ordered.subList(Math.max(0, ordered.size() - limit), ordered.size());
  }

  private List<ModelState> wanted(Context context) {
    return Parameters.text(context, "model")
        .map(name -> models.require(Optional.of(name)).view().name())
        .flatMap(state::model)
        .map(List::of)
        .orElseGet(() -> List.copyOf(state.models()));
  }
}
