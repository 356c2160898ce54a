package io.attribution.drift;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/** Event times of the latest observations: the time of "n observations ago". */
final class EventTimes {
  private static final int KEPT = 64;

  private final long[] millis = new long[KEPT];
  private long count;

  void add(long time) {
    millis[(int) (count % KEPT)] = time;
    count++;
  }

  /**
   * @param observations 0 is the latest one
   * @return its event time; the oldest one kept when it is longer ago, 0 when there is none
   */
  long ago(long observations) {
    if (count == 0) {
      return 0;
    }
    long back = Math.max(0, Math.min(observations, Math.min(count, KEPT) - 1));
    return millis[(int) ((count - 1 - back) % KEPT)];
  }

  void writeTo(DataOutput out) throws IOException {
    out.writeLong(count);
    for (int i = 0; i < Math.min(count, KEPT); i++) {
      out.writeLong(millis[i]);
    }
  }

  void readFrom(DataInput in) throws IOException {
    count = in.readLong();
    for (int i = 0; i < Math.min(count, KEPT); i++) {
      millis[i] = in.readLong();
    }
  }
}
