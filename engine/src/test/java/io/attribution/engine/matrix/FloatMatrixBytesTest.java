package io.attribution.engine.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows that come and go as bytes. */
class FloatMatrixBytesTest {
  private final FloatMatrix matrix = FloatMatrix.of(new float[] {1, 2}, new float[] {3, 4});

  @Test
  void takesBackTheBytesOfARow() {
    byte[] bytes = new byte[9];
    matrix.getBytes(0, bytes, 1);
    matrix.putBytes(1, 0, bytes, 1, 2);

    assertThat(matrix.row(1)).containsExactly(1, 2);
    assertThat(matrix.slice(1, 2).values(0).get(1)).isEqualTo(2);
  }

  @Test
  void refusesBytesThatWouldReachTheNextRow() {
    assertThatThrownBy(() -> matrix.putBytes(0, 1, new byte[8], 0, 2))
        .isInstanceOf(IndexOutOfBoundsException.class);
    assertThat(matrix.row(1)).containsExactly(3, 4);
  }
}
