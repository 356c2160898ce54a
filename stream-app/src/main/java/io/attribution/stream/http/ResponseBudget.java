package io.attribution.stream.http;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Limits the memory of responses that are being computed or read. A response stays in memory for as
 * long as its client takes to read it, and clients share that memory with the stream.
 */
final class ResponseBudget {
  private final int contributions;
  private final Semaphore free;

  /**
   * @param contributions that all responses together may hold
   */
  ResponseBudget(int contributions) {
    this.contributions = contributions;
    this.free = new Semaphore(contributions);
  }

  /**
   * Reserves memory until the request has ended, whether its response was read or not.
   *
   * @param wanted contributions of the response; more than the whole budget takes the whole budget
   * @throws HttpProblem 429 when too little of the budget is free
   */
  void reserve(Context context, long wanted) {
    int reserved = (int) Math.min(wanted, contributions);
    if (!free.tryAcquire(reserved)) {
      throw HttpProblem.busy(
          String.format(
              Locale.ROOT,
              "responses with %,d contributions are being computed or read; there is no memory for %,d more; try again in a moment",
              contributions - free.availablePermits(),
              wanted));
    }
    Request.addCompletionListener(
        ServletContextRequest.getServletContextRequest(context.req()),
        failure -> free.release(reserved));
  }
}
