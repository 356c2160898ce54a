package io.attribution.stream.http;

import io.attribution.stream.config.HttpConfig;
import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Turns away what pages of other sites make the browsers of people on this machine ask. There is no
 * password, so an address that only this machine reaches would otherwise be open to every page that
 * is looked at on it: with requests across sites, and by names that are made to lead here (DNS
 * rebinding), against which the same-origin policy is of no use.
 *
 * <p>Sources: W3C Fetch Metadata Request Headers; RFC 6761, section 6.3 (localhost).
 */
final class BrowserGuard implements Handler {
  private static final int FORBIDDEN = 403;

  /** Not a name: nobody can make it lead elsewhere. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final boolean checksNames;
  private final Set<String> names = new HashSet<>();

  /** Names are checked where only this machine is listened to, or where some are listed. */
  BrowserGuard(HttpConfig config) {
    this.checksNames = config.isLoopback() || !config.allowedHosts().isEmpty();
    names.add(name(config.host()));
    config.allowedHosts().forEach(host -> names.add(name(host)));
  }

  boolean checksNames() {
    return checksNames;
  }

  @Override
  public void handle(Context context) {
    if (isAcrossSites(context)) {
      throw new HttpProblem(FORBIDDEN, "pages of other sites are not answered");
    }
    String host = context.header("Host");
    if (checksNames && !isAllowed(host)) {
      throw new HttpProblem(
          FORBIDDEN,
          "the name '%s' is not answered; use localhost, or list it in %s"
              .formatted(host, HttpConfig.ALLOWED_HOSTS));
    }
  }

  /** A link that somebody follows is not. */
  private static boolean isAcrossSites(Context context) {
    boolean isFollowed =
        "navigate".equals(context.header("Sec-Fetch-Mode"))
            && "document".equals(context.header("Sec-Fetch-Dest"));
    return "cross-site".equals(context.header("Sec-Fetch-Site")) && !isFollowed;
  }

  /** Browsers always send it. */
  private boolean isAllowed(@Nullable String host) {
    if (host == null) {
      return true;
    }
    String name = name(host);
    return ADDRESS.matcher(name).matches()
        || name.equals("localhost")
        || name.endsWith(".localhost")
        || names.contains(name);
  }

  /** Without port, and without the dot that a full name may end with. */
  private static String name(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
