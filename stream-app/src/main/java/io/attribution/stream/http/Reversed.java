package io.attribution.stream.http;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A list from its end. */
final class Reversed {
  private Reversed() {}

  static <T> List<T> of(List<T> values) {
    List<T> reversed = new ArrayList<>(values);
    Collections.reverse(reversed);
    return reversed;
  }
}
