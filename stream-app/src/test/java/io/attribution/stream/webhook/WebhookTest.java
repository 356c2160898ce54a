package io.attribution.stream.webhook;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.schema.DriftAlert;
import io.attribution.stream.config.WebhookConfig;
import io.attribution.stream.registry.Registry;
import io.attribution.stream.serde.RecordReader;
import io.confluent.kafka.schemaregistry.client.MockSchemaRegistryClient;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.Consumer;
import org.junit.jupiter.api.Test;

class WebhookTest {
  private final CountDownLatch connections = new CountDownLatch(2);

  /** Nobody starts its thread again. */
  @Test
  void connectsAgainAfterAnError() throws Exception {
    URI nowhere = URI.create("http://127.0.0.1:1/");
    Webhook webhook =
        new Webhook(
            nowhere,
            new WebhookConfig(
                Optional.of(nowhere),
                Optional.empty(),
                Duration.ofSeconds(1),
                Duration.ofSeconds(1)),
            "alerts",
            this::connect,
            new RecordReader<>(
                new Registry(new MockSchemaRegistryClient(), Duration.ZERO), DriftAlert.class),
            DeliveryListener.NONE);
    try (webhook) {
      webhook.start();

      assertThat(connections.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  private Consumer<byte[], byte[]> connect() {
    connections.countDown();
    throw new LinkageError("on purpose");
  }
}
