package io.attribution.stream.pending;

import java.util.Map;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.StoreBuilder;
import org.apache.kafka.streams.state.Stores;

/** Builds the store of pending rows: without a cache of Kafka Streams, always with a changelog. */
public final class PendingRowsBuilder implements StoreBuilder<PendingRows> {
  private final StoreBuilder<KeyValueStore<Integer, InputRecord>> durable;

  public PendingRowsBuilder(String name) {
    this.durable =
        Stores.keyValueStoreBuilder(
                Stores.inMemoryKeyValueStore(name), Serdes.Integer(), new InputRecordSerde())
            .withCachingDisabled()
            .withLoggingEnabled(Map.of());
  }

  @Override
  public PendingRows build() {
    return new PendingRows(durable.build());
  }

  @Override
  public StoreBuilder<PendingRows> withCachingEnabled() {
    throw alwaysTheSame();
  }

  @Override
  public StoreBuilder<PendingRows> withCachingDisabled() {
    throw alwaysTheSame();
  }

  @Override
  public StoreBuilder<PendingRows> withLoggingEnabled(Map<String, String> config) {
    throw alwaysTheSame();
  }

  @Override
  public StoreBuilder<PendingRows> withLoggingDisabled() {
    throw alwaysTheSame();
  }

  private static UnsupportedOperationException alwaysTheSame() {
    return new UnsupportedOperationException("without its changelog, pending rows would be lost");
  }

  @Override
  public Map<String, String> logConfig() {
    return durable.logConfig();
  }

  @Override
  public boolean loggingEnabled() {
    return durable.loggingEnabled();
  }

  @Override
  public String name() {
    return durable.name();
  }
}
