package io.attribution.stream.config;

import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.method.MethodChoice;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import java.nio.file.InvalidPathException;
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
 * @param engine how they are computed
 * @param checkInterval check the layers engine every N batches; 0 for never
 * @param threads threads per libtorch operation; 0 divides the cores among the stream threads
 */
public record ModelsConfig(
    List<Path> bundles,
    Optional<String> defaultModel,
    EngineChoice engine,
    int checkInterval,
    int threads) {
  public static final String BUNDLES = "bundles";
  public static final String DEFAULT_MODEL = "default.model";
  public static final String ENGINE = "engine";
  public static final String PRECISION = "engine.precision";
  public static final String DEVICE = "engine.device";
  public static final String METHOD = "method";
  public static final String BASELINE = "method.baseline";
  public static final String MAX_NODES = "method.nodes.max";
  public static final String CHECK_INTERVAL = "engine.check.interval";
  public static final String THREADS = "engine.threads";

  /** The choice that is left to the bundle. */
  private static final String BUNDLE = "bundle";

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
            ValidString.in("auto", "layers", "graph", "autograd"),
            Importance.MEDIUM,
            "auto uses layers if the bundle describes them, else graph if every operator has a"
                + " derivative, and autograd if not.")
        .define(
            PRECISION,
            Type.STRING,
            Precision.FLOAT32.label(),
            ValidString.in("float32", "float64"),
            Importance.LOW,
            "What the layers engine computes in; float64 is for audits, and several times slower.")
        .define(
            DEVICE,
            Type.STRING,
            DeviceChoice.AUTO.label(),
            ModelsConfig::requireDevice,
            Importance.MEDIUM,
            "Where encoders are computed: cpu, gpu:N, or auto: the first GPU that libtorch can use,"
                + " else the CPU.")
        .define(
            METHOD,
            Type.STRING,
            BUNDLE,
            ValidString.in(
                BUNDLE, "auto", "jacobian", "affine", "integrated_gradients", "expected_gradients"),
            Importance.MEDIUM,
            "How contributions are made. bundle: as each bundle says; auto: the first of jacobian,"
                + " affine and integrated_gradients that adds up.")
        .define(
            BASELINE,
            Type.STRING,
            BUNDLE,
            ValidString.in(BUNDLE, "mean", "zeros"),
            Importance.LOW,
            "Where the path of integrated_gradients starts. bundle: at the bundle's baseline, else at"
                + " its mean.")
        .define(
            MAX_NODES,
            Type.INT,
            MethodChoice.DEFAULT_MAX_NODES,
            Range.atLeast(MethodChoice.LEAST_NODES),
            Importance.MEDIUM,
            "The most points of a record's path at which a Jacobian is computed. Most rows need far"
                + " fewer; a record that misses the tolerance at the limit says so.")
        .define(
            CHECK_INTERVAL,
            Type.INT,
            1000,
            Range.atLeast(0),
            Importance.LOW,
            "Once per this many batches, a few rows are also computed layer by layer and compared. If"
                + " the layers engine disagrees, layer by layer takes over; 0 for never.")
        .define(
            THREADS,
            Type.INT,
            0,
            Range.between(0, 1024),
            Importance.LOW,
            "Threads per libtorch operation; 0 divides the cores among the stream threads.");
  }

  static ModelsConfig of(AbstractConfig config) {
    return new ModelsConfig(
        config.getList(BUNDLES).stream().map(ModelsConfig::path).toList(),
        Optional.of(config.getString(DEFAULT_MODEL)).filter(name -> !name.isBlank()),
        new EngineChoice(
            EngineKind.of(config.getString(ENGINE)),
            Precision.of(config.getString(PRECISION)),
            DeviceChoice.of(config.getString(DEVICE)),
            new MethodChoice(
                unlessBundle(config.getString(METHOD)).map(ContributionMethod::of),
                unlessBundle(config.getString(BASELINE)).map(Baseline::of),
                config.getInt(MAX_NODES))),
        config.getInt(CHECK_INTERVAL),
        config.getInt(THREADS));
  }

  private static Optional<String> unlessBundle(String label) {
    return Optional.of(label).filter(chosen -> !chosen.equals(BUNDLE));
  }

  private static Path path(String folder) {
    try {
      return Path.of(folder);
    } catch (InvalidPathException e) {
      throw new org.apache.kafka.common.config.ConfigException(BUNDLES, folder, e.getReason());
    }
  }

  private static void requireDevice(String name, Object label) {
    try {
      DeviceChoice.of((String) label);
    } catch (IllegalArgumentException e) {
      throw new org.apache.kafka.common.config.ConfigException(name, label, e.getMessage());
    }
  }
}
