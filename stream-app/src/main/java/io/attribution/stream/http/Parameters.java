package io.attribution.stream.http;

import io.attribution.drift.Origin;
import io.javalin.http.Context;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The parameters of a request's URL. */
final class Parameters {
  static final int MAX_LIMIT = 10_000;
  private static final Pattern ID = Pattern.compile("(.+)-(\\d{1,9})@(\\d{1,18})");

  private Parameters() {}

  static Optional<String> text(Context context, String name) {
    return Optional.ofNullable(context.queryParam(name)).filter(value -> !value.isEmpty());
  }

  /**
   * @throws HttpProblem 400 when it is not a number from 1 to 10,000
   */
  static int limit(Context context, int otherwise) {
    String value = context.queryParam("limit");
    if (value == null) {
      return otherwise;
    }
    if (!value.matches("\\d{1,5}")
        || Integer.parseInt(value) < 1
        || Integer.parseInt(value) > MAX_LIMIT) {
      throw HttpProblem.badRequest(
          "limit is '" + value + "'; it must be a number from 1 to " + MAX_LIMIT);
    }
    return Integer.parseInt(value);
  }

  /**
   * @throws HttpProblem 400 when it is not topic-partition@offset
   */
  static Origin origin(String id) {
    Matcher parts = ID.matcher(id);
    if (!parts.matches()) {
      throw HttpProblem.badRequest(
          "'" + id + "' is not an id; an id is topic-partition@offset, such as features-0@1284");
    }
    return new Origin(
        parts.group(1), Integer.parseInt(parts.group(2)), Long.parseLong(parts.group(3)));
  }
}
