package io.attribution.stream.http;

import io.javalin.http.Context;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.eclipse.jetty.ee10.servlet.ServletContextRequest;
import org.eclipse.jetty.http.MimeTypes;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Request;

/** What Jetty knows about a request. */
final class Requests {
  private Requests() {}

  static Request of(Context context) {
    return ServletContextRequest.getServletContextRequest(context.req());
  }

  /** Who sends it, as {@link ClientShares} tells clients apart. */
  static String client(Context context) {
    return ClientShares.client(of(context).getConnectionMetaData().getRemoteSocketAddress());
  }

  /** The connection that it came on, below TLS. */
  static EndPoint socket(Context context) {
    return Connections.socket(of(context).getConnectionMetaData().getConnection().getEndPoint());
  }

  /** Whether its body is JSON, in UTF-8 as JSON is where nothing else is said. */
  static boolean isJson(Context context) {
    String type = Objects.requireNonNullElse(context.contentType(), "");
    String charset = MimeTypes.getCharsetFromContentType(type);
    return type.split(";", 2)[0].strip().equalsIgnoreCase(Responses.JSON)
        && (charset == null || charset.equalsIgnoreCase(StandardCharsets.UTF_8.name()));
  }
}
