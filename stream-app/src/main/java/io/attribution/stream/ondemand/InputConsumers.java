package io.attribution.stream.ondemand;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A small pool of consumers without a group for reading the input topic, created on first use.
 * Thread-safe.
 */
public final class InputConsumers implements AutoCloseable {
  private static final int CONSUMERS = 2;
  private static final long TIMEOUT_MILLIS = 2_000;

  /** Timeout of a request to the broker. */
  private static final int API_TIMEOUT_MILLIS = 10_000;

  /** Short: there is no group to leave, so closing need not wait for an unreachable broker. */
  private static final CloseOptions CLOSE_TIMEOUT = CloseOptions.timeout(Duration.ofMillis(500));

  private final Supplier<Consumer<byte[], byte[]>> connect;
  private final Semaphore places = new Semaphore(CONSUMERS, true);
  private final List<Consumer<byte[], byte[]>> idle = new ArrayList<>();
  private boolean closed;

  /**
   * @param consumer settings of a consumer without a group, with the user's for security
   */
  public InputConsumers(Map<String, Object> consumer) {
    this(connecting(consumer));
  }

  InputConsumers(Supplier<Consumer<byte[], byte[]>> connect) {
    this.connect = connect;
  }

  private static Supplier<Consumer<byte[], byte[]>> connecting(Map<String, Object> consumer) {
    Map<String, Object> settings = new HashMap<>(consumer);
    settings.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
    settings.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    settings.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
    settings.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    settings.put(ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, API_TIMEOUT_MILLIS);
    settings.remove(ConsumerConfig.GROUP_ID_CONFIG);
    settings.remove(ConsumerConfig.GROUP_INSTANCE_ID_CONFIG);
    return () ->
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /**
   * Lends a consumer.
   *
   * @throws BusyException when none is free in time
   * @throws StoppedException when they are closed
   * @throws KafkaException when the broker does not answer
   */
  <T> T use(Function<Consumer<byte[], byte[]>, T> work) {
    requirePlace();
    try {
      Consumer<byte[], byte[]> consumer = take();
      try {
        T result = work.apply(consumer);
        giveBack(consumer);
        return result;
      } catch (RuntimeException | Error e) {
        // Its state is unknown: close it.
        consumer.close(CLOSE_TIMEOUT);
        throw e;
      }
    } finally {
      places.release();
    }
  }

  private void requirePlace() {
    try {
      if (!places.tryAcquire(TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
        throw new BusyException();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoppedException();
    }
  }

  private synchronized Consumer<byte[], byte[]> take() {
    if (closed) {
      throw new StoppedException();
    }
    return idle.isEmpty() ? connect.get() : idle.remove(idle.size() - 1);
  }

  private void giveBack(Consumer<byte[], byte[]> consumer) {
    consumer.unsubscribe();
    synchronized (this) {
      if (!closed) {
        idle.add(consumer);
        return;
      }
    }
    consumer.close(CLOSE_TIMEOUT);
  }

  /** Those in use are closed when they are returned. */
  @Override
  public synchronized void close() {
    closed = true;
    idle.forEach(consumer -> consumer.close(CLOSE_TIMEOUT));
    idle.clear();
  }

  /** All consumers are in use. */
  public static final class BusyException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BusyException() {
      super("others look into the input topic; try again in a moment");
    }
  }
}
