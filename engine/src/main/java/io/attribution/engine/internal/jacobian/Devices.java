package io.attribution.engine.internal.jacobian;

import ai.djl.Device;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.attribution.engine.internal.torch.PyTorch;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.DeviceException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the device that was chosen. */
public final class Devices {
  private static final Logger LOG = LoggerFactory.getLogger(Devices.class);

  private Devices() {}

  /** The name of a device: cpu or gpu:N. */
  public static String label(Device device) {
    return device.isGpu() ? "gpu:" + device.getDeviceId() : "cpu";
  }

  /**
   * The device, after a computation there succeeded.
   *
   * @throws DeviceException when libtorch cannot use it
   */
  public static Device open(DeviceChoice choice) {
    if (choice.gpu().isEmpty()) {
      return Device.cpu();
    }
    Device gpu = Device.gpu(choice.gpu().getAsInt());
    if (!PyTorch.findsGpu()) {
      return cpuInstead(
          choice,
          gpu,
          "libtorch "
              + PyTorch.version()
              + " finds no GPU, and the one that comes with this project is built for the CPU; let"
              + " PYTORCH_LIBRARY_PATH name the folder of one with CUDA (docs/operations.md, GPU),"
              + " or choose cpu");
    }
    try {
      tryOut(gpu);
      return gpu;
    } catch (EngineException e) {
      LOG.debug("{} cannot be used", gpu, e);
      return cpuInstead(choice, gpu, "libtorch cannot use it: " + firstLine(e));
    }
  }

  /** Only {@code auto} falls back to the CPU. */
  private static Device cpuInstead(DeviceChoice choice, Device gpu, String problem) {
    if (choice == DeviceChoice.AUTO) {
      LOG.info("the CPU computes; {}: {}", gpu, problem);
      return Device.cpu();
    }
    throw new DeviceException(choice, problem);
  }

  private static void tryOut(Device device) {
    try (NDManager scope = PyTorch.newScope(device)) {
      scope.ones(new Shape(1)).add(1f).toFloatArray();
    }
  }

  private static String firstLine(Exception failure) {
    return String.valueOf(failure.getMessage()).lines().findFirst().orElse("");
  }
}
