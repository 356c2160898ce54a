package io.attribution.stream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.NonEmptyString;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.ConfigException;

/**
 * The HTTP server: dashboard, API, health and metrics.
 *
 * @param port 0 for any free one, −1 for no server
 * @param host the address it listens on
 * @param allowedHosts host names that browsers may use, besides localhost
 * @param queueRows capacity of the queue of rows to be explained on demand
 * @param maxRows rows that one request may contain
 * @param findRecords how many of the newest input records a search reads
 */
public record HttpConfig(
    int port, String host, List<String> allowedHosts, int queueRows, int maxRows, int findRecords) {
  public static final String PORT = "http.port";
  public static final String HOST = "http.host";
  public static final String ALLOWED_HOSTS = "http.allowed.hosts";
  public static final String QUEUE_ROWS = "explain.queue.rows";
  public static final String MAX_ROWS = "explain.max.rows";
  public static final String FIND_RECORDS = "http.find.records";

  /** The value of {@link #PORT} for no server. */
  public static final int OFF = -1;

  /** A host name or an address; a port may follow and is ignored. */
  private static final Pattern NAME =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(:\\d+)?");

  static ConfigDef define(ConfigDef def) {
    return def.define(
            PORT,
            Type.INT,
            8080,
            Range.between(OFF, 65_535),
            Importance.HIGH,
            "Port of the HTTP server: dashboard, API, health, metrics; 0 for any free one, -1 for no"
                + " server.")
        .define(
            HOST,
            Type.STRING,
            "127.0.0.1",
            new NonEmptyString(),
            Importance.HIGH,
            "Address that the HTTP server listens on. There is no password: everyone who can reach it"
                + " reads explanations.")
        .define(
            ALLOWED_HOSTS,
            Type.LIST,
            List.of(),
            HttpConfig::requireNames,
            Importance.LOW,
            "Host names that the HTTP server accepts, besides localhost and addresses. If http.host is"
                + " this machine only, list the Host that a proxy forwards; elsewhere any name is"
                + " accepted unless some are listed.")
        .define(
            QUEUE_ROWS,
            Type.INT,
            4096,
            Range.between(1, 1 << 20),
            Importance.LOW,
            "Capacity of the queue of rows to be explained on demand; more get status 429.")
        .define(
            MAX_ROWS,
            Type.INT,
            1024,
            Range.between(1, 1 << 16),
            Importance.LOW,
            "Rows that one request for explanations may contain.")
        .define(
            FIND_RECORDS,
            Type.INT,
            20_000,
            Range.between(1, 10_000_000),
            Importance.LOW,
            "How many of the newest input records a search by key or recordId reads.");
  }

  static HttpConfig of(AbstractConfig config) {
    return new HttpConfig(
        config.getInt(PORT),
        config.getString(HOST),
        List.copyOf(config.getList(ALLOWED_HOSTS)),
        config.getInt(QUEUE_ROWS),
        config.getInt(MAX_ROWS),
        config.getInt(FIND_RECORDS));
  }

  /** Whether only this machine can reach the server. */
  public boolean isLoopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Whether the server is enabled. */
  public boolean isOn() {
    return port != OFF;
  }

  private static void requireNames(String key, Object hosts) {
    for (Object host : (List<?>) hosts) {
      if (!NAME.matcher((String) host).matches()) {
        throw new ConfigException(
            key, hosts, "'" + host + "' is no host's name, such as explain.example");
      }
    }
  }
}
