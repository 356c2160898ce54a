package io.attribution.stream.monitoring;

/**
 * The names of this application's metrics, as Micrometer has them. Prometheus shows dots as
 * underscores and adds {@code _total} to counters, {@code _seconds} to timers.
 */
final class MetricNames {
  /** Counter. Input records by {@link #MODEL} and {@link #OUTCOME}. */
  static final String RECORDS = "attribution.records";

  /** Counter. By {@link #REASON}. */
  static final String DEAD_LETTERS = "attribution.dead.letters";

  /** Summary. Rows of a batch, by {@link #MODEL}. */
  static final String BATCH_ROWS = "attribution.batch.rows";

  /** Counter. Batches by {@link #MODEL} and {@link #TRIGGER}. */
  static final String DRAINS = "attribution.drains";

  /** Timer. Time per batch, by {@link #STAGE}. */
  static final String STAGE = "attribution.stage";

  /** Gauge. The last batch's relative error, by {@link #MODEL}. */
  static final String RELATIVE_ERROR = "attribution.relative.error";

  /** Gauge. The worst record's relative error since the start, by {@link #MODEL}. */
  static final String RELATIVE_ERROR_MAX = "attribution.relative.error.max";

  /** Gauge, 0 or 1. By {@link #MODEL} and {@link #KIND}. */
  static final String ALERT_OPEN = "attribution.alert.open";

  /** Counter. By {@link #MODEL}, {@link #KIND} and {@link #STATE}. */
  static final String ALERTS = "attribution.alerts";

  /** Gauge. Rows that wait to be explained on demand, or are being explained. */
  static final String QUEUE_ROWS = "attribution.explain.queue.rows";

  /** Counter. Requests for explanations by {@link #OUTCOME}. */
  static final String EXPLAIN_REQUESTS = "attribution.explain.requests";

  /** Gauge. Input records that are not explained and committed. */
  static final String LAG = "attribution.lag.records";

  /** Gauge, Unix time. When the brokers last gave a good answer. */
  static final String BROKERS_ANSWER = "attribution.brokers.last.answer.timestamp.seconds";

  /** Gauge, Unix time. When the Schema Registry last gave a good answer. */
  static final String REGISTRY_ANSWER = "attribution.registry.last.answer.timestamp.seconds";

  /** Gauge, Unix time. When a commit last succeeded. */
  static final String LAST_COMMIT = "attribution.last.commit.timestamp.seconds";

  /** Gauge. How long records have waited without a commit. */
  static final String COMMIT_WAIT = "attribution.commit.wait.seconds";

  /** Gauge, 0 or 1. Whether records are being explained, as far as the instance can tell. */
  static final String READY = "attribution.ready";

  /** Gauge. The largest relative error that counts as exact, by {@link #MODEL}. */
  static final String TOLERANCE = "attribution.tolerance";

  /**
   * Gauge, 0 or 1. Whether the layers are computed one by one because the faster engine disagreed
   * with them, by {@link #MODEL}.
   */
  static final String ENGINE_FALLBACK = "attribution.engine.fallback";

  /** Counter. Alerts that were to be posted, by {@link #OUTCOME}. */
  static final String WEBHOOK_DELIVERIES = "attribution.webhook.deliveries";

  /** Counter. Posts that failed and are tried again. */
  static final String WEBHOOK_RETRIES = "attribution.webhook.retries";

  static final String MODEL = "model";
  static final String OUTCOME = "outcome";
  static final String REASON = "reason";
  static final String TRIGGER = "trigger";
  static final String STAGE_LABEL = "stage";
  static final String KIND = "kind";
  static final String STATE = "state";

  /** The model label of records that were rejected before they reached a model. */
  static final String NO_MODEL = "none";

  private MetricNames() {}
}
