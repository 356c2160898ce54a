package io.attribution.engine.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DoubleMatrixTest {
  private final DoubleMatrix matrix = DoubleMatrix.allocateDirect(3, 2);

  @BeforeEach
  void fill() {
    for (int row = 0; row < 3; row++) {
      matrix.set(row, 0, 10 * row);
      matrix.set(row, 1, 10 * row + 1);
    }
  }

  @Test
  void keepsWhatNoFloatCanHold() {
    matrix.set(1, 1, 0.1);

    assertThat(matrix.get(1, 1)).isEqualTo(0.1);
  }

  @Test
  void startsWithZeros() {
    assertThat(DoubleMatrix.allocateDirect(1, 1).get(0, 0)).isZero();
  }

  @Test
  void laysItsRowsOutOneAfterTheOtherInLittleEndian() {
    ByteBuffer bytes = matrix.bytes();

    assertThat(bytes.remaining()).isEqualTo(6 * Double.BYTES);
    assertThat(bytes.getDouble(3 * Double.BYTES)).isEqualTo(11);
    assertThat(bytes.isDirect()).isTrue();
  }

  @Test
  void takesBytesFromItsStartEveryTime() {
    matrix.bytes().putDouble(5);

    matrix.bytes().putDouble(6);

    assertThat(matrix.get(0, 0)).isEqualTo(6);
    assertThat(matrix.get(0, 1)).isEqualTo(1);
  }

  @Test
  void slicesTheRowsThatAreAskedFor() {
    DoubleMatrix slice = matrix.slice(1, 3);

    assertThat(slice.rows()).isEqualTo(2);
    assertThat(slice.columns()).isEqualTo(2);
    assertThat(slice.get(0, 0)).isEqualTo(10);
    assertThat(slice.get(1, 1)).isEqualTo(21);
    assertThat(slice.bytes().getDouble(0)).isEqualTo(10);
  }

  @Test
  void sharesItsMemoryWithSlicesOfSlices() {
    matrix.slice(1, 3).slice(1, 2).set(0, 1, 99);

    assertThat(matrix.get(2, 1)).isEqualTo(99);
  }

  @Test
  void refusesSlicesPastItsEnd() {
    assertThatThrownBy(() -> matrix.slice(2, 4)).isInstanceOf(IndexOutOfBoundsException.class);
  }

  @Test
  void copiesFloats() {
    FloatMatrix floats = FloatMatrix.of(new float[] {1, 2}, new float[] {3, 0.1f});

    DoubleMatrix copy = DoubleMatrix.of(floats);
    floats.setRow(0, new float[] {8, 8});

    assertThat(copy.get(0, 1)).isEqualTo(2);
    assertThat(copy.get(1, 0)).isEqualTo(3);
    assertThat(copy.get(1, 1)).isEqualTo(0.1f);
  }

  @Test
  void refusesSizesThatNoBufferHas() {
    assertThatThrownBy(() -> DoubleMatrix.allocateDirect(1 << 16, 1 << 15))
        .isInstanceOf(ArithmeticException.class);
  }
}
