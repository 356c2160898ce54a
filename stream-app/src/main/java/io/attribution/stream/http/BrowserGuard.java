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
 * Rejects requests that a browser sends on behalf of pages of other sites. There is no password, so
 * every page that is open in a browser on this machine could otherwise read from the server: with
 * cross-site requests, and with host names that resolve to this machine (DNS rebinding), which the
 * same-origin policy does not prevent.
 *
 * <p>Sources: W3C Fetch Metadata Request Headers; RFC 6761, section 6.3 (localhost).
 */
final class BrowserGuard implements Handler {
  private static final int FORBIDDEN = 403;

  /** Javalin would take the method from it, behind the back of proxies that allow methods. */
  private static final String METHOD_OVERRIDE = "X-HTTP-Method-Override";

  /** An address: it cannot be made to resolve to another machine. */
  private static final Pattern ADDRESS = Pattern.compile("[0-9.]+|\\[[0-9a-f:.%]+]");

  private static final Pattern PORT = Pattern.compile(":\\d*$");

  private final boolean checksNames;
  private final Set<String> names = new HashSet<>();

  /** Names are checked on a loopback address, or where some are listed. */
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
    if (context.header(METHOD_OVERRIDE) != null) {
      throw HttpProblem.badRequest(METHOD_OVERRIDE + " is not supported; send the method itself");
    }
    if (isAcrossSites(context)) {
      throw new HttpProblem(FORBIDDEN, "requests from pages of other sites are not allowed");
    }
    String host = context.header("Host");
    if (checksNames && !isAllowed(host)) {
      throw new HttpProblem(
          FORBIDDEN,
          "the host name '%s' is not allowed; use localhost, or add it to %s"
              .formatted(host, HttpConfig.ALLOWED_HOSTS));
    }
  }

  /** Following a link from another site is allowed. */
  private static boolean isAcrossSites(Context context) {
    boolean isFollowed =
        "navigate".equals(context.header("Sec-Fetch-Mode"))
            && "document".equals(context.header("Sec-Fetch-Dest"));
    return "cross-site".equals(context.header("Sec-Fetch-Site")) && !isFollowed;
  }

  /** Browsers always send a host name. */
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

  /** Without the port, and without the trailing dot of a fully qualified name. */
  private static String name(String host) {
    String name = PORT.matcher(host.toLowerCase(Locale.ROOT)).replaceFirst("");
    return name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
  }
}
