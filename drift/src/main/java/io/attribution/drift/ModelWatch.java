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
   * Nothing more is to be expected of the model, for now or for good.
   *
   * @param at event time
   * @param why what the alerts say
   * @return alerts that end with it
   */
  List<Alert> retire(long at, String why);

  /** Whose watch it is, and its state. */
  byte[] toBytes();
}
