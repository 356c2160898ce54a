package io.attribution.cluster.process;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** The instances of the application, of which some run. Not thread-safe. */
public final class Instances implements AutoCloseable {
  /** Twice what a start takes on a busy machine; a registry that comes back late is within it. */
  private static final Duration TIMEOUT = Duration.ofMinutes(4);

  /** As a supervisor does: at once would hide a process that ends again and again. */
  private static final Duration REVIVAL_PAUSE = Duration.ofSeconds(2);

  private final Application application;
  private final List<Instance> all = new ArrayList<>();
  private final List<Instance> running = new ArrayList<>();

  public Instances(Application application) {
    this.application = application;
  }

  /** Those that are meant to run, in the order of their names. */
  public List<Instance> running() {
    return List.copyOf(running);
  }

  public Instance any(Random random) {
    return running.get(random.nextInt(running.size()));
  }

  /** Starts instances until so many run. */
  public void scaleUp(int count) throws IOException {
    while (running.size() < count) {
      int index = running.size();
      if (index < all.size()) {
        all.get(index).start();
      } else {
        all.add(new Instance(application, "instance-" + index));
      }
      running.add(all.get(index));
    }
  }

  /**
   * Ends the last instances until so many run.
   *
   * @param gracefully SIGTERM; else SIGKILL
   */
  public void scaleDown(int count, boolean gracefully) throws InterruptedException {
    while (running.size() > count) {
      Instance last = running.remove(running.size() - 1);
      if (gracefully) {
        last.stop();
      } else {
        last.kill();
      }
    }
  }

  /** Waits until all that are meant to run say that they are ready. */
  public void awaitReady() throws InterruptedException {
    Waiting.until("instances that are ready", TIMEOUT, this::areReady);
  }

  public boolean areReady() throws InterruptedException {
    for (Instance instance : running) {
      if (!instance.isReady()) {
        return false;
      }
    }
    return true;
  }

  /**
   * Starts those that ended by themselves, after a pause.
   *
   * @return how many
   */
  public int revive() throws IOException, InterruptedException {
    List<Instance> ended = running.stream().filter(instance -> !instance.isAlive()).toList();
    if (!ended.isEmpty()) {
      Thread.sleep(REVIVAL_PAUSE.toMillis());
    }
    for (Instance instance : ended) {
      instance.start();
    }
    return ended.size();
  }

  /** Lines logged so far by name, of all instances that ever ran. */
  public Map<String, Long> logLines() throws IOException {
    Map<String, Long> lines = new LinkedHashMap<>();
    for (Instance instance : all) {
      lines.put(instance.name(), instance.logLines());
    }
    return lines;
  }

  @Override
  public void close() {
    all.forEach(Instance::close);
  }
}
