package io.attribution.engine.jacobian;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.engine.StandardCapabilities;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where somebody wants encoders to be computed: {@code cpu}, a certain GPU ({@code gpu:0} is the
 * first), or {@code auto}: the first GPU where libtorch finds one, else the CPU.
 */
public final class DeviceChoice {
  public static final DeviceChoice CPU = new DeviceChoice("cpu", Device.cpu());
  public static final DeviceChoice AUTO = new DeviceChoice("auto", Device.gpu(0));

  private static final Logger LOG = LoggerFactory.getLogger(DeviceChoice.class);
  private static final Pattern GPU = Pattern.compile("gpu:(0|[1-9]\\d?)");

  private final String label;
  private final Device device;

  private DeviceChoice(String label, Device device) {
    this.label = label;
    this.device = device;
  }

  /**
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
    Matcher gpu = GPU.matcher(label);
    if (!gpu.matches()) {
      throw new IllegalArgumentException(
          "'" + label + "' is no device; choose auto, cpu or gpu:N, such as gpu:0");
    }
    return new DeviceChoice(label, Device.gpu(Integer.parseInt(gpu.group(1))));
  }

  public String label() {
    return label;
  }

  /** A device as people name it: cpu or gpu:N. */
  public static String label(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  /**
   * The device, after something was computed there.
   *
   * @throws DeviceException when libtorch cannot use it
   */
  public Device open() {
    if (!device.isGpu()) {
      return device;
    }
    if (!findsGpu()) {
      return orCpu(
          "libtorch "
              + PyTorch.version()
              + " finds no GPU, and the one that comes with this project is built for the CPU; let"
              + " PYTORCH_LIBRARY_PATH name the folder of one with CUDA (docs/operations.md, GPU),"
              + " or choose cpu");
    }
    try {
      tryOut(device);
      return device;
    } catch (EngineException e) {
      LOG.debug("{} cannot be used", device, e);
      return orCpu("libtorch cannot use it: " + firstLine(e));
    }
  }

  /** Who leaves the choice to us gets what there is. */
  private Device orCpu(String problem) {
    if (this == AUTO) {
      LOG.info("the CPU computes; {}: {}", device, problem);
      return Device.cpu();
    }
    throw new DeviceException(label, problem);
  }

  /** DJL's word for: built with CUDA, and driver and card are there. */
  private static boolean findsGpu() {
    return Engine.getEngine("PyTorch").hasCapability(StandardCapabilities.CUDA);
  }

  private static void tryOut(Device device) {
    try (NDManager scope = PyTorch.newScope(device)) {
      scope.ones(new Shape(1)).add(1f).toFloatArray();
    }
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }

  @Override
  public String toString() {
    return label;
  }
}
