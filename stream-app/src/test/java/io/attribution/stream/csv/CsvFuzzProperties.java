package io.attribution.stream.csv;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.fuzz.Mutation;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Any bytes are rows, or an input that cannot be used, in one printable line. */
class CsvFuzzProperties {
  private static final Mutation CSV =
      Mutation.ofText(
          "a,b\n1,2\n-3.5e-7,0\n",
          "\uFEFFa,b,\"c, d\"\r\n1,2,3\r\n\r\n",
          "b,id,a\n1,\"x\"\"y\",2\n3,\"two\nlines\",4\n",
          "a;b\n1;2\n");

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyFile(@ForAll Random random) {
    read(random, CsvColumns.of(List.of("a", "b")));
  }

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyFileInItsOwnOrder(@ForAll Random random) {
    CsvColumns all = CsvColumns.inFileOrder();
    read(random, random.nextBoolean() ? all : all.withText("id"));
  }

  private static void read(Random random, CsvColumns columns) {
    byte[] bytes = CSV.next(random);
    try (FeatureCsv csv = FeatureCsv.of("my.csv", new ByteArrayInputStream(bytes), columns)) {
      float[] row = csv.newRow();
      while (csv.next(row)) {
        for (float value : row) {
          assertThat(value).isFinite();
        }
      }
    } catch (InputException e) {
      assertThat(e.getMessage()).startsWith("my.csv: ").hasSizeLessThan(13_000);
      assertThat(e.getMessage().codePoints()).noneMatch(Character::isISOControl);
    }
  }
}
