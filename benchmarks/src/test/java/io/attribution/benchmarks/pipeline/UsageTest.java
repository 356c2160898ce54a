package io.attribution.benchmarks.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class UsageTest {
  @Test
  void addsUserAndSystemTimeWhateverTheCommandIsCalled() {
    String stat = "42 (a (strange) name) S 1 42 42 0 -1 4194560 100 0 0 0 250 50 7 9 20 0 30 0 100";

    assertThat(Usage.cpuSeconds(stat)).isEqualTo(3.0);
  }

  @Test
  void leavesOutWhatTheMachineWasIdle() {
    String stat = "cpu  100 20 300 9999 8888 4 5 6 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n";

    assertThat(Usage.machineSeconds(stat)).isEqualTo(4.35);
  }

  @Test
  void readsMemoryInBytes() {
    String status = "Name:\tjava\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";

    assertThat(Usage.bytes(status, "VmRSS")).isEqualTo(1 << 20);
    assertThat(Usage.bytes(status, "VmHWM")).isEqualTo(2 << 20);
  }

  @Test
  void aProcessThatEndedUsesNothing() {
    assertThat(Usage.of(Long.MAX_VALUE)).isEqualTo(Usage.NONE);
  }

  @Test
  void readsThisProcess() {
    assertThat(Usage.of(ProcessHandle.current().pid()).residentBytes()).isPositive();
  }

  @Test
  void countsWhatAProcessStarted() throws Exception {
    Process shell = new ProcessBuilder("sh", "-c", "sleep 60; true").start();
    try {
      while (shell.descendants().findAny().isEmpty()) {
        Thread.onSpinWait();
      }
      Usage both = new Processes(List.of(shell), "none").usage();
      assertThat(both.peakResidentBytes()).isGreaterThan(Usage.of(shell.pid()).peakResidentBytes());
    } finally {
      shell.descendants().forEach(ProcessHandle::destroyForcibly);
      shell.destroyForcibly();
    }
  }
}
