package io.signvote.djl;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import ai.djl.ndarray.NDArray;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.net.URISyntaxException;
import java.nio.Buffer;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The adapter stands on the doors of the library and of DJL: no engine, no room behind the hall. */
class ArchitectureTest {
    private static JavaClasses adapter;

    @BeforeAll
    static void importAdapter() throws URISyntaxException {
        adapter = new ClassFileImporter()
                .importPath(Path.of(SignumTrainer.class
                        .getProtectionDomain()
                        .getCodeSource()
                        .getLocation()
                        .toURI()));
    }

    @Test
    void shouldUseOnlyTheDoorsOfTheLibraryAndOfDjl() {
        classes()
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(
                        "io.signvote.djl",
                        "io.signvote",
                        "io.signvote.optim",
                        "io.signvote.op",
                        "io.signvote.error",
                        "io.signvote.bits",
                        "java..",
                        "org.agrona",
                        "ai.djl",
                        "ai.djl.engine",
                        "ai.djl.ndarray..",
                        "ai.djl.nn",
                        "ai.djl.training..",
                        "ai.djl.util")
                .check(adapter);
    }

    @Test
    void shouldNeverSetAnArrayWhichRebindsItsMemory() {
        noClasses()
                .should()
                .callMethod(NDArray.class, "set", Buffer.class)
                .orShould()
                .callMethod(NDArray.class, "set", float[].class)
                .check(adapter);
    }
}
