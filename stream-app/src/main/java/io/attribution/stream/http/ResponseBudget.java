package io.attribution.stream.http;

import io.javalin.http.Context;
import java.util.Locale;
import org.eclipse.jetty.server.Request;

/**
 * Limits the memory of responses that are being computed or read. A response stays in memory for as
 * long as its client takes to read it, and clients share that memory with the stream.
 */
final class ResponseBudget {
  private final ClientShares contributions;

  /**
   * @param contributions that all responses together may hold; those of one client half of them
   */
  ResponseBudget(long contributions) {
    this.contributions = new ClientShares(contributions);
  }

  /**
   * Reserves memory until the request has ended, whether its response was read or not.
   *
   * @param wanted contributions of the response; more than a client's share takes all of the share
   * @throws HttpProblem 429 when too little is free
   */
  void reserve(Context context, long wanted) {
    ClientShares.Share share =
        contributions
            .take(Requests.client(context), Math.min(wanted, contributions.limit()))
            .orElseThrow(() -> noMemory(wanted));
    Request.addCompletionListener(Requests.of(context), failure -> share.release());
  }

  private static HttpProblem noMemory(long wanted) {
    return HttpProblem.busy(
        String.format(
            Locale.ROOT,
            "large responses are being computed or read; there is no memory for %,d contributions more; try again in a moment",
            wanted));
  }
}
