package io.attribution.stream.config;

import java.net.URI;
import java.net.URISyntaxException;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/** The address of the Schema Registry, or several of the same, separated by commas. */
final class RegistryUrl {
  static final String KEY = "schema.registry.url";

  private RegistryUrl() {}

  /**
   * @param value null when not set, which is an error only for the commands that need it
   * @throws ConfigException when it is not an address
   */
  static void require(@Nullable String value) {
    if (value == null || value.contains("${")) {
      return;
    }
    for (String url : value.split(",", -1)) {
      if (!isAddress(url.strip())) {
        throw new ConfigException(KEY, value, "An address is like http://host:8081");
      }
    }
  }

  private static boolean isAddress(String url) {
    try {
      URI address = new URI(url);
      // Java does not parse a host name with an underscore; others do.
      return address.getScheme() != null && address.getRawAuthority() != null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
