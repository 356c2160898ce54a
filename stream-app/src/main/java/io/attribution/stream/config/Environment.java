package io.attribution.stream.config;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** The settings among the environment variables, and those of others that look like settings. */
final class Environment {
  private static final String PREFIX = "ATTRIBUTION_";

  /**
   * What Kubernetes sets in every pod for a service whose name begins with "attribution", and
   * Docker for a link.
   */
  private static final Pattern SERVICE_LINK =
      Pattern.compile(
          ".*_SERVICE_HOST|.*_SERVICE_PORT(_.*)?"
              + "|.*_PORT_\\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR|START|END))*");

  private static final Pattern LINK_ADDRESS = Pattern.compile("(tcp|udp|sctp)://.*");

  private Environment() {}

  /** Variable names by key: ATTRIBUTION_BATCH_MAX_RECORDS means batch.max.records. */
  static Map<String, String> variables(Map<String, String> environment) {
    Map<String, String> variables = new TreeMap<>();
    environment.forEach(
        (name, value) -> {
          if (name.startsWith(PREFIX) && !isServiceLink(name, value)) {
            variables.put(key(name), name);
          }
        });
    return variables;
  }

  private static boolean isServiceLink(String name, String value) {
    return SERVICE_LINK.matcher(name).matches()
        || (name.endsWith("_PORT") && LINK_ADDRESS.matcher(value).matches());
  }

  private static String key(String variable) {
    return variable.substring(PREFIX.length()).toLowerCase(Locale.ROOT).replace('_', '.');
  }
}
