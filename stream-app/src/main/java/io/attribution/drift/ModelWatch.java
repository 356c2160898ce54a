package io.attribution.drift;

import java.util.List;

/** What is kept of one model that is watched. */
public interface ModelWatch {

  ModelKey model();

  /** Event time of the latest that was heard of the model, in milliseconds; 0 for nothing yet. */
  long lastSeen();

  /** Alerts that are open. */
  List<Alert> openAlerts();

  /**
   * The model is no longer in use, because another one of its name is.
   *
   * @param at event time
   * @return alerts that end with it
   */
  List<Alert> retire(long at);

  /** Whose watch it is, and its state. */
  byte[] toBytes();
}
