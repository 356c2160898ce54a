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
 * Merges one model's batches into tumbling windows of event time. A window is handed out when a
 * later batch shows that it is over, or when nothing came for a while, and again when a batch comes
 * late: a window that was handed out later replaces the one before.
 *
 * <p>Windows are kept for late batches up to {@value #KEPT} windows back; what comes later still is
 * counted in no window.
 */
public final class VerificationWindows {
  private static final byte VERSION = 1;
  private static final int KEPT = 8;

  private final long size;
  private final TreeMap<Long, Entry> windows = new TreeMap<>();
  private long latest = Long.MIN_VALUE;

  /** A window, and whether it was changed since it was last handed out. */
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
   * @return windows that are over, by their start
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
   * Nothing came for a while: the last window is taken to be over as well.
   *
   * @return windows that were not handed out yet
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

  /** Everything that later batches are merged with. */
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
   * Goes on where another one stopped; begins anew when windows had another size.
   *
   * @throws IOException when this is not what {@link #writeTo} writes, or another version of it
   */
  public void readFrom(DataInput in) throws IOException {
    if (in.readByte() != VERSION) {
      throw new IOException("another version wrote this");
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
