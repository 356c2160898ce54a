package io.attribution.stream.produce;

import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.TimeoutException;

/** A record that could not be sent. The message names the topic, the address and the reason. */
public final class ProduceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ProduceException(String message, Throwable cause) {
    super(message, cause);
  }

  static ProduceException of(KafkaTarget target, Exception e) {
    return new ProduceException(message(target, e), e);
  }

  private static String message(KafkaTarget target, Exception e) {
    if (e instanceof SerializationException) {
      return "schema registry " + target.registryUrl() + ": " + innermost(e);
    }
    String topic = "topic " + target.topic() + " on " + target.bootstrapServers() + ": ";
    return e instanceof TimeoutException
        ? topic + "no answer; is the broker reachable, and does the topic exist? (" + text(e) + ")"
        : topic + text(e);
  }

  private static String innermost(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return text(cause);
  }

  private static String text(Throwable e) {
    String message = e.getMessage();
    return message == null || message.isBlank() ? e.getClass().getSimpleName() : message;
  }
}
