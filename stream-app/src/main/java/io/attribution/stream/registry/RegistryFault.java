package io.attribution.stream.registry;

import io.attribution.stream.config.Causes;
import io.attribution.stream.config.TlsAdvice;
import io.confluent.kafka.schemaregistry.client.rest.exceptions.RestClientException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;

/** What a failed call to a registry means: its reason, and whether another try may work. */
public final class RegistryFault {
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERROR = 500;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int UNAUTHORIZED = 401;
  private static final int FORBIDDEN = 403;
  private static final int REDIRECT = 300;
  private static final int CLIENT_ERROR = 400;

  /** Codes of Confluent's client for a body that is not a registry's: HTML, or nothing. */
  private static final Set<Integer> NO_REGISTRYS = Set.of(0, 50_005);

  private static final int MAX_BODY = 80;
  private static final List<String> CLOSED =
      List.of("Error writing to server", "Unexpected end of file", "onnection reset", "roken pipe");

  private RegistryFault() {}

  static boolean isTransient(Exception e) {
    if (e instanceof RestClientException rest) {
      int status = rest.getStatus();
      return status >= SERVER_ERROR || status == TOO_MANY_REQUESTS || status == REQUEST_TIMEOUT;
    }
    return e instanceof IOException && !isTlsRefusal(e);
  }

  /** Certificates and protocols do not change between two tries; a closed connection may. */
  private static boolean isTlsRefusal(Exception e) {
    return Causes.of(e)
        .anyMatch(
            cause ->
                cause instanceof CertificateException
                    || cause instanceof SSLPeerUnverifiedException
                    || (cause instanceof SSLException
                        && isDecided(String.valueOf(cause.getMessage()))));
  }

  private static boolean isDecided(String message) {
    return message.contains("fatal alert")
        || message.contains("Unsupported or unrecognized SSL message")
        || message.contains("No appropriate protocol")
        || message.contains("HTTPS hostname wrong");
  }

  /** Why a call failed, in one line, with what to do about it. */
  public static String reason(Exception e) {
    Optional<RestClientException> refused =
        Causes.of(e)
            .filter(RestClientException.class::isInstance)
            .map(RestClientException.class::cast)
            .findFirst();
    if (refused.isPresent()) {
      return reason(refused.get());
    }
    if (isNoJson(e)) {
      return "the answer is no JSON, and so not from a Schema Registry; is the address right?";
    }
    Throwable failure = Causes.of(e).filter(IOException.class::isInstance).findFirst().orElse(e);
    String text = Causes.line(failure);
    if (failure instanceof UnknownHostException) {
      return "unknown host " + text + "; is the address right?";
    }
    if (failure instanceof SSLException) {
      return text + TlsAdvice.of(text, "schema.registry.").map("; "::concat).orElse("");
    }
    return failure instanceof IOException
        ? text + "; is the address right and the registry up?" + closed(text)
        : text;
  }

  /**
   * The JDK's client hides the alert of a server that wants a certificate: in TLS 1.3 it comes
   * after the handshake, when the request is already being written.
   */
  private static String closed(String text) {
    return CLOSED.stream().anyMatch(text::contains)
        ? " Over https: does it want a certificate (schema.registry.ssl.keystore.location)?"
        : "";
  }

  private static String reason(RestClientException rest) {
    int status = rest.getStatus();
    if (status >= REDIRECT && status < CLIENT_ERROR) {
      return "status "
          + status
          + ", a redirect, which no credentials follow; set schema.registry.url to where it leads";
    }
    String login =
        status == UNAUTHORIZED || status == FORBIDDEN
            ? "; check basic.auth.credentials.source and basic.auth.user.info, or bearer.auth.token"
            : "";
    if (NO_REGISTRYS.contains(rest.getErrorCode())) {
      return "status "
          + status
          + ", and not from a Schema Registry"
          + body(String.valueOf(rest.getMessage()))
          + "; is the address right?"
          + login;
    }
    return Causes.withoutCredentials(String.valueOf(rest.getMessage())) + login;
  }

  /** The text of a page, without its tags: "502 Bad Gateway nginx". */
  private static String body(String message) {
    int start = message.indexOf("'(");
    int end = message.lastIndexOf(")'");
    if (start < 0 || end < start) {
      return "";
    }
    String text =
        message
            .substring(start + 2, end)
            .replaceAll("(?s)<(style|script).*?</\\1>|<[^>]*>", " ")
            .replaceAll("[\\p{Cntrl}\\s]+", " ")
            .strip();
    return text.isEmpty()
        ? ""
        : " ('" + (text.length() > MAX_BODY ? text.substring(0, MAX_BODY) + "…" : text) + "')";
  }

  /** The client's JSON library is relocated: only its names stay. */
  private static boolean isNoJson(Exception e) {
    return Causes.of(e)
        .anyMatch(cause -> cause.getClass().getName().contains(".fasterxml.jackson."));
  }
}
