package io.attribution.stream.logging;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Decides which lines are logged: one a minute for each cause, and of other libraries' causes a few
 * a minute together, none in the first minutes: where those decide, the command itself says why it
 * ends. What is left out is counted, and the count comes with the cause's next line or in a {@link
 * Summary}. Safe for use by several threads.
 *
 * @param <E> a line
 */
final class SparseLines<E> {
  /** Causes of other libraries' lines that are logged in a minute. */
  static final int FOREIGN_LIMIT = 4;

  /** Other libraries' lines wait for so long after the start: longer than the command itself. */
  static final Duration PATIENCE = Duration.ofMinutes(2);

  /** Causes that are told apart in a minute; the rest counts as one. */
  static final int MAX_CAUSES = 200;

  private static final long INTERVAL = Duration.ofMinutes(1).toNanos();
  private static final String REST = "the rest";

  private final LongSupplier nanoClock;
  private final long begin;
  private final Map<String, Cause<E>> causes = new HashMap<>();

  SparseLines(LongSupplier nanoClock) {
    this.nanoClock = nanoClock;
    this.begin = nanoClock.getAsLong();
  }

  /**
   * Lines that were left out.
   *
   * @param last of them
   * @param others how many there were before it
   */
  record Summary<E>(E last, long others) {}

  private static final class Cause<E> {
    private final boolean foreign;
    private boolean said;
    private long lastSaid;
    private long leftOut;
    private @Nullable E last;

    Cause(boolean foreign) {
      this.foreign = foreign;
    }

    boolean saidWithin(long now) {
      return said && now - lastSaid < INTERVAL;
    }

    void say(long now) {
      said = true;
      lastSaid = now;
      leftOut = 0;
      last = null;
    }
  }

  /**
   * Whether a line is logged.
   *
   * @return how many lines of its cause were left out before it; empty where it is left out, too
   */
  synchronized OptionalLong admit(String key, boolean foreign, E line) {
    long now = nanoClock.getAsLong();
    Cause<E> cause = cause(key, foreign);
    if (cause.saidWithin(now) || !mayBeSaid(cause, now)) {
      cause.leftOut++;
      cause.last = line;
      return OptionalLong.empty();
    }
    OptionalLong before = OptionalLong.of(cause.leftOut);
    cause.say(now);
    return before;
  }

  private Cause<E> cause(String key, boolean foreign) {
    boolean full = causes.size() >= MAX_CAUSES && !causes.containsKey(key);
    return causes.computeIfAbsent(full ? REST : key, any -> new Cause<>(foreign));
  }

  private boolean mayBeSaid(Cause<E> cause, long now) {
    return !cause.foreign
        || (!isStarting(now)
            && causes.values().stream()
                    .filter(other -> other.foreign && other.saidWithin(now))
                    .count()
                < FOREIGN_LIMIT);
  }

  private boolean isStarting(long now) {
    return now - begin < PATIENCE.toNanos();
  }

  /**
   * What was left out, and is due to be mentioned because nothing of its cause has been logged for
   * a minute.
   */
  synchronized List<Summary<E>> due() {
    long now = nanoClock.getAsLong();
    List<Summary<E>> due = new ArrayList<>();
    for (Iterator<Cause<E>> each = causes.values().iterator(); each.hasNext(); ) {
      Cause<E> cause = each.next();
      if (cause.saidWithin(now)) {
        continue;
      }
      if (cause.last == null) {
        each.remove();
      } else if (mayBeSaid(cause, now)) {
        due.add(new Summary<>(cause.last, cause.leftOut - 1));
        cause.say(now);
      }
    }
    return due;
  }

  /**
   * Everything that was left out; at the end.
   *
   * @param failed whether the command says why it ends: in the first minutes nothing of other
   *     libraries adds to it
   */
  synchronized List<Summary<E>> all(boolean failed) {
    if (failed && isStarting(nanoClock.getAsLong())) {
      causes.values().removeIf(cause -> cause.foreign);
    }
    List<Summary<E>> all = new ArrayList<>();
    for (Cause<E> cause : causes.values()) {
      if (cause.last != null) {
        all.add(new Summary<>(cause.last, cause.leftOut - 1));
      }
    }
    causes.clear();
    return all;
  }
}
