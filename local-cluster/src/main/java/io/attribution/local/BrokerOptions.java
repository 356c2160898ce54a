package io.attribution.local;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * Where an {@link EmbeddedKafka} listens and stores, and what it overrides.
 *
 * @param port of the client listener on 127.0.0.1; 0 picks a free one
 * @param properties broker properties that take precedence over the defaults
 */
public record BrokerOptions(int port, Storage storage, Map<String, String> properties) {

  /** A free port, a temporary directory, nothing overridden. */
  public static final BrokerOptions DEFAULTS =
      new BrokerOptions(0, new Storage.Temporary(), Map.of());

  /**
   * @throws IllegalArgumentException where the port is no port
   */
  public BrokerOptions {
    if (port < 0 || port > 65_535) {
      throw new IllegalArgumentException("port must be in 0..65535, but is " + port);
    }
    properties = Map.copyOf(properties);
  }

  public BrokerOptions withPort(int newPort) {
    return new BrokerOptions(newPort, storage, properties);
  }

  /** Stores the logs in this folder, which is created where absent and outlives the broker. */
  public BrokerOptions withDataDirectory(Path directory) {
    return new BrokerOptions(port, new Storage.Kept(directory), properties);
  }

  public BrokerOptions withProperty(String key, String value) {
    Map<String, String> extended = new HashMap<>(properties);
    extended.put(key, value);
    return new BrokerOptions(port, storage, extended);
  }
}
