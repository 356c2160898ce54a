package io.attribution.engine.diagnosis;

import java.util.Optional;

/** Recognises one kind of fault, or keeps silent. */
interface Rule {

  /**
   * @return the finding, if the evidence fits this fault and no other
   */
  Optional<Finding> judge(Evidence evidence);
}
