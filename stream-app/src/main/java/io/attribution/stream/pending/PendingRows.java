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
 * The rows that were read and not yet explained. Kafka Streams commits the input offsets before a
 * batch is full, so the rows must be as durable as the offsets. They live in memory; those still
 * pending when a commit begins are written to a changelogged store, as part of that commit. A row
 * that came and went between two commits costs neither bytes nor a changelog entry.
 *
 * <p>{@link CachedStateStore} is the hook of Kafka Streams' own cached stores that runs before a
 * commit ({@code StateStore.commit} runs after the offsets are committed). It is not public API;
 * docs/decisions/0001 says why it is used and which tests guard it.
 */
public final class PendingRows implements StateStore, CachedStateStore<Integer, InputRecord> {
  private final KeyValueStore<Integer, InputRecord> durable;

  /** The row in each slot; null when the slot is free. */
  private final List<@Nullable InputRecord> rows = new ArrayList<>();

  /** Slots with a row in the durable store. */
  private final BitSet stored = new BitSet();

  /** Slots to write or delete at the next commit. */
  private final BitSet dirty = new BitSet();

  private final BitSet taken = new BitSet();

  /**
   * Slots of stored rows explained since the last commit began ({@code leaving}) and before ({@code
   * gone}).
   */
  private final BitSet leaving = new BitSet();

  private final BitSet gone = new BitSet();

  /**
   * Whether the task ran since the last commit began, which proves that the commit's writes
   * arrived.
   */
  private boolean worked;

  /** Whether outputs and changelog are committed in one transaction. */
  private boolean atomic;

  /**
   * @param durable a changelogged store without a cache, of the same name
   */
  public PendingRows(KeyValueStore<Integer, InputRecord> durable) {
    this.durable = durable;
  }

  /** A row and its slot. */
  public record Slotted(int slot, InputRecord record) {}

  /**
   * Notes that the task runs, so that nothing written before the last commit has failed: Kafka
   * Streams waits for all writes, and closes or restarts a task when one failed.
   */
  public void atWork() {
    worked = true;
  }

  /** Makes a row durable with the next commit. Free slots are reused. */
  public Slotted add(InputRecord record) {
    int slot = taken.nextClearBit(0);
    set(slot, record);
    dirty.set(slot);
    return new Slotted(slot, record);
  }

  /**
   * Removes a row whose outputs are part of the next commit.
   *
   * <p>Under at-least-once a commit is several independent writes: a crash may persist the deletion
   * in the changelog and lose the output. So a stored row is deleted by the first commit that
   * begins after its outputs are known to have arrived; its slot stays taken until then.
   */
  public void remove(Slotted row) {
    int slot = row.slot();
    rows.set(slot, null);
    if (stored.get(slot) && !atomic) {
      leaving.set(slot);
      return;
    }
    taken.clear(slot);
    dirty.set(slot, stored.get(slot));
  }

  /**
   * The rows that the task left in the store before it was restarted or moved, in the order of
   * their offsets.
   */
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
    dirty.clear();
    leaving.clear();
    gone.clear();
    worked = false;
  }

  /** How many rows are pending. */
  public int size() {
    return taken.cardinality() - leaving.cardinality() - gone.cardinality();
  }

  /**
   * Called at the beginning of every commit, before the producer is flushed, and again when that
   * commit failed and the task is closed. The second call's writes persist too, so it must not
   * delete a row.
   */
  @Override
  public void flushCache() {
    if (worked) {
      deleteGone();
      worked = false;
    }
    for (int slot = dirty.nextSetBit(0); slot >= 0; slot = dirty.nextSetBit(slot + 1)) {
      // Not delete(), which would read and decode the row to return it.
      durable.put(slot, rows.get(slot));
      stored.set(slot, taken.get(slot));
      dirty.clear(slot);
    }
  }

  private void deleteGone() {
    taken.andNot(gone);
    dirty.or(gone);
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

  /** The offsets are committed: too late to write rows, in time to detect that one was missed. */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (!dirty.isEmpty()) {
      throw new ProcessorStateException(
          name()
              + ": offsets were committed before the pending rows of slots "
              + dirty
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
