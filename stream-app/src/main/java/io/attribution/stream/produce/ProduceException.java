package io.attribution.stream.produce;

import io.attribution.stream.config.Causes;
import io.attribution.stream.config.KafkaFault;
import io.attribution.stream.registry.RegistryFault;
import org.apache.kafka.common.errors.TimeoutException;

/** A record that could not be sent. The message names the topic, the address and the reason. */
public final class ProduceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private ProduceException(String message, Throwable cause) {
    super(message, cause);
  }

  static ProduceException of(KafkaTarget target, Exception e) {
    return new ProduceException(
        "topic "
            + target.topic()
            + " on "
            + target.bootstrapServers()
            + ": "
            + KafkaFault.describe(e)
            + (e instanceof TimeoutException ? "; does the topic exist?" : ""),
        e);
  }

  /** A failure of the serializer, which talks to the registry. */
  static ProduceException ofRegistry(KafkaTarget target, Exception e) {
    return new ProduceException(
        "schema registry "
            + Causes.withoutCredentials(target.registryUrl())
            + ": "
            + RegistryFault.reason(e),
        e);
  }
}
