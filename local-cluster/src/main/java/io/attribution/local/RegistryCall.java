package io.attribution.local;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One request, read.
 *
 * @param path still encoded
 * @param arguments the variable parts of the path, decoded
 * @param query still encoded, empty where there is none
 */
record RegistryCall(String path, List<String> arguments, String query, String body) {

  static RegistryCall read(HttpExchange exchange) throws IOException {
    URI uri = exchange.getRequestURI();
    return new RegistryCall(
        uri.getRawPath(),
        List.of(),
        Optional.ofNullable(uri.getRawQuery()).orElse(""),
        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
  }

  RegistryCall with(List<String> rawArguments) {
    return new RegistryCall(
        path, rawArguments.stream().map(RegistryCall::decode).toList(), query, body);
  }

  String argument(int index) {
    return arguments.get(index);
  }

  /**
   * @throws RegistryError 404 where the argument is no number
   */
  int number(int index) throws RegistryError {
    try {
      return Integer.parseInt(argument(index));
    } catch (NumberFormatException e) {
      throw RegistryError.http(404, "HTTP 404 Not Found");
    }
  }

  /** Whether the query says {@code name=true}, in any case. */
  boolean flag(String name) {
    String wanted = name + "=true";
    return List.of(query.toLowerCase(Locale.ROOT).split("&"))
        .contains(wanted.toLowerCase(Locale.ROOT));
  }

  /**
   * The body, read by the parser.
   *
   * @throws RegistryError 400 where it is not the JSON wanted
   */
  <T> T body(Parser<T> parser) throws RegistryError {
    try {
      return parser.parse(body);
    } catch (IOException e) {
      throw RegistryError.http(400, "Unrecognized request body: " + e.getMessage());
    }
  }

  /** In a path, unlike in a form, a plus is a plus. */
  private static String decode(String raw) {
    return URLDecoder.decode(raw.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** One of the {@code fromJson} methods of Confluent's entities. */
  interface Parser<T> {
    T parse(String json) throws IOException;
  }
}
