package io.attribution.stream.config;

import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.kafka.common.config.ConfigException;

/**
 * One address of a Schema Registry.
 *
 * @param address without credentials, so that it can be logged
 * @param userInfo user:password where the address named them; prints as [hidden]
 */
public record RegistryUrl(String address, Optional<String> userInfo) {
  public static final String KEY = "schema.registry.url";
  private static final Pattern HOST = Pattern.compile("([^:@\\[\\]]+|\\[[^@\\[\\]]+])(:\\d{1,5})?");
  private static final Set<String> SCHEMES = Set.of("http", "https");

  /**
   * Parses one address, or several separated by commas.
   *
   * @throws ConfigException when one is no address; the message has no credentials
   */
  public static List<RegistryUrl> parse(String value) {
    List<RegistryUrl> urls = new ArrayList<>();
    for (String url : value.split(",", -1)) {
      urls.add(parseOne(url.strip(), urls.size() + 1, value));
    }
    return urls;
  }

  private static RegistryUrl parseOne(String url, int number, String value) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw invalid(value, number, "");
    }
    if (uri.getScheme() == null || uri.getRawAuthority() == null) {
      throw invalid(value, number, "");
    }
    if (!SCHEMES.contains(uri.getScheme())) {
      throw invalid(value, number, " It must begin with http:// or https://");
    }
    // Not getUserInfo: Java does not parse a host name with an underscore; others do.
    String authority = uri.getRawAuthority();
    int at = authority.lastIndexOf('@');
    // A password with a '/' would end up in the path.
    if (!HOST.matcher(authority.substring(at + 1)).matches()
        || url.lastIndexOf('@') != (at < 0 ? -1 : url.indexOf(authority) + at)) {
      throw invalid(value, number, "");
    }
    return at < 0
        ? new RegistryUrl(url, Optional.empty())
        : new RegistryUrl(
            url.replaceFirst("//[^/]*@", "//"), Optional.of(decoded(authority.substring(0, at))));
  }

  private static String decoded(String userInfo) {
    return URLDecoder.decode(userInfo.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  /** A password with a '/' or a '@' makes the address unreadable: nothing before the last '@'. */
  private static ConfigException invalid(String value, int number, String advice) {
    int at = value.lastIndexOf('@');
    String shown = at < 0 ? value : "[hidden]" + value.substring(at);
    return new ConfigException(
        "Invalid value "
            + shown
            + " for configuration "
            + KEY
            + ": Address "
            + number
            + " is not like http://host:8081"
            + (at < 0 ? "" : "; write special characters of user and password as %XX")
            + "."
            + advice);
  }

  @Override
  public String toString() {
    return address + (userInfo.isPresent() ? " with user [hidden]" : "");
  }
}
