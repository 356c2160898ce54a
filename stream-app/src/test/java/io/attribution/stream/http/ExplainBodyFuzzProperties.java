package io.attribution.stream.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.attribution.engine.fuzz.Mutation;
import java.io.IOException;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;

/** Any body of a request is rows, or a problem that its sender is told of. */
class ExplainBodyFuzzProperties {
  private static final int ROWS = 5;
  private static final int FEATURES = 3;
  private static final Mutation BODY =
      Mutation.ofText(
          "{\"rows\":[[1,2,3],[-4.5e-3,0,6]]}",
          "{\"model\": null, \"rows\": [[1, 2, 3]]}",
          "{\"rows\":[[]],\"model\":\"digits\"}",
          "{\"rows\":[[1],[2],[3],[4],[5]]}");

  @Property(shrinking = ShrinkingMode.OFF, seed = "22")
  void anyBody(@ForAll Random random) throws IOException {
    try {
      byte[] bytes = BODY.next(random);
      ExplainBody body =
          new ExplainBody(new ExplainBody.Limits(ROWS, FEATURES, 1 << 20), n -> true);
      int middle = random.nextInt(bytes.length + 1);
      body.feed(bytes, middle);
      body.feed(Arrays.copyOfRange(bytes, middle, bytes.length), bytes.length - middle);
      assertThat(body.end().rows()).hasSizeLessThanOrEqualTo(ROWS);
    } catch (HttpProblem e) {
      assertThat(e.status()).isBetween(400, 499);
    }
  }
}
