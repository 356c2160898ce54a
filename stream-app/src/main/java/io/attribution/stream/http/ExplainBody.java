package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteArrayFeeder;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"model":null|"name","rows":[[…],…]}} as it comes in. Keeps no more values of a row
 * than the widest model has features, and stops at the first row beyond the limit.
 */
final class ExplainBody implements IncomingBody.Parser<ExplainBody.Parsed> {
  private static final int MAX_NAME = 1000;

  /** Names are not interned and not remembered: clients choose them. */
  private static final JsonFactory JSON =
      new JsonFactoryBuilder()
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_NAME)
                  .maxNameLength(MAX_NAME)
                  .build())
          .build();

  private final JsonParser json;
  private final ByteArrayFeeder feeder;
  private final Limits limits;
  private final IntPredicate memory;
  private final Set<String> named = new HashSet<>();
  private final List<ExplainRow> rows = new ArrayList<>();
  private State state = State.BEGINNING;
  private Optional<String> model = Optional.empty();
  private ExplainRow.Builder row;
  private long received;

  /**
   * @param rows the maximum number of rows
   * @param features values of a row that are kept
   * @param bytes of the whole body
   */
  record Limits(int rows, int features, long bytes) {}

  /** The content of a body. */
  record Parsed(Optional<String> model, List<ExplainRow> rows) {}

  private enum State {
    BEGINNING,
    FIELDS,
    MODEL,
    ROWS,
    IN_ROWS,
    IN_ROW,
    ENDED
  }

  /**
   * @param memory reserves memory for that many more values; false when there is none
   */
  ExplainBody(Limits limits, IntPredicate memory) throws IOException {
    this.json = JSON.createNonBlockingByteArrayParser();
    this.feeder = (ByteArrayFeeder) json.getNonBlockingInputFeeder();
    this.limits = limits;
    this.memory = memory;
    this.row = new ExplainRow.Builder(limits.features());
  }

  /**
   * @throws HttpProblem 400 with the position of what is wrong, 413 when there is too much, 429
   *     when there is no memory for more rows
   */
  @Override
  public void feed(byte[] bytes, int length) throws IOException {
    received += length;
    if (received > limits.bytes()) {
      throw tooLarge(limits.bytes());
    }
    parse(() -> feeder.feedInput(bytes, 0, length));
  }

  static HttpProblem tooLarge(long bytes) {
    return HttpProblem.tooLarge(
        "the body is larger than " + bytes + " bytes; send fewer rows at a time");
  }

  @Override
  public Parsed end() throws IOException {
    parse(feeder::endOfInput);
    require(state == State.ENDED, "the body is not a JSON object");
    if (!named.contains("rows")) {
      throw HttpProblem.badRequest("the body has no rows; it looks like {\"rows\":[[1,2,3]]}");
    }
    return new Parsed(model, rows);
  }

  /** More input for the parser. */
  private interface Input {
    void feed() throws IOException;
  }

  private void parse(Input input) throws IOException {
    try {
      input.feed();
      for (JsonToken token = json.nextToken();
          token != null && token != JsonToken.NOT_AVAILABLE;
          token = json.nextToken()) {
        accept(token);
      }
    } catch (JsonProcessingException e) {
      throw HttpProblem.badRequest("the body is not JSON: " + firstLine(e) + at(e.getLocation()));
    } catch (NumberFormatException e) {
      // What Jackson throws where the body ends within a number.
      throw wrong("the body is not JSON: a number is not complete");
    }
  }

  private void accept(JsonToken token) throws IOException {
    switch (state) {
      case BEGINNING -> begin(token);
      case FIELDS -> field(token);
      case MODEL -> model(token);
      case ROWS -> beginRows(token);
      case IN_ROWS -> nextRow(token);
      case IN_ROW -> value(token);
      case ENDED -> throw wrong("the body continues after the JSON object");
    }
  }

  private void begin(JsonToken token) {
    require(token == JsonToken.START_OBJECT, "the body is not a JSON object");
    state = State.FIELDS;
  }

  private void field(JsonToken token) throws IOException {
    if (token == JsonToken.END_OBJECT) {
      state = State.ENDED;
      return;
    }
    String field = json.currentName();
    require(named.add(field), "the body has the field '" + field + "' twice");
    state =
        switch (field) {
          case "model" -> State.MODEL;
          case "rows" -> State.ROWS;
          default ->
              throw wrong(
                  "the body has an unknown field '" + field + "'; the fields are model and rows");
        };
  }

  private void model(JsonToken token) throws IOException {
    if (token != JsonToken.VALUE_NULL) {
      require(token == JsonToken.VALUE_STRING, "model is not a string");
      model = Optional.of(json.getText());
    }
    state = State.FIELDS;
  }

  private void beginRows(JsonToken token) {
    require(token == JsonToken.START_ARRAY, "rows is not an array");
    state = State.IN_ROWS;
  }

  private void nextRow(JsonToken token) {
    if (token == JsonToken.END_ARRAY) {
      state = State.FIELDS;
      return;
    }
    if (rows.size() == limits.rows()) {
      throw HttpProblem.tooLarge(
          "more than " + limits.rows() + " rows; send them in several requests");
    }
    require(token == JsonToken.START_ARRAY, "row " + rows.size() + " is not an array");
    if (!memory.test(limits.features())) {
      throw HttpProblem.busy("too many rows are being received; try again in a moment");
    }
    row = new ExplainRow.Builder(limits.features());
    state = State.IN_ROW;
  }

  private void value(JsonToken token) throws IOException {
    if (token == JsonToken.END_ARRAY) {
      rows.add(row.build());
      state = State.IN_ROWS;
      return;
    }
    if (!token.isNumeric()) {
      throw wrong("row " + rows.size() + ", value " + row.length() + " is not a number");
    }
    row.add(json.getFloatValue());
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw wrong(message);
    }
  }

  private HttpProblem wrong(String message) {
    return HttpProblem.badRequest(message + at(json.currentTokenLocation()));
  }

  private static String at(@Nullable JsonLocation location) {
    return location == null
        ? ""
        : " (line " + location.getLineNr() + ", column " + location.getColumnNr() + ")";
  }

  private static String firstLine(JsonProcessingException e) {
    String message = e.getOriginalMessage().lines().findFirst().orElse("it cannot be parsed");
    // Without Jackson's hints about where an array began, and which parser features exist.
    return message.replaceAll(" \\(start marker at .*|: enable `.*|, from `[^`]*`", "");
  }
}
