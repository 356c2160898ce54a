package io.attribution.stream.config;

import java.util.Optional;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;

/** What a failure of Kafka's clients means: their decisive words, and what to do about it. */
public final class KafkaFault {
  private static final int MAX_TEXT = 600;

  private static final String NO_ANSWER =
      "no answer; is bootstrap.servers right and the cluster up? Brokers that want TLS or a login"
          + " need security.protocol";

  private KafkaFault() {}

  /** One line. */
  public static String describe(Throwable failure) {
    Optional<Throwable> refused =
        Causes.of(failure)
            .filter(
                cause ->
                    cause instanceof AuthenticationException
                        || cause instanceof AuthorizationException)
            .findFirst();
    if (refused.isEmpty() && isTimeout(failure)) {
      return NO_ANSWER + " (" + shortened(Causes.line(failure)) + ")";
    }
    boolean login = refused.filter(AuthenticationException.class::isInstance).isPresent();
    // What stands around a refused right names the topic.
    String line = shortened(Causes.line(login ? refused.get() : failure));
    return line + refused.flatMap(cause -> advice(cause, line)).map("; "::concat).orElse("");
  }

  /** Why a client could not be made of its settings. */
  public static String ofSettings(Throwable failure) {
    String line =
        Causes.line(failure)
            .replaceAll(
                "Failed to (create new Kafka|create new Network|construct kafka )\\w+: ", "");
    boolean login = line.contains("JAAS") || line.contains("LoginModule");
    return "Kafka client settings: "
        + line
        + (login && !line.contains("sasl.jaas.config") ? "; check sasl.jaas.config" : "");
  }

  private static boolean isTimeout(Throwable failure) {
    return Causes.of(failure).anyMatch(TimeoutException.class::isInstance);
  }

  private static Optional<String> advice(Throwable refused, String line) {
    if (refused instanceof SaslAuthenticationException) {
      return Optional.of("check sasl.mechanism and sasl.jaas.config");
    }
    if (refused instanceof AuthenticationException) {
      return TlsAdvice.of(line, "");
    }
    String whose =
        refused instanceof TransactionalIdAuthorizationException
            ? "transactional ids begin with application.id; "
            : refused instanceof GroupAuthorizationException ? "the group is application.id; " : "";
    return Optional.of(
        whose + "attribution topics acls --principal User:NAME prints the rights that are needed");
  }

  private static String shortened(String line) {
    return line.length() > MAX_TEXT ? line.substring(0, MAX_TEXT) + "…" : line;
  }
}
