package io.attribution.engine.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import io.attribution.engine.runtime.LibTorch;
import java.util.stream.Stream;

/** What may import what inside the engine; between modules the compiler sees to it. */
@AnalyzeClasses(packages = "io.attribution.engine", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
  private static final String INTERNAL = "io.attribution.engine.internal..";
  private static final String ADMISSION = "io.attribution.engine.admission..";
  private static final String ATTRIBUTION = "io.attribution.engine.attribution..";
  private static final DescribedPredicate<JavaClass> HIDDEN =
      resideInAnyPackage(INTERNAL, "ai.djl..");

  @ArchTest
  static final ArchRule onlyInternalPackagesImportDjl =
      noClasses()
          .that()
          .resideOutsideOfPackage(INTERNAL)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("ai.djl..");

  /** Whoever uses the engine meets neither DJL's types nor those that may change. */
  @ArchTest
  static final ArchRule publicTypesShowNothingInternal =
      classes()
          .that()
          .resideOutsideOfPackage(INTERNAL)
          .and()
          .arePublic()
          .should(showNothing(HIDDEN));

  /** Admission opens what computes; results and descriptions know nothing of it. */
  @ArchTest
  static final ArchRule onlyAdmissionOpensEngines =
      noClasses()
          .that(
              not(resideInAnyPackage(INTERNAL, ADMISSION))
                  .and(not(JavaClass.Predicates.type(LibTorch.class))))
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(INTERNAL, ADMISSION);

  @ArchTest
  static final ArchRule functionsKnowNothingOfWhatCallsThem =
      noClasses()
          .that()
          .resideOutsideOfPackages(ATTRIBUTION, ADMISSION, "io.attribution.engine.internal.route..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(ATTRIBUTION, ADMISSION);

  @ArchTest
  static final ArchRule packagesFormNoCycle =
      slices().matching("io.attribution.engine.(**)").should().beFreeOfCycles();

  private static ArchCondition<JavaClass> showNothing(DescribedPredicate<JavaClass> hidden) {
    return new ArchCondition<>("have no public member that mentions an internal type") {
      @Override
      public void check(JavaClass type, ConditionEvents events) {
        for (JavaMember member : type.getMembers()) {
          if (isVisible(member) && mentioned(member).anyMatch(hidden)) {
            events.add(SimpleConditionEvent.violated(member, member.getDescription()));
          }
        }
      }
    };
  }

  private static boolean isVisible(JavaMember member) {
    return member.getModifiers().contains(JavaModifier.PUBLIC)
        || member.getModifiers().contains(JavaModifier.PROTECTED);
  }

  private static Stream<JavaClass> mentioned(JavaMember member) {
    return member instanceof JavaCodeUnit unit
        ? Stream.concat(
            Stream.concat(Stream.of(unit.getReturnType()), unit.getParameterTypes().stream())
                .flatMap(t -> t.getAllInvolvedRawTypes().stream()),
            unit.getExceptionTypes().stream())
        : member.getAllInvolvedRawTypes().stream();
  }
}
