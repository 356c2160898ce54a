package io.attribution.stream.config;

import io.attribution.stream.topics.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * Where records come from and go to.
 *
 * @param names the topics' names
 */
public record TopicsConfig(Topics names) {
  public static final String FEATURES = "features.topic";
  public static final String PROJECTED = "projected.topic";
  public static final String REDUCED = "reduced.topic";
  public static final String VERIFICATION = "verification.topic";
  public static final String DEAD_LETTER = "dead.letter.topic";
  public static final String SAMPLES = "samples.topic";
  public static final String WINDOWS = "windows.topic";
  public static final String ALERTS = "alerts.topic";

  static ConfigDef define(ConfigDef def) {
    topic(def, FEATURES, Topics.DEFAULT.features(), "Feature records: the input.");
    topic(def, PROJECTED, Topics.DEFAULT.projected(), "Contribution matrices.");
    topic(def, REDUCED, Topics.DEFAULT.reduced(), "Reduced contributions.");
    topic(def, VERIFICATION, Topics.DEFAULT.verification(), "Verification metrics.");
    topic(def, DEAD_LETTER, Topics.DEFAULT.deadLetter(), "Records that cannot be explained.");
    topic(def, SAMPLES, Topics.DEFAULT.samples(), "A few explained records per second.");
    topic(def, WINDOWS, Topics.DEFAULT.windows(), "Verification merged over windows of time.");
    return topic(def, ALERTS, Topics.DEFAULT.alerts(), "Alerts, opened and resolved.");
  }

  private static ConfigDef topic(ConfigDef def, String key, String name, String documentation) {
    return def.define(
        key, Type.STRING, name, TopicName::require, Importance.MEDIUM, "Topic. " + documentation);
  }

  static TopicsConfig of(AbstractConfig config) {
    requireDistinct(config);
    return new TopicsConfig(
        new Topics(
            config.getString(FEATURES),
            config.getString(PROJECTED),
            config.getString(REDUCED),
            config.getString(VERIFICATION),
            config.getString(DEAD_LETTER),
            config.getString(SAMPLES),
            config.getString(WINDOWS),
            config.getString(ALERTS)));
  }

  private static void requireDistinct(AbstractConfig config) {
    Map<String, String> keys = new HashMap<>();
    for (String key : define(new ConfigDef()).names()) {
      String other = keys.put(config.getString(key), key);
      if (other != null) {
        throw new ConfigException(
            "%s and %s are both '%s'; every kind of record needs a topic of its own"
                .formatted(other, key, config.getString(key)));
      }
    }
  }
}
