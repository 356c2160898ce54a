package io.attribution.drift.detector;

/** Which changes count. */
public enum Direction {
  UP,
  DOWN,
  BOTH;

  /** How far a deviation goes in the direction that counts; negative when it goes the other way. */
  double of(double deviation) {
    return switch (this) {
      case UP -> deviation;
      case DOWN -> -deviation;
      case BOTH -> Math.abs(deviation);
    };
  }
}
