package io.attribution.drift.detector;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInput;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/**
 * Finds lasting growth of a relative error. The first errors become the baseline, without an alarm;
 * then a CUSUM of the standardised log10 errors runs. An alarm lasts until the errors are back at
 * the baseline.
 *
 * <p>The same errors give the same readings on every machine, bit by bit. Not thread-safe.
 */
public final class CusumDetector {
  /** The name in configuration, alerts and stored state. */
  public static final String NAME = "cusum";

  private static final byte VERSION = 1;

  private final CusumSettings settings;
  private Baseline.Learning learning = new Baseline.Learning();

  /** Absent while the baseline is learned. */
  private @Nullable Chart chart;

  private record Chart(Baseline baseline, Cusum cusum) {
    Reading observe(double level) {
      return cusum.observe(baseline.standardise(level));
    }
  }

  public CusumDetector(CusumSettings settings) {
    this.settings = settings;
  }

  public CusumSettings settings() {
    return settings;
  }

  /**
   * Takes the next error.
   *
   * @param relativeError 0 or more; infinite and NaN count as the largest error
   */
  public Reading observe(double relativeError) {
    double level = settings.level(relativeError);
    if (chart != null) {
      return chart.observe(level);
    }
    learning.add(level);
    if (learning.count() >= settings.baselineSize()) {
      chart = chart(learning.baseline(settings.sigmaFloor()));
    }
    return Reading.SILENT;
  }

  private Chart chart(Baseline baseline) {
    return new Chart(baseline, Cusum.of(settings, baseline));
  }

  /** The state; the settings are not part of it. */
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(VERSION);
      learning.writeTo(out);
      out.writeBoolean(chart != null);
      if (chart != null) {
        chart.baseline().writeTo(out);
        chart.cusum().writeTo(out);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * Continues from what {@link #toBytes} of a detector with the same settings returned.
   *
   * @throws IOException when the bytes are not such a state, or of another version; this detector
   *     is unchanged then
   */
  public void restore(byte[] state) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(state));
    requireVersion(VERSION, in);
    Baseline.Learning learned = Baseline.Learning.readFrom(in);
    chart = in.readBoolean() ? readChart(in) : null;
    learning = learned;
  }

  private Chart readChart(DataInput in) throws IOException {
    Chart restored = chart(Baseline.readFrom(in));
    restored.cusum().readFrom(in);
    return restored;
  }

  static void requireVersion(byte expected, DataInput in) throws IOException {
    byte version = in.readByte();
    if (version != expected) {
      throw new IOException("CUSUM state of version " + version + ", not " + expected);
    }
  }
}
