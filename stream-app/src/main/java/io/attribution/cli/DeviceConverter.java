package io.attribution.cli;

import io.attribution.jacobian.DeviceChoice;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** auto, cpu or gpu:N. */
final class DeviceConverter implements ITypeConverter<DeviceChoice> {

  @Override
  public DeviceChoice convert(String label) {
    try {
      return DeviceChoice.of(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
