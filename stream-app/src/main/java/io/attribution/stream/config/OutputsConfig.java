package io.attribution.stream.config;

import io.attribution.engine.attribution.ResultSelection;
import io.attribution.engine.reduction.Reduction;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidList;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * Which explanations are published. Dead letters always are.
 *
 * @param enabled any of projected, reduced, verification, alerts
 * @param reduction how the outputs' contributions become one number
 * @param topK how many features the reduced topic keeps; 0 for all
 */
public record OutputsConfig(Set<String> enabled, Reduction reduction, int topK) {
  public static final String OUTPUTS = "outputs";
  public static final String REDUCTION = "reduction";
  public static final String TARGET = "reduction.target";
  public static final String TOP_K = "top.k";
  public static final String PROJECTED = "projected";
  public static final String REDUCED = "reduced";
  public static final String VERIFICATION = "verification";
  public static final String ALERTS = "alerts";

  static ConfigDef define(ConfigDef def) {
    return def.define(
            OUTPUTS,
            Type.LIST,
            String.join(",", PROJECTED, REDUCED, VERIFICATION, ALERTS),
            ValidList.in(false, PROJECTED, REDUCED, VERIFICATION, ALERTS),
            Importance.MEDIUM,
            "Published outputs. What no output needs is not computed. alerts enables drift detection"
                + " and its three topics (samples, windows, alerts); it needs verification.")
        .define(
            REDUCTION,
            Type.STRING,
            "l2",
            ValidString.in("l2", "signed", "normalized"),
            Importance.MEDIUM,
            "How the outputs' contributions of a feature become one number.")
        .define(
            TARGET,
            Type.INT,
            0,
            Range.atLeast(0),
            Importance.LOW,
            "The output of a signed reduction, counted from 0.")
        .define(
            TOP_K,
            Type.INT,
            0,
            Range.atLeast(0),
            Importance.MEDIUM,
            "How many features the reduced topic keeps for each record; 0 for all.");
  }

  static OutputsConfig of(AbstractConfig config) {
    Set<String> enabled = Set.copyOf(config.getList(OUTPUTS));
    if (enabled.contains(ALERTS) && !enabled.contains(VERIFICATION)) {
      throw new ConfigException(
          OUTPUTS + ": " + ALERTS + " needs " + VERIFICATION + "; add it, or leave alerts out");
    }
    return new OutputsConfig(
        enabled,
        Reduction.of(config.getString(REDUCTION), config.getInt(TARGET)),
        config.getInt(TOP_K));
  }

  public boolean has(String output) {
    return enabled.contains(output);
  }

  /** The results to compute for the enabled outputs. */
  public ResultSelection wanted() {
    return new ResultSelection(
        has(PROJECTED), Optional.of(reduction).filter(r -> has(REDUCED) || has(ALERTS)));
  }
}
