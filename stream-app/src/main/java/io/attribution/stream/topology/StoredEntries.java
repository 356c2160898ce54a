package io.attribution.stream.topology;

import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** The entries of a store, read before any of them is changed. */
final class StoredEntries {
  private StoredEntries() {}

  static <V> List<KeyValue<String, V>> of(KeyValueStore<String, V> store) {
    List<KeyValue<String, V>> all = new ArrayList<>();
    try (KeyValueIterator<String, V> entries = store.all()) {
      entries.forEachRemaining(all::add);
    }
    return all;
  }
}
