package io.attribution.engine.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What may import what inside the engine; between modules the compiler sees to it. */
@AnalyzeClasses(packages = "io.attribution.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  @ArchTest
  static final ArchRule functionsKnowNothingOfWhatCallsThem =
      noClasses()
          .that()
          .resideInAnyPackage(
              "io.attribution.engine.jacobian..",
              "io.attribution.engine.projection..",
              "io.attribution.engine.reduction..",
              "io.attribution.engine.verification..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "io.attribution.engine.attribution..", "io.attribution.engine.admission..");

  @ArchTest
  static final ArchRule onlyTheEnginesAndTheirFunctionsImportDjl =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.attribution.engine.jacobian..",
              "io.attribution.engine.projection..",
              "io.attribution.engine.reduction..",
              "io.attribution.engine.attribution..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("io.attribution.engine.(*)..").should().beFreeOfCycles();
}
