package io.attribution.engine.internal.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EncoderCodeTest {
  private static final String DETACHED =
      """
        def forward(self: __torch__.LayerNormDetached,
          x: Tensor) -> Tensor:
          mean = torch.mean(x, [-1], True)
          variance = torch.var(x, [-1], False, True)
          variance0 = torch.detach(variance)
          scale = self.scale
          _0 = torch.sub(x, mean)
          _1 = torch.sqrt(torch.add(variance0, CONSTANTS.c0))
          return torch.mul(scale, torch.div(_0, _1))
      """;

  @Test
  void seesThatAVarianceIsDetached() {
    assertThat(EncoderCode.parse(DETACHED).hasLiveVariance()).isFalse();
    assertThat(EncoderCode.parse(DETACHED).isExactButForConstants()).isTrue();
    assertThat(EncoderCode.parse(DETACHED).mayNormalize()).isTrue();
    assertThat(EncoderCode.parse(DETACHED).subtractsConstant()).isFalse();
  }

  @Test
  void seesThatAVarianceIsNotDetached() {
    String frozen = DETACHED.replace("torch.detach(variance)", "variance");

    assertThat(EncoderCode.parse(frozen).hasLiveVariance()).isTrue();
    assertThat(EncoderCode.parse(frozen).isExactButForConstants()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.mul(x, torch.relu(x))",
        "torch.mul(torch.relu(x), torch.relu(x))",
        "torch.matmul(x, torch.t(x))",
        "torch.div(x, torch.add(torch.abs(x), 1))",
      })
  void seesThatValuesAreMultiplied(String expression) {
    assertThat(forward(expression).multipliesValues()).isTrue();
    assertThat(forward(expression).isExactButForConstants()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "torch.mul(x, 0.5)",
        "torch.mul(mean, torch.relu(x))",
        "torch.mul(torch.add(x, 1), CONSTANTS.c3)",
        "torch.matmul(x, torch.t(mean))",
        "torch.div(x, mean)",
      })
  void takesNoFactorForAProductOfValues(String expression) {
    assertThat(forward(expression).multipliesValues()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"torch.sub(x, mean)", "torch.sub(torch.relu(x), CONSTANTS.c0)"})
  void seesThatAConstantIsSubtracted(String expression) {
    assertThat(forward(expression).subtractsConstant()).isTrue();
  }

  @Test
  void seesBiasesAndCasts() {
    assertThat(EncoderCode.parse("class Linear(Module):\n  bias : Tensor\n").hasBias()).isTrue();
    assertThat(EncoderCode.parse("class Linear(Module):\n  bias : NoneType\n").hasBias()).isFalse();
    assertThat(forward("torch.linear(x, CONSTANTS.c1, CONSTANTS.c2)").hasBias()).isTrue();
    assertThat(forward("torch.linear(x, CONSTANTS.c1)").hasBias()).isFalse();
    assertThat(forward("torch.to(torch.to(x, 15), 6)").castsTo16Bits()).isTrue();
    assertThat(forward("torch.to(x, 6)").castsTo16Bits()).isFalse();
  }

  @Test
  void sortsOperators() {
    EncoderCode code = forward("torch.gelu(torch.tanh(torch.unheard_of(torch.relu(x))))");

    assertThat(code.saturating()).containsExactly("tanh");
    assertThat(code.curvedOrStrange()).containsExactly("gelu", "unheard_of");
    assertThat(code.strange()).containsExactly("unheard_of");
  }

  @Test
  void isUnreadableWhereThereIsNoArchive() {
    assertThat(EncoderCode.of(Path.of("no-such-file")).isReadable()).isFalse();
    assertThat(EncoderCode.unreadable().isExactButForConstants()).isFalse();
  }

  private static EncoderCode forward(String expression) {
    return EncoderCode.parse(
        "  def forward(self: __torch__.M,\n    x: Tensor) -> Tensor:\n    mean = self.mean\n"
            + "    return "
            + expression
            + "\n");
  }
}
