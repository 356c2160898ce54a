package io.attribution.stream.config;

import io.attribution.drift.detector.DetectorKind;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigException;

/**
 * When explanations count as not trustworthy any more.
 *
 * @param samplesPerSecond explained records that are kept for drift detection, per instance
 * @param window length of a verification window, in event time
 * @param detectors what looks for growth of the linearity error, beside the bundle's tolerance
 * @param smallestFactor growth of the linearity error that is worth an alert
 * @param falseAlarmRecords records between two false alarms, on average
 * @param referenceRows sampled records that the reference is made of, where the bundle has none
 * @param windowRows sampled records that are compared with the reference
 * @param minimumRankingGain nDCG of the features' ranking below which attributions have drifted
 * @param resolveAfter how long nothing may be wrong before an alert is resolved, in event time
 */
public record DriftConfig(
    int samplesPerSecond,
    Duration window,
    List<DetectorKind> detectors,
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

  private static final double OFTENEST_FALSE_ALARM = 0.01;

  /** Probability that a window of unchanged rows is an alarm of attribution drift. */
  public double falseAlarmRate() {
    return Math.min(OFTENEST_FALSE_ALARM, (double) windowRows / falseAlarmRecords);
  }

  static ConfigDef define(ConfigDef def) {
    return def.define(
            SAMPLES_PER_SECOND,
            Type.INT,
            50,
            Range.between(0, 10_000),
            Importance.MEDIUM,
            "Explained records per second and instance that are kept in one piece, for drift"
                + " detection and the dashboard; 0 for none, and no watch over attributions.")
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
            ValidList.in(DetectorKind.labels().toArray(String[]::new)),
            Importance.LOW,
            "What looks for lasting growth of the linearity error below the bundle's tolerance: any"
                + " of cusum, ewma, page_hinkley, adwin. Beyond the tolerance there always is an"
                + " alert.")
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
            "How many records may pass between two false alarms of drift, on average.")
        .define(
            REFERENCE_ROWS,
            Type.INT,
            1000,
            Range.between(50, 100_000),
            Importance.MEDIUM,
            "Sampled records that the reference of a model is made of whose bundle has none: the first"
                + " ones seen.")
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
            "How long nothing may be wrong before an alert is resolved, in milliseconds of event"
                + " time.");
  }

  /** Kafka's range lets through what is no number. */
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
        config.getList(DETECTORS).stream().map(DetectorKind::of).toList(),
        config.getDouble(SMALLEST_FACTOR),
        config.getLong(FALSE_ALARM_RECORDS),
        config.getInt(REFERENCE_ROWS),
        config.getInt(WINDOW_ROWS),
        config.getDouble(MINIMUM_RANKING_GAIN),
        Duration.ofMillis(config.getLong(RESOLVE_AFTER)));
  }
}
