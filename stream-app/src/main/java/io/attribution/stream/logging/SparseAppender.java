package io.attribution.stream.logging;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import ch.qos.logback.core.spi.AppenderAttachableImpl;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Passes on what an operator can read: one line a minute for a cause, with the number of those left
 * out, and without the stack trace of an exception that comes from outside, whose own words say
 * enough. A fault of the program keeps its trace. {@link #passEverything} for --verbose.
 */
public final class SparseAppender extends UnsynchronizedAppenderBase<ILoggingEvent>
    implements AppenderAttachable<ILoggingEvent> {
  private static final long TICK_SECONDS = 5;

  private final AppenderAttachableImpl<ILoggingEvent> next = new AppenderAttachableImpl<>();
  private final SparseLines<ILoggingEvent> lines;
  private volatile boolean everything;
  private volatile boolean ended;

  /** For {@code logback.xml}. */
  public SparseAppender() {
    this(System::nanoTime);
  }

  SparseAppender(LongSupplier nanoClock) {
    this.lines = new SparseLines<>(nanoClock);
  }

  @Override
  public void start() {
    ScheduledFuture<?> untilTheContextStops =
        getContext()
            .getScheduledExecutorService()
            .scheduleWithFixedDelay(
                () -> pass(lines.due()), TICK_SECONDS, TICK_SECONDS, TimeUnit.SECONDS);
    getContext().addScheduledFuture(untilTheContextStops);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> pass(lines.all(false)), "log-summary"));
    super.start();
  }

  /** Leaves nothing out any more. */
  void passEverything() {
    everything = true;
  }

  /** What is left to say, so that the line with the reason of a failure is the last one. */
  void end() {
    pass(lines.all(true));
    ended = true;
  }

  @Override
  protected void append(ILoggingEvent event) {
    if (everything || event.getLoggerName().equals(LogOutput.COMMAND)) {
      next.appendLoopOnAppenders(event);
      return;
    }
    String logger = event.getLoggerName();
    boolean foreign = LogCause.isForeign(logger);
    if (foreign && ended) {
      return;
    }
    ILoggingEvent line = oneLine(event);
    lines
        .admit(LogCause.of(logger, line.getFormattedMessage()), foreign, line)
        .ifPresent(leftOut -> next.appendLoopOnAppenders(counted(line, leftOut)));
  }

  private void pass(List<SparseLines.Summary<ILoggingEvent>> summaries) {
    summaries.forEach(
        summary -> next.appendLoopOnAppenders(counted(summary.last(), summary.others())));
  }

  private static ILoggingEvent counted(ILoggingEvent event, long leftOut) {
    return leftOut == 0
        ? event
        : with(
            event,
            "%s (and %d like it since the last line)"
                .formatted(event.getFormattedMessage(), leftOut),
            true);
  }

  /** The message, with what an exception from outside says in the place of its trace. */
  private static ILoggingEvent oneLine(ILoggingEvent event) {
    IThrowableProxy thrown = event.getThrowableProxy();
    if (thrown == null) {
      return event;
    }
    IThrowableProxy root = root(thrown);
    if (!OutsideFault.isOne(root)) {
      return event;
    }
    String message = event.getFormattedMessage();
    String reason = String.valueOf(root.getMessage());
    String line =
        message.contains(reason)
            ? message
            : message + ": " + root.getClassName().replaceFirst(".*\\.", "") + ": " + reason;
    return with(event, line.replaceAll("\\s*\\R\\s*", " "), false);
  }

  private static IThrowableProxy root(IThrowableProxy thrown) {
    IThrowableProxy root = thrown;
    for (int depth = 0; depth < 20 && root.getCause() != null; depth++) {
      root = root.getCause();
    }
    return root;
  }

  private static ILoggingEvent with(ILoggingEvent event, String message, boolean withTrace) {
    LoggingEvent line = new LoggingEvent();
    line.setLoggerName(event.getLoggerName());
    line.setLevel(event.getLevel());
    line.setThreadName(event.getThreadName());
    line.setInstant(event.getInstant());
    line.setLoggerContextRemoteView(event.getLoggerContextVO());
    line.setMDCPropertyMap(event.getMDCPropertyMap());
    line.setMessage(message);
    if (withTrace && event.getThrowableProxy() instanceof ThrowableProxy thrown) {
      line.setThrowableProxy(thrown);
    }
    return line;
  }

  @Override
  public void addAppender(Appender<ILoggingEvent> appender) {
    next.addAppender(appender);
  }

  @Override
  public Iterator<Appender<ILoggingEvent>> iteratorForAppenders() {
    return next.iteratorForAppenders();
  }

  @Override
  public Appender<ILoggingEvent> getAppender(String name) {
    return next.getAppender(name);
  }

  @Override
  public boolean isAttached(Appender<ILoggingEvent> appender) {
    return next.isAttached(appender);
  }

  @Override
  public void detachAndStopAllAppenders() {
    next.detachAndStopAllAppenders();
  }

  @Override
  public boolean detachAppender(Appender<ILoggingEvent> appender) {
    return next.detachAppender(appender);
  }

  @Override
  public boolean detachAppender(String name) {
    return next.detachAppender(name);
  }
}
