package io.attribution.engine.internal.route;

import io.attribution.engine.attribution.Attributions;
import io.attribution.engine.attribution.Route;
import io.attribution.engine.matrix.FloatMatrix;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fast route that is checked: every N batches a few rows are computed by a slow and simple route
 * as well. When the two disagree, the slow one takes over for good, beginning with this batch.
 */
final class GuardedRoute implements Route {
  private static final Logger LOG = LoggerFactory.getLogger(GuardedRoute.class);

  private final Route fast;
  private final Route slow;
  private final SpotCheck check;
  private final int interval;
  private final AtomicLong batches = new AtomicLong();
  private volatile boolean distrusted;

  /**
   * @param interval batches from one check to the next, at least 1
   */
  GuardedRoute(Route fast, Route slow, SpotCheck check, int interval) {
    this.fast = fast;
    this.slow = slow;
    this.check = check;
    this.interval = interval;
  }

  @Override
  public void attribute(FloatMatrix features, Attributions results) {
    if (!distrusted) {
      fast.attribute(features, results);
      if (batches.getAndIncrement() % interval == 0) {
        check.disagreement(features, results).ifPresent(this::distrust);
      }
    }
    if (distrusted) {
      slow.attribute(features, results);
    }
  }

  private void distrust(String disagreement) {
    distrusted = true;
    LOG.error(
        "the compiled encoder and its layers one by one disagree: {}. Results of up to {} batches"
            + " before this one may be wrong. From now on the layers are computed one by one, which"
            + " is slower. Please report this, with the model",
        disagreement,
        interval);
  }

  /** Whether the slow route has taken over. */
  @Override
  public boolean fellBack() {
    return distrusted;
  }

  @Override
  public void close() {
    fast.close();
    slow.close();
  }

  /** How two routes are compared. */
  @FunctionalInterface
  interface SpotCheck {
    /**
     * @param results what the fast route made of the features
     * @return what disagrees, if something does
     */
    Optional<String> disagreement(FloatMatrix features, Attributions results);
  }
}
