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
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;

/** Explains the rows of a request. */
final class ExplainRoute {
  /** Contributions of one response at most; some 50 MB of JSON. */
  private static final long MAX_CONTRIBUTIONS = 4_000_000;

  /** Digits, sign, exponent and whitespace of a number. */
  private static final long BYTES_PER_NUMBER = 40;

  private static final long OTHER_BYTES = 64 << 10;
  private static final long MAX_BYTES = 256L << 20;

  /** Each slow sender occupies a thread and memory; probes and pages need some too. */
  private static final int SENDERS = 8;

  /** Of all responses together; some 250 MB of numbers and JSON. */
  private static final int MAX_CONTRIBUTIONS_IN_MEMORY = 4 * (int) MAX_CONTRIBUTIONS;

  private final ModelCatalog models;
  private final ExplainQueue queue;
  private final int maxRows;
  private final AsyncResponses responses;
  private final Semaphore senders = new Semaphore(SENDERS);
  private final ResponseBudget budget = new ResponseBudget(MAX_CONTRIBUTIONS_IN_MEMORY);

  ExplainRoute(ModelCatalog models, ExplainQueue queue, int maxRows, AsyncResponses responses) {
    this.models = models;
    this.queue = queue;
    this.maxRows = maxRows;
    this.responses = responses;
  }

  Route route() {
    return Route.post("/api/v1/explain", this::explain);
  }

  private void explain(Context context) throws IOException {
    requireJson(context);
    ExplainBody.Parsed body = parse(context);
    ServedModel model = models.require(body.model());
    int limit = rows(model);
    if (body.rows().size() > limit) {
      throw HttpProblem.tooLarge(
          "%d rows of %d contributions each are too many for one response; send at most %d"
              .formatted(body.rows().size(), model.contributions(), limit));
    }
    budget.reserve(context, (long) body.rows().size() * model.contributions());
    responses.respond(
        context, submit(model, body.rows()), all -> document(model.explainer().model(), all));
  }

  /** Rows of a model that one response may hold. */
  private static int rows(ServedModel model) {
    return (int) Math.max(1, MAX_CONTRIBUTIONS / model.contributions());
  }

  /**
   * With this type, a browser asks (CORS preflight) before it sends rows of another origin's page.
   */
  private static void requireJson(Context context) {
    String type = context.contentType();
    if (type == null || !type.startsWith(Responses.JSON)) {
      throw new HttpProblem(415, "send the rows as JSON, with Content-Type: application/json");
    }
  }

  private ExplainBody.Parsed parse(Context context) throws IOException {
    if (!senders.tryAcquire()) {
      throw HttpProblem.busy(SENDERS + " requests are being received; try again in a moment");
    }
    try {
      return receive(context);
    } finally {
      senders.release();
    }
  }

  private ExplainBody.Parsed receive(Context context) throws IOException {
    int features =
        models.all().stream()
            .mapToInt(model -> model.explainer().model().features())
            .max()
            .orElse(0);
    // The model may be named at the end of the body only.
    int most =
        Math.min(maxRows, models.all().stream().mapToInt(ExplainRoute::rows).max().orElse(1));
    long limit = Math.min(MAX_BYTES, OTHER_BYTES + (long) most * features * BYTES_PER_NUMBER);
    return ExplainBody.parse(new LimitedBody(context.bodyInputStream(), limit), most, features);
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
