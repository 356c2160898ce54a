package io.attribution.engine.internal.diagnosis;

import io.attribution.engine.diagnosis.Finding;
import java.util.Optional;

/** Recognises one kind of fault, or keeps silent. */
interface Rule {

  /**
   * @return the finding, if the evidence fits this fault and no other
   */
  Optional<Finding> judge(Evidence evidence);
}
