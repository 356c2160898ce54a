package io.attribution.drift;

import java.util.List;

/** The state that is kept of one watched model. */
public interface ModelWatch {

  ModelKey model();

  /** Event time of the model's latest record, in milliseconds; 0 when there was none. */
  long lastSeen();

  /** Alerts that are open. */
  List<Alert> openAlerts();

  /**
   * Resolves open alerts: the model was replaced, or sends nothing any more.
   *
   * @param at event time, in milliseconds
   * @param why the reason, for the alerts' messages
   * @return the alerts that were open
   */
  List<Alert> retire(long at, String why);

  /** Model and state. */
  byte[] toBytes();
}
