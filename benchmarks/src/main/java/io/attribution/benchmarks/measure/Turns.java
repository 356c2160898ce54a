package io.attribution.benchmarks.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntToDoubleFunction;

/**
 * Measures contestants in turns, A B C A B C …: what disturbs the machine disturbs all of them, and
 * a ratio of medians stays true.
 *
 * @param rounds samples of each contestant
 * @param secondsPerTurn how long one contestant works at a time, about
 */
public record Turns(int rounds, double secondsPerTurn) {
  private static final int MAX_CALLS = 1_000_000;

  /** The JVM compiles what runs often. */
  private static final int WARM_TURNS = 2;

  public Turns {
    if (rounds < 1 || !(secondsPerTurn > 0)) {
      throw new IllegalArgumentException("turns need at least one round and some time");
    }
  }

  /**
   * Something that works, alone on the machine.
   *
   * @param name in tables; unique among those who take turns
   * @param time seconds for a number of calls
   */
  public record Contestant(String name, IntToDoubleFunction time) {

    /** Work of this process. */
    public static Contestant of(String name, Runnable call) {
      return new Contestant(
          name,
          calls -> {
            long start = System.nanoTime();
            for (int i = 0; i < calls; i++) {
              call.run();
            }
            return (System.nanoTime() - start) / 1e9;
          });
    }
  }

  /**
   * Warms every contestant up, then measures.
   *
   * @return seconds per call, by name
   */
  public Map<String, Samples> measure(List<Contestant> contestants) {
    Map<Contestant, Integer> calls = new LinkedHashMap<>();
    contestants.forEach(contestant -> calls.put(contestant, callsPerTurn(contestant)));
    Map<String, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      calls.forEach(
          (contestant, count) ->
              seconds
                  .computeIfAbsent(contestant.name(), name -> new ArrayList<>())
                  .add(contestant.time().applyAsDouble(count) / count));
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    seconds.forEach((name, values) -> samples.put(name, new Samples(values)));
    return samples;
  }

  /** The calls that fill a turn; finding out is the warm-up. */
  private int callsPerTurn(Contestant contestant) {
    int calls = 1;
    double warm = 0;
    while (warm < WARM_TURNS * secondsPerTurn) {
      double seconds = Math.max(contestant.time().applyAsDouble(calls), Double.MIN_NORMAL);
      warm += seconds;
      calls = (int) Math.max(1, Math.min(MAX_CALLS, Math.round(secondsPerTurn * calls / seconds)));
    }
    return calls;
  }
}
