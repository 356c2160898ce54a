package io.attribution.stream.http;

import io.javalin.http.Context;
import java.util.Locale;
import java.util.concurrent.Semaphore;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.server.Request;

/**
 * Memory for answers that are computed or being read. An answer stands in memory for as long as its
 * reader takes, and readers share that memory with the stream.
 */
final class AnswerRoom {
  private final int contributions;
  private final Semaphore free;

  /**
   * @param contributions that all answers together may hold
   */
  AnswerRoom(int contributions) {
    this.contributions = contributions;
    this.free = new Semaphore(contributions);
  }

  /**
   * Takes room until the request is over, whether its answer was read or not.
   *
   * @param wanted contributions of the answer; one that is larger than all the room takes all of it
   * @throws HttpProblem 429 when others have the room
   */
  void take(Context context, long wanted) {
    int taken = (int) Math.min(wanted, contributions);
    if (!free.tryAcquire(taken)) {
      throw HttpProblem.busy(
          String.format(
              Locale.ROOT,
              "answers of %,d contributions are being computed or read, %,d more do not fit; try again in a moment",
              contributions - free.availablePermits(),
              wanted));
    }
    Request.addCompletionListener(
        ServletContextRequest.getServletContextRequest(context.req()),
        failure -> free.release(taken));
  }
}
