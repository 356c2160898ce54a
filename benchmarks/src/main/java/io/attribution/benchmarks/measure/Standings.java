package io.attribution.benchmarks.measure;

import java.util.LinkedHashMap;
import java.util.Map;

/** The samples of those who took turns, by name. */
public final class Standings {
  private final Map<String, Samples> byName;

  public Standings(Map<String, Samples> byName) {
    this.byName = new LinkedHashMap<>(byName);
  }

  public boolean has(String name) {
    return byName.containsKey(name);
  }

  /**
   * @throws IllegalArgumentException for a name that took no turn
   */
  public Samples of(String name) {
    Samples samples = byName.get(name);
    if (samples == null) {
      throw new IllegalArgumentException("'" + name + "' took no turn");
    }
    return samples;
  }
}
