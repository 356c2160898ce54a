package io.attribution.stream.config;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;

/**
 * Values such as ${file:/secrets/app.properties:password}, replaced by Kafka's config.providers for
 * every key, also for those that no Kafka client reads.
 */
public final class ConfigProviders {
  private static final String PROVIDERS = AbstractConfig.CONFIG_PROVIDERS_CONFIG;

  /** Provider, path, key, as in Kafka's ConfigTransformer. */
  private static final Pattern VARIABLE = Pattern.compile("\\$\\{([^}:]+):(([^}]*):)?([^}]*)}");

  private ConfigProviders() {}

  /**
   * @return the settings with all variables replaced, without those of the providers
   * @throws ConfigException names the key and the variable that cannot be replaced
   */
  public static Map<String, String> resolve(Map<String, String> settings) {
    Map<String, String> providers =
        settings.entrySet().stream()
            .filter(entry -> isProviders(entry.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    Map<String, String> resolved = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          if (!isProviders(key)) {
            resolved.put(
                key, VARIABLE.matcher(value).find() ? resolve(key, value, providers) : value);
          }
        });
    return resolved;
  }

  private static boolean isProviders(String key) {
    return key.equals(PROVIDERS) || key.startsWith(PROVIDERS + ".");
  }

  private static String resolve(String key, String value, Map<String, String> providers) {
    Map<String, String> one = new HashMap<>(providers);
    one.put(key, value);
    String resolved;
    try {
      resolved =
          String.valueOf(new AbstractConfig(new ConfigDef(), one, false).originals().get(key));
    } catch (RuntimeException e) {
      throw new ConfigException(key + ": " + Causes.line(e) + " (" + value + ")");
    }
    Optional<MatchResult> left =
        VARIABLE.matcher(value).results().filter(it -> resolved.contains(it.group())).findFirst();
    if (left.isPresent()) {
      throw new ConfigException(key + ": " + reason(left.get(), providers));
    }
    return resolved;
  }

  private static String reason(MatchResult variable, Map<String, String> providers) {
    String name = variable.group(1);
    boolean isSet =
        java.util.List.of(providers.getOrDefault(PROVIDERS, "").split("\\s*,\\s*")).contains(name);
    return variable.group()
        + " cannot be replaced; "
        + (isSet
            ? "the provider '" + name + "' has no '" + variable.group(4) + "' there"
            : "set %s=%s and %s.%s.class to one of Kafka's providers, such as %s"
                .formatted(
                    PROVIDERS,
                    name,
                    PROVIDERS,
                    name,
                    "org.apache.kafka.common.config.provider.FileConfigProvider"));
  }
}
