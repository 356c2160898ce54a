package io.attribution.stream.http;

import io.attribution.stream.config.HttpConfig;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;

/**
 * Where and how the server listens.
 *
 * @param tls empty for plain HTTP
 * @param idle after which a connection without a byte in either direction is closed
 */
record Listener(HttpConfig config, Optional<Tls> tls, Connections connections, Duration idle) {
  ServerConnector connector(Server server, HttpConfiguration http) {
    http.setSendServerVersion(false);
    // Javalin allows paths that servers and proxies understand differently, such as a%2f..%2fb.
    http.setUriCompliance(UriCompliance.DEFAULT);
    ServerConnector connector = new ServerConnector(server, factories(http));
    connector.setHost(config.host());
    connector.setPort(config.port());
    connector.setIdleTimeout(idle.toMillis());
    connector.addBean(connections, false);
    return connector;
  }

  private ConnectionFactory[] factories(HttpConfiguration http) {
    HttpConnectionFactory plain = new HttpConnectionFactory(http);
    if (tls.isEmpty()) {
      return new ConnectionFactory[] {plain};
    }
    // Probes and scrapers come by address: the name in Host need not be the certificate's.
    http.addCustomizer(new SecureRequestCustomizer(false));
    return new ConnectionFactory[] {
      new SslConnectionFactory(tls.get().factory(), plain.getProtocol()), plain
    };
  }
}
