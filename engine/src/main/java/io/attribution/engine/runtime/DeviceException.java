package io.attribution.engine.runtime;

/** A chosen device that libtorch cannot use; the message states why, and what to do. */
public final class DeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param choice what was chosen
   */
  public DeviceException(DeviceChoice choice, String problem) {
    super("device '" + choice.label() + "': " + problem);
  }
}
