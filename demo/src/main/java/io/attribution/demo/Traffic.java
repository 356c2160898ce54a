package io.attribution.demo;

import java.util.OptionalLong;

/**
 * What goes in and comes out at a moment.
 *
 * @param sent records on the input topic
 * @param planned how many there will be
 * @param sentPerSecond over the last seconds
 * @param explainedPerSecond over the last seconds
 */
record Traffic(long sent, OptionalLong planned, double sentPerSecond, double explainedPerSecond) {

  /** How much of the plan came out. */
  double share(long outcomes) {
    return (double) outcomes / planned.orElse(Math.max(1, sent));
  }
}
