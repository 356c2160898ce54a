package io.attribution.stream.config;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;
import org.apache.kafka.common.config.ConfigDef.Range;
import org.apache.kafka.common.config.ConfigDef.Type;
import org.apache.kafka.common.config.types.Password;

/**
 * Where alerts are posted.
 *
 * @param url empty when disabled; its path may hold a token, so it is never logged in full
 * @param secret a header that authenticates the sender
 * @param timeout of the connection and of the response
 * @param retry how long the delivery of an alert is retried
 */
public record WebhookConfig(
    Optional<URI> url, Optional<SecretHeader> secret, Duration timeout, Duration retry) {
  public static final String URL = "alerts.webhook.url";
  public static final String HEADER_NAME = "alerts.webhook.header.name";
  public static final String HEADER_VALUE = "alerts.webhook.header.value";
  public static final String TIMEOUT = "alerts.webhook.timeout.ms";
  public static final String RETRY = "alerts.webhook.retry.ms";

  private static final Set<String> SCHEMES = Set.of("http", "https");

  /** A field value of HTTP, visible characters only. */
  private static final Pattern VISIBLE = Pattern.compile("[\\x21-\\x7e]+( +[\\x21-\\x7e]+)*");

  /** A header whose value is for the receiver only; prints as [hidden]. */
  public record SecretHeader(String name, Password value) {}

  static ConfigDef define(ConfigDef def) {
    return def.define(
            URL,
            Type.STRING,
            "",
            Importance.MEDIUM,
            "URL that alerts are posted to as CloudEvents in JSON; disabled when empty.")
        .define(
            HEADER_NAME,
            Type.STRING,
            "Authorization",
            Importance.LOW,
            "Header that carries the secret of alerts.webhook.header.value.")
        .define(
            HEADER_VALUE,
            Type.PASSWORD,
            "",
            Importance.MEDIUM,
            "Secret that the receiver expects, such as 'Bearer …'; no header when empty. Never"
                + " logged.")
        .define(
            TIMEOUT,
            Type.LONG,
            10_000L,
            Range.between(100, 120_000),
            Importance.LOW,
            "Timeout of the connection, and of the response, in milliseconds.")
        .define(
            RETRY,
            Type.LONG,
            3_600_000L,
            Range.between(0, 604_800_000L),
            Importance.LOW,
            "How long the delivery of an alert is retried while the receiver fails, in milliseconds."
                + " Then it is dropped, and an error is logged.");
  }

  static WebhookConfig of(AbstractConfig config) {
    return new WebhookConfig(
        url(config.getString(URL).strip()),
        secret(config.getString(HEADER_NAME).strip(), config.getPassword(HEADER_VALUE)),
        Duration.ofMillis(config.getLong(TIMEOUT)),
        Duration.ofMillis(config.getLong(RETRY)));
  }

  /** No message repeats the value: it may hold a token. */
  private static Optional<URI> url(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    URI uri;
    try {
      uri = URI.create(text);
    } catch (IllegalArgumentException e) {
      throw new ConfigException(URL + ": is no URL");
    }
    if (uri.getHost() == null
        || uri.getScheme() == null
        || !SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT))) {
      throw new ConfigException(URL + ": must begin with http:// or https:// and name a host");
    }
    if (uri.getUserInfo() != null) {
      throw new ConfigException(
          URL + ": must not hold a user or a password; give them as " + HEADER_VALUE);
    }
    return Optional.of(uri);
  }

  private static Optional<SecretHeader> secret(String name, Password value) {
    if (value.value().isEmpty()) {
      return Optional.empty();
    }
    if (!VISIBLE.matcher(value.value()).matches()) {
      throw new ConfigException(HEADER_VALUE + ": must be visible ASCII characters in one line");
    }
    try {
      HttpRequest.newBuilder().header(name, "x");
    } catch (IllegalArgumentException e) {
      throw new ConfigException(HEADER_NAME + ": '" + name + "' is no header that can be set");
    }
    return Optional.of(new SecretHeader(name, value));
  }

  /** The receiver for logs: no path, no query. */
  public static String receiver(URI url) {
    return url.getScheme() + "://" + url.getRawAuthority();
  }

  @Override
  public String toString() {
    return "WebhookConfig[url="
        + url.map(WebhookConfig::receiver)
        + ", secret="
        + secret
        + ", timeout="
        + timeout
        + ", retry="
        + retry
        + "]";
  }
}
