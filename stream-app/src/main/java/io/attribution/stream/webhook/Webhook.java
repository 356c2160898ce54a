package io.attribution.stream.webhook;

import io.attribution.schema.DriftAlert;
import io.attribution.stream.config.WebhookConfig;
import io.attribution.stream.logging.SparseLog;
import io.attribution.stream.registry.RegistryException;
import io.attribution.stream.serde.RecordReader;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers alerts by HTTP: at least once, in order per model, across restarts. Reads the alerts
 * topic with a thread and a consumer group of its own, so that the receiver cannot affect the
 * stream.
 */
public final class Webhook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);
  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(5);
  private static final Duration BEGIN_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofMillis(4500);

  private final String topic;
  private final String address;
  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final RecordReader<DriftAlert> alerts;
  private final Receiver receiver;
  private final RetrySchedule schedule;
  private final DeliveryListener listener;
  private final SparseLog unreadable = SparseLog.onceAMinute(LOG::error);
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch stop = new CountDownLatch(1);
  private final Thread thread = new Thread(this::work, "alert-webhook");
  private volatile @Nullable Consumer<byte[], byte[]> consumer;

  /**
   * @param url where alerts are posted to
   * @param connect makes a consumer of the webhook's group, without auto-commit, that starts
   *     partitions without an offset at their beginning; called again after a fault
   * @param alerts reads DriftAlert
   */
  public Webhook(
      URI url,
      WebhookConfig config,
      String topic,
      Supplier<Consumer<byte[], byte[]>> connect,
      RecordReader<DriftAlert> alerts,
      DeliveryListener listener) {
    this.topic = topic;
    this.address = WebhookConfig.receiver(url);
    this.connect = connect;
    this.alerts = alerts;
    this.receiver = new HttpReceiver(url, config, Clock.systemUTC());
    this.schedule = RetrySchedule.of(config.retry());
    this.listener = listener;
    thread.setDaemon(true);
  }

  /**
   * Starts delivering. Alerts that are published after this returns are delivered, also by a new
   * group. Waits up to 10 s for the broker.
   */
  public void start() {
    LOG.info("alerts are posted to {}", address);
    thread.start();
    try {
      if (!begun.await(BEGIN_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn(
            "the webhook is not ready yet: alerts published before it is may not be delivered");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    while (!isStopped()) {
      try {
        read();
      } catch (RuntimeException | Error e) {
        // Errors too: this thread is not started again.
        if (!isStopped()) {
          unreadable.say("alerts cannot be read, retrying: " + e);
        }
        pause();
      }
    }
  }

  private void read() {
    Consumer<byte[], byte[]> connected = connect.get();
    consumer = connected;
    if (begun.getCount() > 0) {
      begin(connected);
    }
    new AlertReader(connected, new Lanes(this::lane)).run(topic, this::isStopped);
  }

  private void begin(Consumer<byte[], byte[]> connected) {
    try {
      NewGroup.begin(connected, topic);
      begun.countDown();
    } catch (RuntimeException e) {
      connected.close(CloseOptions.timeout(Duration.ofSeconds(1)));
      throw e;
    }
  }

  private Lane lane() {
    return new Lane(
        this::deliver, schedule, listener, System::nanoTime, RandomGenerator.getDefault());
  }

  /** A registry that is unreachable is a failure like the receiver's: it is retried. */
  private CompletableFuture<Reply> deliver(ConsumerRecord<byte[], byte[]> record) {
    Optional<DriftAlert> alert;
    try {
      alert = alerts.read(record.value());
    } catch (RegistryException e) {
      return CompletableFuture.completedFuture(Reply.failed(e.toString()));
    }
    return alert
        .map(value -> receiver.post(AlertEvent.json(record, value)))
        .orElseGet(
            () ->
                CompletableFuture.completedFuture(
                    new Reply.Unsendable("its value is not a DriftAlert")));
  }

  private boolean isStopped() {
    return stop.getCount() == 0;
  }

  private void pause() {
    try {
      stop.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      stop.countDown();
    }
  }

  /** Stops within 5 s. Undelivered alerts are delivered after the next start. */
  @Override
  public void close() {
    stop.countDown();
    Consumer<byte[], byte[]> connected = consumer;
    if (connected != null) {
      connected.wakeup();
    }
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
