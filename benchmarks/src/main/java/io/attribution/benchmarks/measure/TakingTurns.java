package io.attribution.benchmarks.measure;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Measures contestants in turns, A B C A B C …, so that what disturbs the machine disturbs all of
 * them alike and a ratio of medians stays true.
 *
 * @param rounds how many samples of each
 * @param secondsPerTurn how long one contestant works at a time, about
 */
public record TakingTurns(int rounds, double secondsPerTurn) {
  private static final int MAX_CALLS = 1_000_000;

  /** For the JVM's compiler, which looks at what runs often before it makes it fast. */
  private static final int WARM_TURNS = 2;

  public TakingTurns {
    if (rounds < 1 || !(secondsPerTurn > 0)) {
      throw new IllegalArgumentException("a run needs a round and time for it");
    }
  }

  /**
   * Warms every contestant up, then measures.
   *
   * @return seconds per call, by name
   */
  public Standings measure(List<? extends Contestant> contestants) {
    Map<Contestant, Integer> calls = new LinkedHashMap<>();
    contestants.forEach(contestant -> calls.put(contestant, callsPerTurn(contestant)));
    Map<Contestant, List<Double>> seconds = new LinkedHashMap<>();
    for (int round = 0; round < rounds; round++) {
      calls.forEach(
          (contestant, count) ->
              seconds
                  .computeIfAbsent(contestant, c -> new ArrayList<>())
                  .add(contestant.time(count) / count));
    }
    Map<String, Samples> samples = new LinkedHashMap<>();
    seconds.forEach((contestant, values) -> samples.put(contestant.name(), new Samples(values)));
    return new Standings(samples);
  }

  /** As many calls as fill a turn; finding out is the warm-up. */
  private int callsPerTurn(Contestant contestant) {
    int calls = 1;
    double warm = 0;
    while (warm < WARM_TURNS * secondsPerTurn) {
      double seconds = Math.max(contestant.time(calls), Double.MIN_NORMAL);
      warm += seconds;
      calls = (int) Math.max(1, Math.min(MAX_CALLS, Math.round(secondsPerTurn * calls / seconds)));
    }
    return calls;
  }
}
