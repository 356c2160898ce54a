package io.attribution.stream.http;

import io.attribution.stream.monitoring.Monitoring;
import io.attribution.stream.ondemand.QueueFullException;
import io.javalin.http.Context;

/** Counts requests for explanations by outcome. */
final class CountedExplain {
  private final Route route;
  private final Runnable accepted;
  private final Runnable full;
  private final Runnable refused;
  private final Runnable failed;

  CountedExplain(Route route, Monitoring monitoring) {
    this.route = route;
    this.accepted = monitoring.explainRequests("accepted");
    this.full = monitoring.explainRequests("queue_full");
    this.refused = monitoring.explainRequests("refused");
    this.failed = monitoring.explainRequests("failed");
  }

  Route route() {
    return new Route(route.method(), route.path(), this::handle);
  }

  private void handle(Context context) throws Exception {
    try {
      route.handler().handle(context);
      accepted.run();
    } catch (QueueFullException e) {
      full.run();
      throw e;
    } catch (HttpProblem e) {
      refused.run();
      throw e;
    } catch (Exception e) {
      failed.run();
      throw e;
    }
  }
}
