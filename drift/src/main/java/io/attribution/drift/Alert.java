package io.attribution.drift;

import java.util.Optional;

/**
 * An alert that opens, gets worse, or is resolved.
 *
 * @param id the same from opening to resolving
 * @param open false when the alert is resolved; alarm is then the last one raised
 * @param at event time of this change
 * @param cause label of the probable cause; empty when it is unknown
 */
public record Alert(
    ModelKey model, String id, boolean open, long at, Alarm alarm, Optional<String> cause) {
  /** open or resolved. */
  public String state() {
    return open ? "open" : "resolved";
  }
}
