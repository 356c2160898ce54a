package io.attribution.stream.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.attribution.stream.config.NearestKey;
import io.javalin.http.Context;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.eclipse.jetty.util.UrlEncoded;

/** The query parameters that openapi.json names. A mistyped one would be without effect. */
final class Contract {
  static final String RESOURCE = "/openapi.json";

  private final JsonNode paths;

  Contract() {
    try {
      this.paths = new ObjectMapper().readTree(Assets.read(RESOURCE)).path("paths");
    } catch (IOException e) {
      throw new UncheckedIOException(RESOURCE, e);
    }
  }

  /** The names of the parameters of a route. */
  Set<String> parameters(Route route) {
    String method = route.method().name().toLowerCase(Locale.ROOT);
    Set<String> names = new TreeSet<>();
    for (JsonNode parameter : paths.path(route.path()).path(method).path("parameters")) {
      if (parameter.path("in").asText().equals("query")) {
        names.add(parameter.path("name").asText());
      }
    }
    return names;
  }

  /**
   * @throws HttpProblem 400 for one that is not known, that is there twice, or is not UTF-8
   */
  static void require(Context context, Set<String> known) {
    String query = context.queryString();
    if (query == null) {
      return;
    }
    Set<String> seen = new HashSet<>();
    try {
      UrlEncoded.decodeUtf8To(
          query, 0, query.length(), (name, value) -> require(name, known, seen));
    } catch (IllegalArgumentException e) {
      throw HttpProblem.badRequest("the query is not percent-encoded UTF-8");
    }
  }

  private static void require(String name, Set<String> known, Set<String> seen) {
    if (!known.contains(name)) {
      throw HttpProblem.badRequest("unknown parameter '" + name + "'" + hint(name, known));
    }
    if (!seen.add(name)) {
      throw HttpProblem.badRequest("the parameter '" + name + "' is there twice");
    }
  }

  private static String hint(String name, Set<String> known) {
    if (known.isEmpty()) {
      return "; this route has no parameters";
    }
    return NearestKey.to(name, known)
        .map(nearest -> "; did you mean '" + nearest + "'?")
        .orElse("; the parameters are " + String.join(", ", known));
  }
}
