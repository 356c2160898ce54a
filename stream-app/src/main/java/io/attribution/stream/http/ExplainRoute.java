package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.attribution.engine.attribution.Rejected;
import io.attribution.stream.json.Json;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.RowOutcome;
import io.attribution.stream.serde.ModelIdentity;
import io.javalin.http.Context;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Explains the rows of a request. */
final class ExplainRoute {
  private static final int UNSUPPORTED = 415;

  /** Contributions of one response at most; some 50 MB of JSON. */
  private static final long MAX_CONTRIBUTIONS = 4_000_000;

  /** Digits, sign, exponent and whitespace of a number. */
  private static final long BYTES_PER_NUMBER = 40;

  private static final long OTHER_BYTES = 64 << 10;
  private static final long MAX_BYTES = 256L << 20;

  /** Values of all bodies that are being received; 128 MiB. */
  private static final long MAX_VALUES_IN_MEMORY = 32 << 20;

  /** Of all responses together; some 250 MB of numbers and JSON. */
  private static final long MAX_CONTRIBUTIONS_IN_MEMORY = 4 * MAX_CONTRIBUTIONS;

  private final ModelCatalog models;
  private final ExplainQueue queue;
  private final AsyncResponses responses;
  private final ExplainOutcomes outcomes;
  private final IncomingBody.Pace pace;
  private final ExplainBody.Limits limits;
  private final ClientShares bodies = new ClientShares(MAX_VALUES_IN_MEMORY);
  private final ClientShares contributions = new ClientShares(MAX_CONTRIBUTIONS_IN_MEMORY);

  ExplainRoute(ModelCatalog models, WebServices services, Routes.RouteLimits limits) {
    this.models = models;
    this.queue = services.queue();
    this.responses = limits.responses();
    this.outcomes = new ExplainOutcomes(services.monitoring());
    this.pace = limits.pace();
    this.limits = limits(models, limits.maxRows());
  }

  private static ExplainBody.Limits limits(ModelCatalog models, int maxRows) {
    int features =
        models.all().stream()
            .mapToInt(model -> model.explainer().model().features())
            .max()
            .orElse(0);
    // The model may be named at the end of the body only.
    int rows =
        Math.min(maxRows, models.all().stream().mapToInt(ExplainRoute::rows).max().orElse(1));
    long bytes = Math.min(MAX_BYTES, OTHER_BYTES + (long) rows * features * BYTES_PER_NUMBER);
    return new ExplainBody.Limits(rows, features, bytes);
  }

  Route route() {
    return Route.post("/api/v1/explain", this::explain);
  }

  private void explain(Context context) {
    outcomes.count(() -> requireAcceptable(context));
    context.future(() -> explained(context));
  }

  private void requireAcceptable(Context context) {
    requireJson(context);
    if (context.req().getContentLengthLong() > limits.bytes()) {
      throw ExplainBody.tooLarge(limits.bytes());
    }
  }

  private CompletableFuture<Void> explained(Context context) {
    ClientShares.Share response = contributions.open(context);
    CompletableFuture<Waiting> waiting =
        received(context, bodies.open(context)).thenApply(body -> queued(body, response));
    return outcomes
        .count(waiting)
        .thenCompose(
            rows ->
                responses.respond(
                    context,
                    rows.outcomes(),
                    all -> document(rows.model().explainer().model(), all)));
  }

  /** Rows in the queue. */
  private record Waiting(ServedModel model, CompletableFuture<List<RowOutcome>> outcomes) {}

  private CompletableFuture<ExplainBody.Parsed> received(
      Context context, ClientShares.Share memory) {
    try {
      return IncomingBody.receive(context, new ExplainBody(limits, memory::grow), pace);
    } catch (IOException e) {
      return CompletableFuture.failedFuture(e);
    }
  }

  private Waiting queued(ExplainBody.Parsed body, ClientShares.Share response) {
    ServedModel model = models.require(body.model());
    int limit = rows(model);
    if (body.rows().size() > limit) {
      throw HttpProblem.tooLarge(
          "%d rows of %d contributions each are too many for one response; send at most %d"
              .formatted(body.rows().size(), model.contributions(), limit));
    }
    reserve(response, (long) body.rows().size() * model.contributions());
    return new Waiting(model, submit(model, body.rows()));
  }

  /**
   * Memory until the response is read: clients share it with the stream.
   *
   * @param wanted contributions of the response; more than a client's share takes all of the share
   */
  private void reserve(ClientShares.Share response, long wanted) {
    if (!response.grow(Math.min(wanted, contributions.limit()))) {
      throw HttpProblem.busy(
          String.format(
              Locale.ROOT,
              "large responses are being computed or read; there is no memory for %,d contributions more; try again in a moment",
              wanted));
    }
  }

  /** Rows of a model that one response may hold. */
  private static int rows(ServedModel model) {
    return (int) Math.max(1, MAX_CONTRIBUTIONS / model.contributions());
  }

  /**
   * With this type, a browser asks (CORS preflight) before it sends rows of another origin's page.
   */
  private static void requireJson(Context context) {
    if (!Requests.isJson(context)) {
      throw new HttpProblem(
          UNSUPPORTED, "send the rows as JSON in UTF-8, with Content-Type: application/json");
    }
    if (context.header("Content-Encoding") != null) {
      throw new HttpProblem(UNSUPPORTED, "send the rows without Content-Encoding");
    }
  }

  /** Rows that the model accepts are queued; the others are rejected here. */
  private CompletableFuture<List<RowOutcome>> submit(ServedModel model, List<ExplainRow> rows) {
    List<Optional<Rejected>> checks = new ArrayList<>();
    List<float[]> good = new ArrayList<>();
    for (ExplainRow row : rows) {
      Optional<Rejected> rejected = row.check(model.explainer().model().features());
      checks.add(rejected);
      if (rejected.isEmpty()) {
        good.add(row.values());
      }
    }
    return queue.submit(model.explainer(), good).thenApply(explained -> merge(checks, explained));
  }

  private static List<RowOutcome> merge(
      List<Optional<Rejected>> checks, List<RowOutcome> explained) {
    Iterator<RowOutcome> next = explained.iterator();
    return checks.stream()
        .map(check -> check.<RowOutcome>map(RowOutcome.Refused::new).orElseGet(next::next))
        .toList();
  }

  private static JsonNode document(ModelIdentity model, List<RowOutcome> outcomes) {
    return Json.object()
        .put("model", model.name())
        .put("version", model.version())
        .set("explanations", Json.array(outcomes, ExplanationDocument::of));
  }
}
