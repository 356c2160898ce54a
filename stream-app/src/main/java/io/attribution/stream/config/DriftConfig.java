package io.attribution.stream.config;

import io.attribution.drift.detector.CusumDetector;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigException;

/**
 * When drift is an alarm.
 *
 * @param samplesPerSecond explained records that are sampled for drift detection, per instance
 * @param window length of a verification window, in event time
 * @param detectsGrowth whether CUSUM looks for growth of the linearity error below the tolerance
 * @param smallestFactor growth of the linearity error that is worth an alert
 * @param falseAlarmRecords records between two false alarms, on average
 * @param referenceRows sampled records that become the reference of a bundle without one
 * @param windowRows sampled records that are compared with the reference
 * @param minimumRankingGain nDCG of the features' ranking below which attributions have drifted
 * @param resolveAfter time without an alarm after which an alert is resolved, in event time
 */
public record DriftConfig(
    int samplesPerSecond,
    Duration window,
    boolean detectsGrowth,
    double smallestFactor,
    long falseAlarmRecords,
    int referenceRows,
    int windowRows,
    double minimumRankingGain,
    Duration resolveAfter) {
  public static final String SAMPLES_PER_SECOND = "samples.per.second";
  public static final String WINDOW = "drift.window.ms";
  public static final String DETECTORS = "drift.linearity.detectors";
  public static final String SMALLEST_FACTOR = "drift.linearity.factor";
  public static final String FALSE_ALARM_RECORDS = "drift.false.alarm.records";
  public static final String REFERENCE_ROWS = "drift.reference.rows";
  public static final String WINDOW_ROWS = "drift.window.rows";
  public static final String MINIMUM_RANKING_GAIN = "drift.ranking.gain";
  public static final String RESOLVE_AFTER = "drift.resolve.ms";

  private static final Set<String> REMOVED = Set.of("adwin", "ewma", "page_hinkley");
  private static final String REMOVED_MESSAGE =
      "adwin, ewma and page_hinkley were removed, because cusum finds growth as early or earlier."
          + " Leave the setting out";

  private static final double LARGEST_FALSE_ALARM_RATE = 0.01;

  /** Probability that a window of unchanged rows is an alarm of attribution drift. */
  public double falseAlarmRate() {
    return Math.min(LARGEST_FALSE_ALARM_RATE, (double) windowRows / falseAlarmRecords);
  }

  static ConfigDef define(ConfigDef def) {
    return def.define(
            SAMPLES_PER_SECOND,
            Type.INT,
            50,
            Range.between(0, 10_000),
            Importance.MEDIUM,
            "Explained records per second and instance that are published as samples, for drift"
                + " detection and the dashboard; 0 for none, and no detection of attribution drift.")
        .define(
            WINDOW,
            Type.LONG,
            10_000L,
            Range.between(1_000, 86_400_000),
            Importance.LOW,
            "Length of a verification window, in milliseconds of event time.")
        .define(
            DETECTORS,
            Type.LIST,
            "cusum",
            detectors(),
            Importance.LOW,
            "Detector of lasting growth of the linearity error below the bundle's tolerance: cusum,"
                + " or empty for none. An error beyond the tolerance always is an alert.")
        .define(
            SMALLEST_FACTOR,
            Type.DOUBLE,
            3.0,
            number(1.1, 1000),
            Importance.LOW,
            "Lasting growth of the linearity error that is worth an alert even below the tolerance.")
        .define(
            FALSE_ALARM_RECORDS,
            Type.LONG,
            10_000_000L,
            Range.between(1_000, 1_000_000_000_000L),
            Importance.LOW,
            "Records between two false alarms of drift, on average.")
        .define(
            REFERENCE_ROWS,
            Type.INT,
            1000,
            Range.between(50, 100_000),
            Importance.MEDIUM,
            "Sampled records that become the reference of a model whose bundle has none: the first"
                + " ones.")
        .define(
            WINDOW_ROWS,
            Type.INT,
            500,
            Range.between(50, 100_000),
            Importance.MEDIUM,
            "Sampled records that are compared with the reference at a time.")
        .define(
            MINIMUM_RANKING_GAIN,
            Type.DOUBLE,
            0.9,
            number(0, 1),
            Importance.LOW,
            "nDCG of the features, ranked by mean contribution, below which attributions drifted.")
        .define(
            RESOLVE_AFTER,
            Type.LONG,
            60_000L,
            Range.between(0, 86_400_000),
            Importance.LOW,
            "Time without an alarm after which an alert is resolved, in milliseconds of event"
                + " time.");
  }

  /** The detectors of earlier versions are refused with a reason of their own. */
  private static ConfigDef.Validator detectors() {
    ValidList current = ValidList.in(CusumDetector.NAME);
    return ConfigDef.LambdaValidator.with(
        (name, value) -> {
          if (!(value instanceof List<?> chosen)) {
            return;
          }
          if (chosen.stream().anyMatch(REMOVED::contains)) {
            throw new ConfigException(name, value, REMOVED_MESSAGE);
          }
          // Kafka removes duplicates before it calls a ValidList, but not before it calls this.
          current.ensureValid(name, chosen.stream().distinct().toList());
        },
        current::toString);
  }

  /** Kafka's range accepts NaN. */
  private static ConfigDef.Validator number(double least, double most) {
    Range range = Range.between(least, most);
    return ConfigDef.LambdaValidator.with(
        (name, value) -> {
          if (value instanceof Double number && number.isNaN()) {
            throw new ConfigException(name, value, "Not a number");
          }
          range.ensureValid(name, value);
        },
        range::toString);
  }

  static DriftConfig of(AbstractConfig config) {
    return new DriftConfig(
        config.getInt(SAMPLES_PER_SECOND),
        Duration.ofMillis(config.getLong(WINDOW)),
        config.getList(DETECTORS).contains(CusumDetector.NAME),
        config.getDouble(SMALLEST_FACTOR),
        config.getLong(FALSE_ALARM_RECORDS),
        config.getInt(REFERENCE_ROWS),
        config.getInt(WINDOW_ROWS),
        config.getDouble(MINIMUM_RANKING_GAIN),
        Duration.ofMillis(config.getLong(RESOLVE_AFTER)));
  }
}
