package io.attribution.benchmarks.drift;

import java.util.List;

/**
 * An alarm.
 *
 * @param rows of the stream that were seen until then
 * @param features that it names, the clearest one first
 */
record Named(int rows, List<Integer> features) {
  Named {
    features = List.copyOf(features);
  }
}
