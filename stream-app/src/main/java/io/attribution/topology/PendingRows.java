package io.attribution.topology;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * The rows that were read but not yet explained, in a changelogged store: Kafka Streams commits the
 * offsets of the input before a batch is full, so the rows must be as durable as the offsets. Slots
 * are used again as soon as they are free; a row that came and went between two commits then costs
 * the changelog next to nothing.
 */
final class PendingRows {
  private final KeyValueStore<Integer, InputRecord> store;
  private final BitSet taken = new BitSet();

  PendingRows(KeyValueStore<Integer, InputRecord> store) {
    this.store = store;
  }

  /** A row and the slot it stands in. */
  record Slotted(int slot, InputRecord record) {}

  /** Makes a row durable with the next commit. */
  Slotted add(InputRecord record) {
    int slot = taken.nextClearBit(0);
    taken.set(slot);
    store.put(slot, record);
    return new Slotted(slot, record);
  }

  /** Forgets a row: its outputs are part of the next commit. */
  void remove(Slotted row) {
    // Not delete(), which reads and decodes the row once more to return it.
    store.put(row.slot(), null);
    taken.clear(row.slot());
  }

  /** The rows that an earlier life of this task left behind, in the order they were read. */
  List<Slotted> restored() {
    List<Slotted> rows = new ArrayList<>();
    try (KeyValueIterator<Integer, InputRecord> stored = store.all()) {
      while (stored.hasNext()) {
        KeyValue<Integer, InputRecord> entry = stored.next();
        taken.set(entry.key);
        rows.add(new Slotted(entry.key, entry.value));
      }
    }
    rows.sort(Comparator.comparingLong(row -> row.record().origin().offset()));
    return rows;
  }
}
