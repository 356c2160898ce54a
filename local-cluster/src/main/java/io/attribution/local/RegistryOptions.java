package io.attribution.local;

import com.sun.net.httpserver.Authenticator;
import java.util.Optional;
import javax.net.ssl.SSLContext;

/**
 * How a {@link LocalRegistry} listens.
 *
 * @param port on the loopback interface; 0 picks a free one
 * @param tls the server's key and what it trusts; plain HTTP where empty
 * @param needsClientCertificate whether TLS refuses clients without a certificate that it trusts
 * @param authenticator who may call it; everybody where empty
 */
public record RegistryOptions(
    int port,
    Optional<SSLContext> tls,
    boolean needsClientCertificate,
    Optional<Authenticator> authenticator) {

  /** A free port, plain HTTP, no authentication. */
  public static final RegistryOptions DEFAULTS =
      new RegistryOptions(0, Optional.empty(), false, Optional.empty());

  public RegistryOptions withPort(int newPort) {
    return new RegistryOptions(newPort, tls, needsClientCertificate, authenticator);
  }

  public RegistryOptions withTls(SSLContext context) {
    return new RegistryOptions(port, Optional.of(context), needsClientCertificate, authenticator);
  }

  public RegistryOptions withClientCertificates() {
    return new RegistryOptions(port, tls, true, authenticator);
  }

  public RegistryOptions withAuthenticator(Authenticator newAuthenticator) {
    return new RegistryOptions(port, tls, needsClientCertificate, Optional.of(newAuthenticator));
  }
}
