package io.attribution.stream.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/**
 * The key nearest to a mistyped one: Levenshtein distance of at most 3, and a quarter of the key.
 */
public final class NearestKey {
  private static final int FAR = 3;

  private NearestKey() {}

  public static Optional<String> to(String key, Collection<String> known) {
    return known.stream()
        .filter(candidate -> distance(key, candidate) <= Math.min(FAR, key.length() / 4))
        .min(Comparator.comparingInt(candidate -> distance(key, candidate)));
  }

  private static int distance(String a, String b) {
    int[] previous = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      previous[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int[] current = new int[b.length() + 1];
      current[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int replace = previous[j - 1] + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        current[j] = Math.min(replace, 1 + Math.min(previous[j], current[j - 1]));
      }
      previous = current;
    }
    return previous[b.length()];
  }
}
