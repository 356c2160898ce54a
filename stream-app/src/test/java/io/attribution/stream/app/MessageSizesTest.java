package io.attribution.stream.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.drift.Origin;
import io.attribution.drift.SampleRow;
import io.attribution.engine.bundle.BundleLoader;
import io.attribution.engine.bundle.ModelBundle;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class MessageSizesTest {
  private static final ModelBundle DIGITS =
      BundleLoader.load(Path.of("..", "examples", "digits", "bundle"));

  /** A sampled row has every feature twice, an input once: of a wide model it is the larger. */
  @Test
  void aChangelogHasRoomForASampledRow() {
    MessageSizes sizes = MessageSizes.of(List.of(DIGITS)).withInputLimit(4L * 64);
    float[] features = new float[64];

    byte[] row = new SampleRow(new Origin("in", 0, 0), 0, features, features).toBytes();

    assertThat(sizes.changelog()).isGreaterThan(row.length);
    assertThat(sizes.largest()).isGreaterThanOrEqualTo(sizes.changelog());
  }

  /** The topic's limit is that of compressed batches, the producer's is not. */
  @Test
  void whatIsTakenUncompressedCanBeSentAgain() {
    MessageSizes small = MessageSizes.of(List.of(DIGITS)).withInputLimit(0);
    MessageSizes large = MessageSizes.of(List.of(DIGITS)).withInputLimit(5 << 20);

    assertThat(small.storedFeatures()).isGreaterThan(4 * 64);
    assertThat(large.storedFeatures()).isGreaterThan(5 << 20);
    for (MessageSizes sizes : List.of(small, large)) {
      assertThat(sizes.changelog()).isGreaterThan(sizes.storedFeatures());
      assertThat(sizes.deadLetter()).isGreaterThan(sizes.storedFeatures());
      assertThat(sizes.projected()).isGreaterThan(sizes.features());
    }
  }
}
