package io.attribution.engine.attribution;

import io.attribution.engine.reduction.Reduction;
import java.util.Optional;

/**
 * Which results somebody asked for; the others never leave native memory.
 *
 * @param contributions the whole matrix C
 * @param reduction how R is made, if R is wanted
 */
public record Wanted(boolean contributions, Optional<Reduction> reduction) {

  boolean any() {
    return contributions || reduction.isPresent();
  }
}
