package io.attribution.stream.http;

import io.attribution.stream.json.Json;
import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.ondemand.InputConsumers;
import io.attribution.stream.ondemand.QueueFullException;
import io.attribution.stream.ondemand.StoppedException;
import io.attribution.stream.registry.RegistryException;
import io.javalin.config.JavalinConfig;
import io.javalin.config.RoutesConfig;
import io.javalin.http.Context;
import io.javalin.http.HttpResponseException;
import io.javalin.http.MethodNotAllowedResponse;
import io.javalin.router.EndpointNotFound;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Responses to exceptions: a status and one line of JSON, never a stack trace. */
final class ErrorResponses {
  private static final Logger LOG = LoggerFactory.getLogger(ErrorResponses.class);
  private static final SparseLog UNREACHABLE = SparseLog.onceAMinute(LOG::warn);
  private static final SparseLog FAILURES = SparseLog.onceAMinute(LOG::error);
  private static final String INTERNAL = "internal error; see the application's log";
  private static final String RETRY_AFTER = "Retry-After";
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY = 429;
  private static final int UNAVAILABLE = 503;

  private ErrorResponses() {}

  static void map(JavalinConfig javalin) {
    javalin.router.javaLangErrorHandler(ErrorResponses::unexpected);
    map(javalin.routes);
  }

  private static void map(RoutesConfig routes) {
    routes.exception(
        HttpProblem.class,
        (e, context) -> {
          if (e.status() == TOO_MANY || e.status() == UNAVAILABLE) {
            context.header(RETRY_AFTER, "1");
          }
          if (e.status() == REQUEST_TIMEOUT) {
            context.header("Connection", "close");
          }
          Responses.error(context, e.status(), message(e), e.reason());
        });
    routes.exception(
        QueueFullException.class, (e, context) -> retry(context, TOO_MANY, message(e)));
    routes.exception(
        InputConsumers.BusyException.class, (e, context) -> retry(context, TOO_MANY, message(e)));
    routes.exception(
        TimeoutException.class,
        (e, context) ->
            retry(context, UNAVAILABLE, "the explanation takes too long; try again later"));
    routes.exception(
        StoppedException.class, (e, context) -> retry(context, UNAVAILABLE, message(e)));
    routes.exception(
        KafkaException.class, (e, context) -> unavailable(context, "Kafka does not answer", e));
    routes.exception(
        RegistryException.class,
        (e, context) -> unavailable(context, "the schema registry does not answer", e));
    routes.exception(
        MethodNotAllowedResponse.class,
        (e, context) -> notAllowed(context, String.join(", ", e.getDetails().values())));
    routes.exception(EndpointNotFound.class, (e, context) -> notFound(context));
    routes.exception(
        HttpResponseException.class,
        (e, context) -> Responses.error(context, e.getStatus(), message(e)));
    routes.exception(Exception.class, ErrorResponses::unexpected);
    routes.exception(
        InterruptedException.class,
        (e, context) ->
            Responses.error(context, UNAVAILABLE, "this instance is stopping; use another one"));
  }

  /** Pages are no routes. */
  private static void notFound(Context context) {
    if (Assets.isPage(context.path())) {
      notAllowed(context, "GET, HEAD");
    } else {
      Responses.error(
          context,
          404,
          "there is no " + context.method() + " " + context.path() + "; see /openapi.json");
    }
  }

  private static void notAllowed(Context context, String methods) {
    Responses.error(
        context.header("Allow", methods),
        405,
        context.path() + " does not support " + context.method() + "; see /openapi.json");
  }

  private static void retry(Context context, int status, String message) {
    context.header(RETRY_AFTER, "1");
    Responses.error(context, status, message);
  }

  private static void unavailable(Context context, String what, RuntimeException e) {
    UNREACHABLE.say(context.path() + ": " + e);
    context.header(RETRY_AFTER, "5");
    Responses.error(context, UNAVAILABLE, what + ": " + message(e));
  }

  private static void unexpected(Exception e, Context context) {
    FAILURES.say(context.method() + " " + context.path() + " failed: " + e + at(e));
    LOG.debug("{} {} failed", context.method(), context.path(), e);
    Responses.error(context, 500, INTERNAL);
  }

  private static void unexpected(HttpServletResponse response, Error e) {
    FAILURES.say("a request failed: " + e + at(e));
    LOG.debug("a request failed", e);
    try {
      response.setContentType(Responses.JSON);
      response.getOutputStream().write(Json.bytes(Responses.error(INTERNAL)));
    } catch (IOException gone) {
      LOG.debug("nobody reads the response", gone);
    }
  }

  /** The line that says where; the stack trace is logged with verbose only. */
  private static String at(Throwable e) {
    return e.getStackTrace().length == 0 ? "" : " at " + e.getStackTrace()[0];
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message.lines().findFirst().orElse("");
  }
}
