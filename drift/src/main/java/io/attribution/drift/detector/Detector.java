package io.attribution.drift.detector;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Looks for a change in a sequence of finite numbers, one at a time, in bounded memory. Not safe
 * for several threads. No result depends on time, chance or the machine: the same numbers give the
 * same readings, bit by bit.
 */
public interface Detector {

  /** The name in configuration and alerts. */
  String name();

  /**
   * Takes the next number.
   *
   * @throws IllegalArgumentException when it is not finite; nothing has changed then
   */
  Reading observe(double value);

  /**
   * How alarms end. True: the alarm lasts until the values are back where they were. False: there
   * is one alarm for a change, and then the new level is normal.
   */
  boolean remembersNormal();

  /** Forgets everything: as if new. */
  void reset();

  /** Writes the state, its version first; the settings are not part of it. */
  void writeTo(DataOutput out) throws IOException;

  /**
   * Restores what {@link #writeTo} of a detector with the same settings wrote.
   *
   * @throws IOException when the version is unknown or the state cannot be that of these settings;
   *     the detector must then be reset
   */
  void readFrom(DataInput in) throws IOException;
}
