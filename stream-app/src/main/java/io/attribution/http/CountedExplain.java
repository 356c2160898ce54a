package io.attribution.http;

import io.attribution.monitoring.Monitoring;
import io.attribution.ondemand.QueueFullException;
import io.javalin.http.Context;
import io.micrometer.core.instrument.Counter;

/** Counts requests for explanations by whether they were let in. */
final class CountedExplain {
  private final Route route;
  private final Counter accepted;
  private final Counter full;
  private final Counter refused;
  private final Counter failed;

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
      accepted.increment();
    } catch (QueueFullException e) {
      full.increment();
      throw e;
    } catch (HttpProblem e) {
      refused.increment();
      throw e;
    } catch (Exception e) {
      failed.increment();
      throw e;
    }
  }
}
