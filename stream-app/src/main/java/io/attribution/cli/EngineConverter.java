package io.attribution.cli;

import io.attribution.jacobian.EngineKind;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** auto, layers or autograd. */
final class EngineConverter implements ITypeConverter<EngineKind> {

  @Override
  public EngineKind convert(String label) {
    try {
      return EngineKind.of(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
