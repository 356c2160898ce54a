package io.attribution.stream.cli;

import io.attribution.engine.method.Baseline;
import io.attribution.engine.method.ContributionMethod;
import io.attribution.engine.runtime.DeviceChoice;
import io.attribution.engine.runtime.EngineKind;
import io.attribution.engine.runtime.Precision;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Converts the label of an option's value. The message of a wrong one lists the labels. */
public abstract class Label<T> implements ITypeConverter<T> {
  private final Function<String, T> of;

  /**
   * @param of throws an IllegalArgumentException for an unknown label
   */
  protected Label(Function<String, T> of) {
    this.of = of;
  }

  @Override
  public final T convert(String label) {
    try {
      return of.apply(label);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** auto, layers, graph or autograd. */
  public static final class OfEngine extends Label<EngineKind> {
    public OfEngine() {
      super(EngineKind::of);
    }
  }

  /** float32 or float64. */
  static final class OfPrecision extends Label<Precision> {
    OfPrecision() {
      super(Precision::of);
    }
  }

  /** auto, jacobian, affine, integrated_gradients or expected_gradients. */
  static final class OfMethod extends Label<ContributionMethod> {
    OfMethod() {
      super(ContributionMethod::of);
    }
  }

  /** mean or zeros. */
  static final class OfBaseline extends Label<Baseline> {
    OfBaseline() {
      super(Baseline::of);
    }
  }

  /** auto, cpu or gpu:N. */
  static final class OfDevice extends Label<DeviceChoice> {
    OfDevice() {
      super(DeviceChoice::of);
    }
  }
}
