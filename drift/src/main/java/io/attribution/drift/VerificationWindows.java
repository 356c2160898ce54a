package io.attribution.drift;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Merges one model's batches into tumbling windows of event time. A window is returned when a later
 * batch shows that it is complete, or after a while without batches; and again when a late batch
 * changed it: the later result replaces the earlier one.
 *
 * <p>Late batches are accepted up to {@value #KEPT} windows back; later ones are counted in no
 * window.
 */
public final class VerificationWindows {
  private static final byte VERSION = 1;
  private static final int KEPT = 8;

  private final long size;
  private final TreeMap<Long, Entry> windows = new TreeMap<>();
  private long latest = Long.MIN_VALUE;

  /** A window, and whether it changed since it was last returned. */
  private record Entry(long batches, Observation merged, boolean changed) {}

  /**
   * @param size of a window, at least a millisecond
   */
  public VerificationWindows(Duration size) {
    this.size = size.toMillis();
  }

  /**
   * Adds a batch to the window of its largest timestamp.
   *
   * @return windows that are complete and changed, by their start
   */
  public List<VerificationWindow> add(Observation batch) {
    long start = Math.floorDiv(batch.lastTimestamp(), size) * size;
    latest = Math.max(latest, batch.lastTimestamp());
    if (start > latest - KEPT * size) {
      windows.merge(start, new Entry(1, batch, true), VerificationWindows::merge);
    }
    windows.headMap(latest - KEPT * size, true).values().removeIf(entry -> !entry.changed());
    return takeBefore(Math.floorDiv(latest, size) * size);
  }

  private static Entry merge(Entry before, Entry batch) {
    return new Entry(before.batches() + 1, before.merged().merge(batch.merged()), true);
  }

  /**
   * Takes the last window to be complete as well, after a while without batches.
   *
   * @return windows that changed since they were last returned
   */
  public List<VerificationWindow> idle() {
    return takeBefore(Long.MAX_VALUE);
  }

  private List<VerificationWindow> takeBefore(long end) {
    List<VerificationWindow> over = new ArrayList<>();
    for (Map.Entry<Long, Entry> window : windows.headMap(end).entrySet()) {
      Entry entry = window.getValue();
      if (entry.changed()) {
        long start = window.getKey();
        over.add(new VerificationWindow(start, start + size, entry.batches(), entry.merged()));
        window.setValue(new Entry(entry.batches(), entry.merged(), false));
      }
    }
    return over;
  }

  /** All windows that are kept for late batches. */
  public void writeTo(DataOutput out) throws IOException {
    out.writeByte(VERSION);
    out.writeLong(size);
    out.writeLong(latest);
    out.writeInt(windows.size());
    for (Map.Entry<Long, Entry> window : windows.entrySet()) {
      out.writeLong(window.getKey());
      out.writeLong(window.getValue().batches());
      out.writeBoolean(window.getValue().changed());
      window.getValue().merged().writeTo(out);
    }
  }

  /**
   * Continues from what {@link #writeTo} wrote; without its windows when they had another size.
   *
   * @throws IOException when this is not what {@link #writeTo} writes, or another version of it
   */
  public void readFrom(DataInput in) throws IOException {
    if (in.readByte() != VERSION) {
      throw new IOException("state of another version");
    }
    boolean same = in.readLong() == size;
    latest = in.readLong();
    int count = in.readInt();
    windows.clear();
    for (int i = 0; i < count; i++) {
      long start = in.readLong();
      long batches = in.readLong();
      boolean changed = in.readBoolean();
      Entry entry = new Entry(batches, Observation.readFrom(in), changed);
      if (same) {
        windows.put(start, entry);
      }
    }
  }
}
