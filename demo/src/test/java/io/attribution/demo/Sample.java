package io.attribution.demo;

import io.attribution.drift.Origin;
import io.attribution.engine.verification.VerificationSummary;
import io.attribution.stream.serde.Schemas;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/** What a demonstration might have read. */
final class Sample {
  static final Instant NOW = Instant.parse("2030-01-01T00:00:00Z");
  static final Clock CLOCK = Clock.fixed(NOW, ZoneOffset.UTC);

  private static final Path HOME = Path.of("..");

  private Sample() {}

  static Example example(String name) {
    return Example.load(HOME, name);
  }

  /** Contributions that add up to the embedding. */
  static Explanation explanation(Example example, String recordId, long offset) {
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
    GenericRecord value = new GenericData.Record(Schemas.PROJECTED_CONTRIBUTION);
    value.put("source", position(value, offset));
    value.put("recordId", recordId);
    value.put("embedding", embedding);
    value.put("features", features);
    value.put("contributions", contributions);
    value.put("certificate", certificate(value));
    return new Explanation(value);
  }

  private static GenericRecord position(GenericRecord parent, long offset) {
    GenericRecord position = new GenericData.Record(parent.getSchema().getField("source").schema());
    position.put("topic", "features");
    position.put("partition", 1);
    position.put("offset", offset);
    return position;
  }

  private static GenericRecord certificate(GenericRecord parent) {
    GenericRecord certificate =
        new GenericData.Record(parent.getSchema().getField("certificate").schema());
    certificate.put("relativeError", 1.25e-7);
    certificate.put("tolerance", 1e-4);
    certificate.put("exact", true);
    return certificate;
  }

  static DeadLetter letter(String reason, long offset) {
    return new DeadLetter(
        new Origin("features", 1, offset), reason, "a reason that takes a whole sentence to tell");
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
