package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.attribution.drift.Origin;
import io.attribution.engine.attribution.Rejected;
import io.attribution.engine.matrix.FloatMatrix;
import io.attribution.stream.json.Json;
import io.attribution.stream.models.RecordCheck;
import io.attribution.stream.models.RecordCheck.Verdict;
import io.attribution.stream.ondemand.ExplainQueue;
import io.attribution.stream.ondemand.Explanation;
import io.attribution.stream.ondemand.InputLookup;
import io.attribution.stream.ondemand.InputSearch;
import io.attribution.stream.ondemand.RowOutcome;
import io.attribution.stream.serde.Decoded;
import io.attribution.stream.serde.FeatureDecoder;
import io.attribution.stream.serde.FeatureRow;
import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Explanations of records on the input topic. */
final class ExplanationRoutes {
  /** Threads that read Kafka for clients, or wait for a consumer. */
  private static final int READERS = 8;

  private final InputLookup lookup;
  private final InputSearch search;
  private final FeatureDecoder decoder;
  private final RecordCheck check;
  private final ExplainQueue queue;
  private final String reduction;
  private final AsyncResponses responses;
  private final ClientShares readers = new ClientShares(READERS);

  /**
   * @param check with explainers that compute everything
   * @param reduction the label of the reduction
   */
  ExplanationRoutes(
      InputLookup lookup,
      InputSearch search,
      FeatureDecoder decoder,
      RecordCheck check,
      ExplainQueue queue,
      String reduction,
      AsyncResponses responses) {
    this.lookup = lookup;
    this.search = search;
    this.decoder = decoder;
    this.check = check;
    this.queue = queue;
    this.reduction = reduction;
    this.responses = responses;
  }

  /** The fixed path comes first: an id would match it too. */
  List<Route> routes() {
    return List.of(
        Route.get("/api/v1/explanations/find", context -> read(context, this::find)),
        Route.get("/api/v1/explanations/{id}", context -> read(context, this::explain)));
  }

  /** Reading Kafka holds a thread of the server. */
  private void read(Context context, Consumer<Context> handler) {
    ClientShares.Share reader =
        readers
            .take(Requests.client(context), 1)
            .orElseThrow(
                () -> HttpProblem.busy("others read the input topic; try again in a moment"));
    try {
      handler.accept(context);
    } finally {
      reader.release();
    }
  }

  private void explain(Context context) {
    Origin origin = Parameters.origin(context.pathParam("id"));
    InputLookup.Found found = lookup.find(origin);
    if (found instanceof InputLookup.Found.Gone gone) {
      throw HttpProblem.notFound(origin + " cannot be read: " + gone.why());
    }
    ConsumerRecord<byte[], byte[]> record = ((InputLookup.Found.There) found).record();
    Verdict verdict = check.check(record.value());
    if (verdict instanceof Verdict.Refused refused) {
      throw deadLetter(refused.rejected());
    }
    Verdict.Ready ready = (Verdict.Ready) verdict;
    float[] features = features(ready.row());
    CompletableFuture<List<RowOutcome>> queued = queue.submit(ready.explainer(), List.of(features));
    context.future(
        () ->
            responses.respond(
                context,
                queued,
                outcomes ->
                    document(
                        origin,
                        record.timestamp(),
                        ready.row(),
                        features,
                        explained(outcomes.get(0)))));
  }

  private static Explanation explained(RowOutcome outcome) {
    if (outcome instanceof RowOutcome.Refused refused) {
      throw deadLetter(refused.rejected());
    }
    return (Explanation) outcome;
  }

  private static float[] features(FeatureRow row) {
    FloatMatrix matrix = FloatMatrix.allocateDirect(1, row.length());
    row.copyTo(matrix, 0);
    return matrix.row(0);
  }

  private static HttpProblem deadLetter(Rejected rejected) {
    return HttpProblem.deadLetter(
        rejected.reason().label(), "the record is a dead letter: " + rejected.detail());
  }

  private JsonNode document(
      Origin origin, long time, FeatureRow row, float[] features, Explanation explanation) {
    ObjectNode document =
        Json.object()
            .put("id", origin.toString())
            .put("model", explanation.model().name())
            .put("version", explanation.model().version())
            .put("time", time)
            .put("recordId", row.recordId().orElse(null))
            .putPOJO("features", features);
    return ExplanationDocument.addTo(document, explanation)
        .put("reduction", reduction)
        .put("tolerance", explanation.model().tolerance());
  }

  private void find(Context context) {
    Optional<String> key = Parameters.text(context, "key");
    Optional<String> recordId = Parameters.text(context, "recordId");
    if (key.isPresent() == recordId.isPresent()) {
      throw HttpProblem.badRequest("name either key or recordId, as in find?key=17");
    }
    Predicate<ConsumerRecord<byte[], byte[]>> wanted =
        key.map(ExplanationRoutes::hasKey).orElseGet(() -> hasId(recordId.orElseThrow()));
    Origin found =
        search
            .newest(wanted)
            .orElseThrow(
                () ->
                    HttpProblem.notFound(
                        "none of the last %d input records has %s '%s'"
                            .formatted(
                                search.records(),
                                key.isPresent() ? "key" : "recordId",
                                key.or(() -> recordId).orElseThrow())));
    Responses.json(context, Json.object().put("id", found.toString()));
  }

  private static Predicate<ConsumerRecord<byte[], byte[]>> hasKey(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    return record -> Arrays.equals(record.key(), bytes);
  }

  private Predicate<ConsumerRecord<byte[], byte[]>> hasId(String recordId) {
    return record ->
        decoder.decode(record.value()) instanceof Decoded.Row decoded
            && decoded.row().recordId().filter(recordId::equals).isPresent();
  }
}
