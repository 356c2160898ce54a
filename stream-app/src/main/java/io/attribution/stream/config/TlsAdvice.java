package io.attribution.stream.config;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a failure of the JDK's TLS means, by its words. */
public final class TlsAdvice {
  private static final String CLIENT_CERTIFICATE =
      "the server wants a certificate that it trusts; check %sssl.keystore.location";

  private static final List<Map.Entry<String, String>> BY_WORDS =
      List.of(
          Map.entry("NotAfter", "the certificate has expired"),
          Map.entry(
              "certification path",
              "set %sssl.truststore.location to a store with the certificate's authority"),
          Map.entry(
              "trustAnchors",
              "the trust store holds no certificate; check %sssl.truststore.location"),
          Map.entry("subject alternative", "the certificate is for another host"),
          Map.entry("No name matching", "the certificate is for another host"),
          Map.entry(
              "Unsupported or unrecognized SSL message",
              "the port does not speak TLS; check protocol and port"),
          Map.entry("certificate_required", CLIENT_CERTIFICATE),
          // Of the JDK and of older servers for a client without a certificate, too.
          Map.entry("bad_certificate", CLIENT_CERTIFICATE),
          Map.entry(
              "handshake_failure",
              "protocols or ciphers differ, or the server wants a certificate"
                  + " (%sssl.keystore.location)"));

  private TlsAdvice() {}

  /**
   * @param line what the exceptions say
   * @param prefix of the settings' names
   * @return what to do; empty when the words say nothing about it
   */
  public static Optional<String> of(String line, String prefix) {
    return BY_WORDS.stream()
        .filter(entry -> line.contains(entry.getKey()))
        .map(entry -> entry.getValue().formatted(prefix))
        .findFirst();
  }
}
