package io.attribution.drift;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;

/** Watches one model's linearity error: its alert, and its verification by windows of time. */
public final class LinearityWatch implements ModelWatch {
  private final ModelKey model;
  private final double tolerance;
  private final LinearityMonitor monitor;
  private final VerificationWindows windows;

  /**
   * @param tolerance the bundle's
   */
  public LinearityWatch(
      ModelKey model, double tolerance, LinearityMonitor monitor, VerificationWindows windows) {
    this.model = model;
    this.tolerance = tolerance;
    this.monitor = monitor;
    this.windows = windows;
  }

  /** Makes the watch over a model. */
  @FunctionalInterface
  public interface Factory {
    LinearityWatch watch(ModelKey model, double tolerance);
  }

  @Override
  public ModelKey model() {
    return model;
  }

  public double tolerance() {
    return tolerance;
  }

  public Optional<Alert> observe(Observation batch) {
    return monitor.observe(batch);
  }

  /**
   * Adds the batch to its window of time.
   *
   * @return windows that are complete with it
   */
  public List<VerificationWindow> window(Observation batch) {
    return windows.add(batch);
  }

  /** Windows that were not returned yet, after a while without batches. */
  public List<VerificationWindow> idle() {
    return windows.idle();
  }

  @Override
  public List<Alert> retire(long at, String why) {
    return monitor.retire(at, why).stream().toList();
  }

  @Override
  public List<Alert> openAlerts() {
    return monitor.openAlert().stream().toList();
  }

  @Override
  public long lastSeen() {
    return monitor.lastSeen();
  }

  @Override
  public byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeUTF(model.name());
      out.writeUTF(model.version());
      out.writeUTF(model.fingerprint());
      out.writeDouble(tolerance);
      monitor.writeTo(out);
      windows.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /**
   * The watch that {@link #toBytes} wrote.
   *
   * @throws IOException when the bytes are not of this version
   */
  public static LinearityWatch of(byte[] bytes, Factory factory) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    ModelKey model = new ModelKey(in.readUTF(), in.readUTF(), in.readUTF());
    LinearityWatch watch = factory.watch(model, in.readDouble());
    watch.monitor.readFrom(in);
    watch.windows.readFrom(in);
    return watch;
  }
}
