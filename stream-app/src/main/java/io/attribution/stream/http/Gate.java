package io.attribution.stream.http;

import io.javalin.http.Context;
import io.javalin.http.Handler;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Lets requests in by their token: as a bearer token, or as the password of any user, for which
 * browsers ask. A token is needed for every path but the probes', so that a stranger learns of
 * none.
 *
 * <p>Sources: RFC 6750 (Bearer), RFC 7617 (Basic), RFC 9110, section 11.
 */
final class Gate implements Handler {
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final String ALLOWED = "attribution.allowed";
  private static final String REALM = "realm=\"Attribution Streams\"";

  private final Tokens tokens;
  private final Set<String> openPaths;

  /**
   * @param openPaths of routes that need no token
   */
  Gate(Tokens tokens, Set<String> openPaths) {
    this.tokens = tokens;
    this.openPaths = openPaths;
  }

  /** Before anything else is looked at. */
  @Override
  public void handle(Context context) {
    if (!tokens.areRequired() || openPaths.contains(context.path())) {
      return;
    }
    Set<Access> allowed = token(context).map(tokens::allowed).orElse(Set.of());
    if (allowed.isEmpty()) {
      context.res().addHeader("WWW-Authenticate", "Basic " + REALM + ", charset=\"UTF-8\"");
      context.res().addHeader("WWW-Authenticate", "Bearer " + REALM);
      throw new HttpProblem(
          UNAUTHORIZED,
          "a valid token is needed; send it as Authorization: Bearer, or as the password of any user");
    }
    context.attribute(ALLOWED, allowed);
    if (Assets.isPage(context.path())) {
      require(context, Access.READ);
    }
  }

  /** Of a route that {@link #handle} let pass. */
  void require(Context context, Access needed) {
    Set<Access> allowed = context.attribute(ALLOWED);
    if (!tokens.areRequired() || needed == Access.OPEN || isIn(needed, allowed)) {
      return;
    }
    throw new HttpProblem(
        FORBIDDEN,
        tokens.has(needed)
            ? "this token does not allow to " + name(needed) + "; use one that does"
            : "no token allows to "
                + name(needed)
                + "; the server has none in "
                + needed.setting());
  }

  private static boolean isIn(Access needed, @Nullable Set<Access> allowed) {
    return allowed != null && allowed.contains(needed);
  }

  private static String name(Access access) {
    return access.name().toLowerCase(Locale.ROOT);
  }

  private static Optional<String> token(Context context) {
    String[] parts = Optional.ofNullable(context.header("Authorization")).orElse("").split(" +", 2);
    if (parts.length < 2) {
      return Optional.empty();
    }
    return switch (parts[0].toLowerCase(Locale.ROOT)) {
      case "bearer" -> Optional.of(parts[1].strip());
      case "basic" -> password(parts[1].strip());
      default -> Optional.empty();
    };
  }

  private static Optional<String> password(String credentials) {
    try {
      String decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
      int colon = decoded.indexOf(':');
      return colon < 0 ? Optional.empty() : Optional.of(decoded.substring(colon + 1));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }
}
