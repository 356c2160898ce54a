package io.attribution.stream.config;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * How lines of the log are written.
 *
 * @param json as JSON objects
 */
public record LogConfig(boolean json) {
  public static final String FORMAT = "log.format";

  private static final String TEXT = "text";
  private static final String JSON = "json";

  static ConfigDef define(ConfigDef def) {
    return def.define(
        FORMAT,
        Type.STRING,
        TEXT,
        ValidString.in(TEXT, JSON),
        Importance.LOW,
        "How lines of the log, on standard error, are written: text, or json for one JSON object a"
            + " line.");
  }

  static LogConfig of(AbstractConfig config) {
    return new LogConfig(config.getString(FORMAT).equals(JSON));
  }
}
