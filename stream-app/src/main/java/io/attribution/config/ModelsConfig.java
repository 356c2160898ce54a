package io.attribution.config;

import io.attribution.jacobian.EngineKind;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigDef.ValidString;

/**
 * Which bundles explain the records, and how.
 *
 * @param bundles bundle folders, at least one
 * @param defaultModel the bundle for records that name none; the first one when absent
 * @param engine which engine computes
 * @param threads threads per libtorch operation; 0 lets the application share the cores out
 */
public record ModelsConfig(
    List<Path> bundles, Optional<String> defaultModel, EngineKind engine, int threads) {
  public static final String BUNDLES = "bundles";
  public static final String DEFAULT_MODEL = "default.model";
  public static final String ENGINE = "engine";
  public static final String THREADS = "engine.threads";

  static ConfigDef define(ConfigDef def) {
    return def.define(
            BUNDLES,
            Type.LIST,
            ConfigDef.NO_DEFAULT_VALUE,
            ConfigDef.ValidList.anyNonDuplicateValues(false, false),
            Importance.HIGH,
            "Model bundle folders, separated by commas.")
        .define(
            DEFAULT_MODEL,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "Name of the bundle for records that name no model; the first bundle when empty.")
        .define(
            ENGINE,
            Type.STRING,
            EngineKind.AUTO.label(),
            ValidString.in("auto", "layers", "autograd"),
            Importance.MEDIUM,
            "auto takes layers where the bundle describes them, autograd elsewhere.")
        .define(
            THREADS,
            Type.INT,
            0,
            Range.between(0, 1024),
            Importance.LOW,
            "Threads per libtorch operation; 0 shares the cores out among the stream threads.");
  }

  static ModelsConfig of(AbstractConfig config) {
    return new ModelsConfig(
        config.getList(BUNDLES).stream().map(Path::of).toList(),
        Optional.of(config.getString(DEFAULT_MODEL)).filter(name -> !name.isBlank()),
        EngineKind.of(config.getString(ENGINE)),
        config.getInt(THREADS));
  }
}
