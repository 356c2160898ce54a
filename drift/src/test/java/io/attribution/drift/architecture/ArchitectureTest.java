package io.attribution.drift.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** Watches call the detector and the statistics, which need the JDK only. */
@AnalyzeClasses(packages = "io.attribution.drift", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule detectorAndStatisticsNeedOnlyTheJdk =
      classes()
          .that()
          .resideInAnyPackage(
              "io.attribution.drift.detector..", "io.attribution.drift.statistics..")
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              "java..",
              "org.jspecify..",
              "io.attribution.drift.detector..",
              "io.attribution.drift.statistics..");

  /** Like any other user of the engine's library. */
  @ArchTest
  static final ArchRule theEngineIsUsedByItsPublicTypes =
      noClasses()
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.attribution.engine.internal..", "ai.djl..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("io.attribution.drift.(*)..").should().beFreeOfCycles();
}
