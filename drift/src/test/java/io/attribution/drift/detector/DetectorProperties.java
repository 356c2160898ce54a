package io.attribution.drift.detector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;

class DetectorProperties {

  /** How to make a detector, with a name for a failing run. */
  record Recipe(String name, Supplier<Detector> maker) {
    Detector make() {
      return maker.get();
    }

    @Override
    public String toString() {
      return name;
    }
  }

  @Provide
  Arbitrary<Recipe> recipes() {
    List<Recipe> recipes = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      Sensitivity wanted = new Sensitivity(500, 2, direction);
      for (DetectorKind kind : DetectorKind.values()) {
        recipes.add(
            new Recipe(
                kind + " learned " + direction,
                () -> kind.create(wanted, BaselineSource.learned(20, 0.05))));
      }
    }
    Stream.of(
            new Recipe("ewma", () -> new Ewma(new Ewma.Settings(0.2, 2.5, 0.1, Direction.BOTH))),
            new Recipe("cusum", () -> new Cusum(new Cusum.Settings(0.5, 4, Direction.BOTH))),
            new Recipe("river's page_hinkley", () -> new PageHinkley(PageHinkley.Settings.river())),
            new Recipe("river's adwin", () -> new Adwin(Adwin.Settings.river(0.05))),
            new Recipe(
                "the paper's adwin", () -> new Adwin(Adwin.Settings.river(0.05).keepingTheNewer())))
        .forEach(recipes::add);
    return Arbitraries.of(recipes);
  }

  @Property(tries = 300)
  void savingAndRestoringAtAnyPointChangesNothing(
      @ForAll("recipes") Recipe recipe,
      @ForAll @IntRange(max = 700) int before,
      @ForAll @IntRange(min = 1, max = 400) int after,
      @ForAll Random random)
      throws IOException {
    Detector original = recipe.make();
    Walk walk = new Walk(random);
    for (int i = 0; i < before; i++) {
      original.observe(walk.next());
    }

    Detector restored = used(recipe, random);
    restored.readFrom(input(bytes(original)));

    assertThat(bytes(restored)).isEqualTo(bytes(original));
    for (int i = 0; i < after; i++) {
      double value = walk.next();
      assertThat(restored.observe(value)).isEqualTo(original.observe(value));
    }
    assertThat(bytes(restored)).isEqualTo(bytes(original));
  }

  /** At any level; charts of standardised values at 0, which a constant is to them. */
  @Property(tries = 150)
  void aConstantSequenceNeverAlarms(
      @ForAll("recipes") Recipe recipe,
      @ForAll @DoubleRange(min = -1e12, max = 1e12) double level) {
    Detector detector = recipe.make();
    boolean isAbsolute = detector instanceof Calibrated || !needsStandardised(detector);
    double value = isAbsolute ? level : 0;

    for (int i = 0; i < 5_000; i++) {
      assertThat(detector.observe(value).alarm()).isFalse();
    }
  }

  private static boolean needsStandardised(Detector detector) {
    return detector instanceof Ewma || detector instanceof Cusum;
  }

  /** Errors of a healthy encoder, whatever they are below the floor. */
  @Property(tries = 150)
  void healthyErrorsNeverAlarm(@ForAll("recipes") Recipe recipe, @ForAll Random random) {
    LogError error = new LogError(1e-5);
    Detector detector = recipe.make();
    boolean standardised = needsStandardised(detector);

    for (int i = 0; i < 3_000; i++) {
      double value = error.of(1e-5 * Math.pow(random.nextDouble(), 4));
      assertThat(detector.observe(standardised ? value - error.lowest() : value).alarm()).isFalse();
    }
  }

  @Property(tries = 100)
  void resetIsAsNew(@ForAll("recipes") Recipe recipe, @ForAll Random random) throws IOException {
    Detector detector = used(recipe, random);

    detector.reset();

    assertThat(bytes(detector)).isEqualTo(bytes(recipe.make()));
  }

  @Property(tries = 100)
  void whatIsNoNumberIsRefusedAndChangesNothing(
      @ForAll("recipes") Recipe recipe, @ForAll Random random) throws IOException {
    Detector detector = used(recipe, random);
    byte[] before = bytes(detector);

    for (double value : new double[] {Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> detector.observe(value))
          .isInstanceOf(IllegalArgumentException.class);
    }

    assertThat(bytes(detector)).isEqualTo(before);
  }

  @Property(tries = 100)
  void aStateOfAnotherVersionIsRefused(@ForAll("recipes") Recipe recipe, @ForAll Random random)
      throws IOException {
    byte[] state = bytes(used(recipe, random));
    state[0] = 77;

    assertThatThrownBy(() -> recipe.make().readFrom(input(state)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("version 77");
  }

  @Property(tries = 100)
  void aStateThatIsCutOffIsRefused(@ForAll("recipes") Recipe recipe, @ForAll Random random)
      throws IOException {
    byte[] state = bytes(used(recipe, random));
    byte[] part = Arrays.copyOf(state, random.nextInt(state.length));

    assertThatThrownBy(() -> recipe.make().readFrom(input(part))).isInstanceOf(IOException.class);
  }

  @Property(tries = 60)
  void theStateStaysSmall(@ForAll("recipes") Recipe recipe, @ForAll Random random)
      throws IOException {
    Detector detector = recipe.make();
    for (int i = 0; i < 20_000; i++) {
      detector.observe(random.nextGaussian());
    }

    assertThat(bytes(detector).length).isLessThan(2_000);
  }

  private static Detector used(Recipe recipe, Random random) {
    Detector detector = recipe.make();
    Walk walk = new Walk(random);
    for (int i = random.nextInt(300); i > 0; i--) {
      detector.observe(walk.next());
    }
    return detector;
  }

  /** Noise around a level that sometimes jumps. */
  private static final class Walk {
    private final Random random;
    private double level;

    Walk(Random random) {
      this.random = random;
    }

    double next() {
      if (random.nextInt(100) == 0) {
        level += 3 * random.nextGaussian();
      }
      return level + 0.3 * random.nextGaussian();
    }
  }

  private static byte[] bytes(Detector detector) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    detector.writeTo(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  private static DataInputStream input(byte[] bytes) {
    return new DataInputStream(new ByteArrayInputStream(bytes));
  }
}
