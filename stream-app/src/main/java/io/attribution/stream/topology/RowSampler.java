package io.attribution.stream.topology;

import io.attribution.engine.reduction.Reduction;
import io.attribution.stream.serde.ModelIdentity;

/**
 * Decides which explained records are published as samples: N per second, evenly spaced within
 * their batch, fewer when they are large. Shared by all tasks of an instance; thread-safe.
 */
public final class RowSampler {
  /** The most traffic that samples may add. */
  private static final double BYTES_PER_SECOND = 4 << 20;

  private final RecentRows recent = new RecentRows();
  private final int perSecond;
  private final Reduction reduction;
  private final double capacity;
  private double budget;
  private long filledAtMillis;

  /**
   * @param perSecond samples per second; 0 for none
   * @param reduction how the reduced contributions are made
   */
  public RowSampler(int perSecond, Reduction reduction) {
    this.perSecond = perSecond;
    this.reduction = reduction;
    // A burst of at most one second's samples, and always enough for one.
    this.capacity = Math.max(1, perSecond);
    this.budget = capacity;
  }

  /** The latest sampled rows. */
  public RecentRows recent() {
    return recent;
  }

  Reduction reduction() {
    return reduction;
  }

  /**
   * The number of rows to sample from a batch.
   *
   * @param rows rows of the batch
   * @param nowMillis wall-clock time
   */
  synchronized int take(int rows, ModelIdentity model, long nowMillis) {
    if (perSecond == 0) {
      return 0;
    }
    long passed = Math.max(0, nowMillis - filledAtMillis);
    filledAtMillis = Math.max(filledAtMillis, nowMillis);
    budget = Math.min(capacity, budget + passed / 1000.0 * perSecond);
    double cost = cost(model);
    int taken = (int) Math.min(rows, budget / cost);
    budget -= taken * cost;
    return taken;
  }

  /** In samples of a small model; at most the whole budget, or no row would ever be sampled. */
  private double cost(ModelIdentity model) {
    double bytes = Float.BYTES * 2.0 * (model.features() + model.outputs());
    return Math.min(capacity, Math.max(1, bytes * perSecond / BYTES_PER_SECOND));
  }
}
