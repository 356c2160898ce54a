package io.attribution.stream.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads {@code {"model":null|"name","rows":[[…],…]}} as it comes in. Keeps no more values of a row
 * than the widest model has features, and stops at the first row beyond the limit.
 */
final class ExplainBody {
  private static final JsonFactory JSON = new JsonFactory();

  private final JsonParser json;
  private final int maxRows;
  private final int maxFeatures;

  private ExplainBody(JsonParser json, int maxRows, int maxFeatures) {
    this.json = json;
    this.maxRows = maxRows;
    this.maxFeatures = maxFeatures;
  }

  /** The content of a body. */
  record Parsed(Optional<String> model, List<ExplainRow> rows) {}

  /**
   * @param maxRows the maximum number of rows
   * @param maxFeatures values of a row that are kept
   * @throws HttpProblem 400 with the position of what is wrong, 413 when there are too many rows
   * @throws IOException when the body cannot be read
   */
  static Parsed parse(InputStream body, int maxRows, int maxFeatures) throws IOException {
    try (JsonParser json = JSON.createParser(body)) {
      return new ExplainBody(json, maxRows, maxFeatures).parse();
    } catch (JsonProcessingException e) {
      throw HttpProblem.badRequest("the body is not JSON: " + firstLine(e) + at(e.getLocation()));
    }
  }

  private Parsed parse() throws IOException {
    require(json.nextToken() == JsonToken.START_OBJECT, "the body is not a JSON object");
    Optional<String> model = Optional.empty();
    List<ExplainRow> rows = null;
    Set<String> named = new HashSet<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String field = json.currentName();
      json.nextToken();
      require(named.add(field), "the body has the field '" + field + "' twice");
      if (field.equals("model")) {
        model = model();
      } else if (field.equals("rows")) {
        rows = rows();
      } else {
        throw wrong("the body has an unknown field '" + field + "'; the fields are model and rows");
      }
    }
    require(json.nextToken() == null, "the body continues after the JSON object");
    if (rows == null) {
      throw HttpProblem.badRequest("the body has no rows; it looks like {\"rows\":[[1,2,3]]}");
    }
    return new Parsed(model, rows);
  }

  private Optional<String> model() throws IOException {
    if (json.currentToken() == JsonToken.VALUE_NULL) {
      return Optional.empty();
    }
    require(json.currentToken() == JsonToken.VALUE_STRING, "model is not a string");
    return Optional.of(json.getText());
  }

  private List<ExplainRow> rows() throws IOException {
    require(json.currentToken() == JsonToken.START_ARRAY, "rows is not an array");
    List<ExplainRow> rows = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (rows.size() == maxRows) {
        throw HttpProblem.tooLarge("more than " + maxRows + " rows; send them in several requests");
      }
      require(
          json.currentToken() == JsonToken.START_ARRAY, "row " + rows.size() + " is not an array");
      rows.add(row(rows.size()));
    }
    return rows;
  }

  private ExplainRow row(int number) throws IOException {
    ExplainRow.Builder row = new ExplainRow.Builder(maxFeatures);
    for (JsonToken token = json.nextToken();
        token != JsonToken.END_ARRAY;
        token = json.nextToken()) {
      boolean isNumber = token != null && token.isNumeric();
      require(isNumber, "row " + number + ", value " + row.length() + " is not a number");
      row.add(json.getFloatValue());
    }
    return row.build();
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
