package io.attribution.engine.runtime;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where an encoder is to be computed: {@code cpu}, a certain GPU ({@code gpu:0} is the first), or
 * {@code auto}: the first GPU where libtorch finds one, else the CPU.
 */
public final class DeviceChoice {
  public static final DeviceChoice CPU = new DeviceChoice("cpu", OptionalInt.empty());
  public static final DeviceChoice AUTO = new DeviceChoice("auto", OptionalInt.of(0));

  private static final Pattern GPU = Pattern.compile("gpu:(0|[1-9]\\d?)");

  private final String label;
  private final OptionalInt gpu;

  private DeviceChoice(String label, OptionalInt gpu) {
    this.label = label;
    this.gpu = gpu;
  }

  /**
   * The device of a name in configuration.
   *
   * @param label auto, cpu or gpu:N
   * @throws IllegalArgumentException for any other label
   */
  public static DeviceChoice of(String label) {
    if ("auto".equals(label)) {
      return AUTO;
    }
    if ("cpu".equals(label)) {
      return CPU;
    }
    Matcher matcher = GPU.matcher(label);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'" + label + "' is no device; choose auto, cpu or gpu:N, such as gpu:0");
    }
    return new DeviceChoice(label, OptionalInt.of(Integer.parseInt(matcher.group(1))));
  }

  /** The name in configuration: auto, cpu or gpu:N. */
  public String label() {
    return label;
  }

  /** The GPU's number from 0; for {@code auto} the one to try first; empty for the CPU. */
  public OptionalInt gpu() {
    return gpu;
  }

  @Override
  public String toString() {
    return label;
  }
}
