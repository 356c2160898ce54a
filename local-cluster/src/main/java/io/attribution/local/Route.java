package io.attribution.local;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * A method, a path and the action that answers them.
 *
 * @param path matches the raw path; its groups are the arguments
 */
record Route(String method, Pattern path, Action action) {

  static Route get(String template, Action action) {
    return of("GET", template, action);
  }

  static Route post(String template, Action action) {
    return of("POST", template, action);
  }

  static Route put(String template, Action action) {
    return of("PUT", template, action);
  }

  private static Route of(String method, String template, Action action) {
    String expression = template.replaceAll("\\{\\w+}", "([^/]+)") + "/?";
    return new Route(method, Pattern.compile(expression), action);
  }

  /** The arguments in a path, still encoded, where it is one of this route's. */
  Optional<List<String>> match(String rawPath) {
    Matcher matcher = path.matcher(rawPath);
    return matcher.matches() ? Optional.of(groups(matcher)) : Optional.empty();
  }

  private static List<String> groups(MatchResult match) {
    return IntStream.rangeClosed(1, match.groupCount()).mapToObj(match::group).toList();
  }

  /** Answers with a value to be written as JSON. */
  interface Action {
    Object answer(RegistryCall call) throws IOException, RestClientException, RegistryError;
  }
}
