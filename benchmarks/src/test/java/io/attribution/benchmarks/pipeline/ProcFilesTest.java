package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class ProcFilesTest {
  @Test
  void addsUserAndSystemTimeWhateverTheCommandIsCalled() {
    String stat = "42 (a (strange) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 9 20 0 30 0 100";

    assertThat(ProcFiles.cpuSeconds(stat)).isEqualTo(3.0);
  }

  @Test
  void leavesOutWhatTheMachineWasIdle() {
    String stat = "cpu  100 20 300 9999 8888 4 5 6 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";

    assertThat(ProcFiles.machineSeconds(stat)).isEqualTo(4.35);
  }

  @Test
  void readsMemoryInBytes() {
    String status = "Name:\tjava\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";

    assertThat(ProcFiles.bytes(status, "VmRSS")).isEqualTo(1 << 20);
    assertThat(ProcFiles.bytes(status, "VmHWM")).isEqualTo(2 << 20);
  }

  @Test
  void takesAProcessThatEndedForNone() {
    assertThat(ProcFiles.usage(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void readsThisProcess() {
    assertThat(ProcessTree.self().ownUsage().residentBytes()).isPositive();
  }

  @Test
  void countsWhatAProcessStarted() throws Exception {
    Process child = new ProcessBuilder("sleep", "60").start();
    try {
      ProcessTree tree = ProcessTree.self();

      // Peaks never fall, so that whatever comes on top is the child's.
      long own = tree.ownUsage().peakResidentBytes();
      assertThat(tree.usage().peakResidentBytes()).isGreaterThan(own);
    } finally {
      child.destroyForcibly();
    }
  }
}
