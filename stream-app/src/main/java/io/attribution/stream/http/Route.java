package io.attribution.stream.http;

import io.javalin.http.Handler;
import io.javalin.http.HandlerType;

/**
 * One operation of the API, as openapi.json describes it.
 *
 * @param access the token that it needs
 */
record Route(HandlerType method, String path, Access access, Handler handler) {

  static Route get(String path, Handler handler) {
    return new Route(HandlerType.GET, path, Access.READ, handler);
  }

  static Route post(String path, Handler handler) {
    return new Route(HandlerType.POST, path, Access.EXPLAIN, handler);
  }

  Route with(Access other) {
    return new Route(method, path, other, handler);
  }
}
