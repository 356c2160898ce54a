package io.attribution.stream.config;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
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
 * @param security TLS and tokens
 */
public record HttpConfig(
    int port,
    String host,
    List<String> allowedHosts,
    int queueRows,
    int maxRows,
    int findRecords,
    Security security) {
  public static final String PORT = "http.port";
  public static final String HOST = "http.host";
  public static final String ALLOWED_HOSTS = "http.allowed.hosts";
  public static final String QUEUE_ROWS = "explain.queue.rows";
  public static final String MAX_ROWS = "explain.max.rows";
  public static final String FIND_RECORDS = "http.find.records";
  public static final String CERTIFICATE = "http.tls.certificate.file";
  public static final String KEY = "http.tls.key.file";
  public static final String READ_TOKENS = "http.tokens.read.file";
  public static final String EXPLAIN_TOKENS = "http.tokens.explain.file";
  public static final String OPERATE_TOKENS = "http.tokens.operate.file";
  public static final String INSECURE_REMOTE = "http.allow.insecure.remote.access";

  /** The value of {@link #PORT} for no server. */
  public static final int OFF = -1;

  /** A host name or an address; a port may follow and is ignored. */
  private static final Pattern NAME =
      Pattern.compile("(\\[[0-9A-Fa-f:.%]+]|[A-Za-z0-9._-]+)(:\\d+)?");

  /** Without TLS and tokens: for an address that only this machine reaches. */
  public HttpConfig(
      int port,
      String host,
      List<String> allowedHosts,
      int queueRows,
      int maxRows,
      int findRecords) {
    this(port, host, allowedHosts, queueRows, maxRows, findRecords, Security.NONE);
  }

  /**
   * PEM files.
   *
   * @param certificate the server's, then those between it and the root
   * @param key the private key of the first certificate
   */
  public record TlsFiles(Path certificate, Path key) {}

  /**
   * Files of TLS and of tokens. The server reads them again when they change.
   *
   * @param tls empty for plain HTTP
   * @param readTokens for the dashboard and all GET requests but metrics; one token a line
   * @param explainTokens for POST /api/v1/explain
   * @param operateTokens for /metrics
   * @param allowsInsecureRemote whether other machines may reach it without TLS or tokens
   */
  public record Security(
      Optional<TlsFiles> tls,
      Optional<Path> readTokens,
      Optional<Path> explainTokens,
      Optional<Path> operateTokens,
      boolean allowsInsecureRemote) {
    public static final Security NONE =
        new Security(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), false);

    /** Whether requests need a token. */
    public boolean hasTokens() {
      return readTokens.isPresent() || explainTokens.isPresent() || operateTokens.isPresent();
    }

    /** What a server that others reach lacks, such as {@code TLS}; empty when nothing is. */
    public Optional<String> lacks() {
      if (tls.isPresent()) {
        return hasTokens() ? Optional.empty() : Optional.of("tokens");
      }
      return Optional.of(hasTokens() ? "TLS" : "TLS and tokens");
    }

    private static Security of(AbstractConfig config) {
      return new Security(
          tls(path(config, CERTIFICATE), path(config, KEY)),
          path(config, READ_TOKENS),
          path(config, EXPLAIN_TOKENS),
          path(config, OPERATE_TOKENS),
          config.getBoolean(INSECURE_REMOTE));
    }

    private static Optional<TlsFiles> tls(Optional<Path> certificate, Optional<Path> key) {
      if (certificate.isPresent() != key.isPresent()) {
        String missing = key.isPresent() ? CERTIFICATE : KEY;
        throw new ConfigException(missing, null, "TLS needs " + CERTIFICATE + " and " + KEY);
      }
      return certificate.map(file -> new TlsFiles(file, key.orElseThrow()));
    }

    private static Optional<Path> path(AbstractConfig config, String key) {
      return Optional.ofNullable(config.getString(key)).map(Path::of);
    }
  }

  static ConfigDef define(ConfigDef def) {
    return defineSecurity(def)
        .define(
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
            "Address that the HTTP server listens on. One that other machines reach needs TLS and tokens,"
                + " or "
                + INSECURE_REMOTE
                + ".")
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

  private static ConfigDef defineSecurity(ConfigDef def) {
    file(
        def,
        CERTIFICATE,
        "PEM file of the server's certificate and those between it and the root.");
    file(def, KEY, "PEM file of the certificate's private key, without a password.");
    file(def, READ_TOKENS, "Tokens for the dashboard and GET requests, one a line.");
    file(def, EXPLAIN_TOKENS, "Tokens for POST /api/v1/explain, one a line.");
    file(def, OPERATE_TOKENS, "Tokens for /metrics, one a line.");
    return def.define(
        INSECURE_REMOTE,
        Type.BOOLEAN,
        false,
        Importance.MEDIUM,
        "Listen on an address that other machines reach although TLS or tokens are missing: whoever"
            + " reaches it then reads explanations, or what is sent.");
  }

  private static void file(ConfigDef def, String key, String documentation) {
    def.define(key, Type.STRING, null, Importance.MEDIUM, documentation);
  }

  static HttpConfig of(AbstractConfig config) {
    HttpConfig http =
        new HttpConfig(
            config.getInt(PORT),
            config.getString(HOST),
            List.copyOf(config.getList(ALLOWED_HOSTS)),
            config.getInt(QUEUE_ROWS),
            config.getInt(MAX_ROWS),
            config.getInt(FIND_RECORDS),
            Security.of(config));
    http.requireSecureRemote();
    return http;
  }

  private void requireSecureRemote() {
    if (isOn() && !isLoopback() && !security.allowsInsecureRemote()) {
      security.lacks().ifPresent(this::refuseRemote);
    }
  }

  private void refuseRemote(String lacks) {
    throw new ConfigException(
        HOST,
        host,
        "other machines reach it, and it has no %s; set %s, %s and a file of tokens (%s), or %s = true to listen without"
            .formatted(lacks, CERTIFICATE, KEY, READ_TOKENS, INSECURE_REMOTE));
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
