package io.attribution.cli;

import io.attribution.jacobian.Precision;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** float32 or float64. */
final class PrecisionConverter implements ITypeConverter<Precision> {

  @Override
  public Precision convert(String label) {
    try {
      return Precision.of(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
