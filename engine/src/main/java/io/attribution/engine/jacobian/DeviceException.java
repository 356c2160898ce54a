package io.attribution.engine.jacobian;

/** A device that was asked for and cannot be used. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param label what was asked for, such as gpu:1
   */
  DeviceException(String label, String problem) {
    super("device '" + label + "': " + problem);
  }
}
