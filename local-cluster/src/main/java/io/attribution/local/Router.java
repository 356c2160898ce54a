package io.attribution.local;

import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** Leads each call to its route, one call at a time: what the routes use is not thread-safe. */
final class Router {
  private final List<Route> routes;

  Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
  }

  /**
   * @throws RegistryError 404 for a path that is not served, 405 for a method that its path has not
   */
  synchronized Object answer(String method, RegistryCall call)
      throws IOException, RestClientException, RegistryError {
    boolean pathExists = false;
    for (Route route : routes) {
      Optional<List<String>> arguments = route.match(call.path());
      if (arguments.isPresent() && route.method().equals(method)) {
        return route.action().answer(call.with(arguments.get()));
      }
      pathExists |= arguments.isPresent();
    }
    throw pathExists
        ? RegistryError.http(405, "HTTP 405 Method Not Allowed")
        : RegistryError.http(404, "HTTP 404 Not Found");
  }
}
