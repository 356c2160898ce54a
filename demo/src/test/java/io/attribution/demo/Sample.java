package io.attribution.demo;

import io.attribution.demo.TopicReader.DeadLetter;
import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.schema.Certificate;
import io.attribution.schema.DriftAlert;
import io.attribution.schema.ProjectedContribution;
import io.attribution.schema.SourcePosition;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** What a demonstration might have read. */
final class Sample {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static final Path HOME = Path.of("..");

  private Sample() {}

  static Example example(String name) {
    return Example.load(HOME, name, Optional.empty());
  }

  /** Contributions that add up to the embedding. */
  static ProjectedContribution explanation(Example example, String recordId, long offset) {
    Random random = new Random(offset);
    int features = example.bundle().featureCount();
    List<Float> contributions = new ArrayList<>();
    List<Float> embedding = new ArrayList<>();
    for (int output = 0; output < example.bundle().outputCount(); output++) {
      float sum = 0;
      for (int feature = 0; feature < features; feature++) {
        float contribution = (float) random.nextGaussian();
        contributions.add(contribution);
        sum += contribution;
      }
      embedding.add(sum);
    }
    return new ProjectedContribution(
        example.bundle().name(),
        "1",
        "f",
        new SourcePosition("features", 1, offset),
        recordId,
        embedding,
        embedding.size(),
        features,
        contributions,
        new Certificate(1.25e-7, 1e-4, true, "jacobian", List.of(), 0, null));
  }

  static DeadLetter letter(String reason, long offset) {
    return new DeadLetter(
        new Origin("features", 1, offset), reason, "a reason that takes a whole sentence to tell");
  }

  static DriftAlert alert(String kind, String state, @Nullable String cause) {
    DriftAlert.Builder alert =
        DriftAlert.newBuilder()
            .setModel("digits")
            .setVersion("1")
            .setBundle("f")
            .setKind(kind)
            .setState(state)
            .setSeverity("warning")
            .setSince(NOW)
            .setAt(NOW)
            .setDetector("cusum")
            .setStatistic(2)
            .setThreshold(1)
            .setMessage("a message of some length");
    if (cause != null) {
      alert.setProbableCause(cause);
    }
    return alert.build();
  }

  /** Everything that a screen can show at once. */
  static Scoreboard busyBoard(Example example) {
    Scoreboard board = new Scoreboard(CLOCK);
    for (int i = 0; i < 20; i++) {
      board.explained(
          explanation(example, Integer.toString(i), i),
          NOW.minus(Duration.ofMillis(20 + i)).toEpochMilli());
      board.reduced();
    }
    board.verified(new VerificationSummary(20, 40, -9, 9, -9, 9, 2.25e-6, 1e-5), 3e-6);
    long offset = 20;
    for (Fault fault : Fault.values()) {
      board.deadLetter(letter(fault.reason().label(), offset));
      offset += 2;
    }
    return board;
  }
}
