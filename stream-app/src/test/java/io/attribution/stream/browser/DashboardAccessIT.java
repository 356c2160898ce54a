package io.attribution.stream.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.attribution.stream.http.TestServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.support.ui.ExpectedConditions;
import org.openqa.selenium.support.ui.WebDriverWait;

/** The dashboard behind a token, which a browser sends as a password. */
@Timeout(120)
class DashboardAccessIT {
  private static final String TOKEN = "read-0123456789abcdef";

  @TempDir private Path folder;

  @Test
  void showsTheStreamToWhoHasATokenAndNothingToOthers() throws Exception {
    Optional<Chromium> installed = Chromium.open();
    assumeThat(installed)
        .as("the dashboard is tested where chromium and chromedriver are on the PATH")
        .isPresent();
    Path tokens = Files.writeString(folder.resolve("read"), TOKEN);
    try (Chromium chromium = installed.orElseThrow();
        TestServer server = TestServer.withTokens(tokens)) {
      String authority = server.address().getAuthority();

      chromium.driver.get("http://" + authority + "/");
      assertThat(chromium.driver.getPageSource()).doesNotContain("id=\"record\"");
      chromium.errors();

      chromium.driver.get("http://anyone:" + TOKEN + "@" + authority + "/");
      new WebDriverWait(chromium.driver, Duration.ofSeconds(60))
          .until(ExpectedConditions.textToBe(By.cssSelector("#connection"), "Live"));
      assertThat(chromium.errors()).as("errors on the console").isEmpty();
    }
  }
}
