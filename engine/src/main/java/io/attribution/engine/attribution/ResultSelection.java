package io.attribution.engine.attribution;

import io.attribution.engine.reduction.Reduction;
import java.util.Optional;

/**
 * Which results an attributor computes and returns, besides the embedding and its verification. The
 * others never leave native memory.
 *
 * @param contributions whether C (n, O, D) is returned
 * @param reduction how R (n, D) is made, if R is returned
 */
public record ResultSelection(boolean contributions, Optional<Reduction> reduction) {
  /** C, and R by this reduction. */
  public static ResultSelection all(Reduction reduction) {
    return new ResultSelection(true, Optional.of(reduction));
  }

  /** R alone: a small fraction of the memory of {@link #all}. */
  public static ResultSelection reduced(Reduction reduction) {
    return new ResultSelection(false, Optional.of(reduction));
  }
}
