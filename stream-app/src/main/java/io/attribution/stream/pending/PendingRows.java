package io.attribution.stream.pending;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.ProcessorStateException;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * The rows that were read but not yet explained: Kafka Streams commits the offsets of the input
 * before a batch is full, so the rows must be as durable as the offsets. They stand in memory, and
 * what of them is still pending when a commit begins goes to a changelogged store, as part of that
 * commit. A row that came and went between two commits costs neither bytes nor a changelog entry.
 *
 * <p>{@link CachedStateStore} is what Kafka Streams' own cached stores implement to be told of a
 * commit in time ({@code StateStore.commit} is called when the offsets are committed already). It
 * is not public API; docs/decisions/0001 says why it is used, and what watches over it.
 */
public final class PendingRows implements StateStore, CachedStateStore<Integer, InputRecord> {
  private final KeyValueStore<Integer, InputRecord> durable;

  /** The row in each slot; null where the slot is free. */
  private final List<@Nullable InputRecord> rows = new ArrayList<>();

  /** Slots that the durable store holds a row of. */
  private final BitSet stored = new BitSet();

  /** Slots of which the durable store holds another row, or none, or one too many. */
  private final BitSet changed = new BitSet();

  private final BitSet taken = new BitSet();

  /** Slots of stored rows that were explained since the last commit began, and before. */
  private final BitSet leaving = new BitSet();

  private final BitSet gone = new BitSet();

  /** Whether the task was at work since the last commit began: that commit's writes arrived. */
  private boolean worked;

  /** Whether outputs and changelog are committed together or not at all. */
  private boolean atomic;

  /**
   * @param durable a changelogged store without a cache, of the same name
   */
  public PendingRows(KeyValueStore<Integer, InputRecord> durable) {
    this.durable = durable;
  }

  /** A row and the slot it stands in. */
  public record Slotted(int slot, InputRecord record) {}

  /**
   * The task is at work, so nothing that was written before the last commit began has failed: Kafka
   * Streams waits for all of it, and a task of which something failed is closed or begun anew.
   */
  public void atWork() {
    worked = true;
  }

  /** Makes a row durable with the next commit. Slots are used again as soon as they are free. */
  public Slotted add(InputRecord record) {
    int slot = taken.nextClearBit(0);
    set(slot, record);
    changed.set(slot);
    return new Slotted(slot, record);
  }

  /**
   * Forgets a row, whose outputs are part of the next commit.
   *
   * <p>Under at-least-once that commit is several writes, and a crash may let the changelog have
   * its deletion and the output's topic not the output. So a stored row is deleted by a commit that
   * begins when its outputs are known to be there; its slot rests until then.
   */
  public void remove(Slotted row) {
    int slot = row.slot();
    rows.set(slot, null);
    if (stored.get(slot) && !atomic) {
      leaving.set(slot);
      return;
    }
    taken.clear(slot);
    changed.set(slot, stored.get(slot));
  }

  /** The rows that an earlier life of this task left behind, in the order they were read. */
  public List<Slotted> restored() {
    forget();
    List<Slotted> left = new ArrayList<>();
    try (KeyValueIterator<Integer, InputRecord> entries = durable.all()) {
      while (entries.hasNext()) {
        KeyValue<Integer, InputRecord> entry = entries.next();
        set(entry.key, entry.value);
        stored.set(entry.key);
        left.add(new Slotted(entry.key, entry.value));
      }
    }
    left.sort(Comparator.comparingLong(row -> row.record().origin().offset()));
    return left;
  }

  private void set(int slot, InputRecord record) {
    while (rows.size() <= slot) {
      rows.add(null);
    }
    rows.set(slot, record);
    taken.set(slot);
  }

  private void forget() {
    rows.clear();
    taken.clear();
    stored.clear();
    changed.clear();
    leaving.clear();
    gone.clear();
    worked = false;
  }

  /** How many rows are pending. */
  public int size() {
    return taken.cardinality() - leaving.cardinality() - gone.cardinality();
  }

  /**
   * Called at the beginning of every commit, before the producer is flushed, and once more where
   * that failed and the task is closed: what is written then stays, so no row may leave.
   */
  @Override
  public void flushCache() {
    if (worked) {
      deleteGone();
      worked = false;
    }
    for (int slot = changed.nextSetBit(0); slot >= 0; slot = changed.nextSetBit(slot + 1)) {
      // Not delete(), which reads and decodes the row once more to return it.
      durable.put(slot, rows.get(slot));
      stored.set(slot, taken.get(slot));
      changed.clear(slot);
    }
  }

  private void deleteGone() {
    taken.andNot(gone);
    changed.or(gone);
    gone.clear();
    gone.or(leaving);
    leaving.clear();
  }

  /** The task becomes a standby or an active one; the durable store has everything. */
  @Override
  public void clearCache() {
    forget();
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Integer, InputRecord> listener, boolean sendOldValues) {
    return false;
  }

  /** The offsets are committed: too late for rows, but not to notice that one was left out. */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (!changed.isEmpty()) {
      throw new ProcessorStateException(
          name()
              + ": offsets were committed before the pending rows of slots "
              + changed
              + " were; this version of Kafka Streams does not flush caches before a commit");
    }
    durable.commit(changelogOffsets);
  }

  @Override
  public String name() {
    return durable.name();
  }

  @Override
  public void init(StateStoreContext context, StateStore root) {
    atomic =
        StreamsConfig.EXACTLY_ONCE_V2.equals(
            context.appConfigs().get(StreamsConfig.PROCESSING_GUARANTEE_CONFIG));
    durable.init(context, root);
  }

  @Override
  public void close() {
    forget();
    durable.close();
  }

  @Override
  public boolean persistent() {
    return durable.persistent();
  }

  @Override
  public boolean isOpen() {
    return durable.isOpen();
  }
}
