package io.attribution.cli;

import io.attribution.demo.Injection;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** bias, mean, detach or shift. */
final class InjectionConverter implements ITypeConverter<Injection> {

  @Override
  public Injection convert(String label) {
    try {
      return Injection.of(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }
}
