package io.signvote.build;

import static io.signvote.error.Messages.assertMessage;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.signvote.wire.sbe.MessageHeaderDecoder;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;

class BuildTest {
    private static final String CLEAN = "version=1.2\ncommit=2d7a781ef62d59862134fd741c635ba4149e5251\nchanged=false\n"
            + "wire=1\nsources=7269465ed18f8f20\nnatives=73f40b6f24e02781\n";
    private static final String ARCHIVE = CLEAN.replaceAll("commit=.*", "commit=none") + "reason=no .git\n";

    @Test
    void shouldNameVersionCommitSourcesAndWireVersion() {
        assertEquals(
                "1.2 commit 2d7a781ef62d (sources 7269465ed18f8f20) wire 1",
                Build.of(CLEAN).text());
    }

    @Test
    void shouldSayThatSourcesAreNotThoseOfTheCommit() {
        final Build changed = Build.of(CLEAN.replace("changed=false", "changed=true"));

        assertEquals("1.2 commit 2d7a781ef62d changed (sources 7269465ed18f8f20) wire 1", changed.text());
    }

    @Test
    void shouldNameTheSourcesOfATreeWithoutHistory() {
        assertEquals(
                "1.2 no commit (sources 7269465ed18f8f20) wire 1",
                Build.of(ARCHIVE).text());
    }

    /** Where git was missing, or a commit changed pages alone, every source may still be equal. */
    @Test
    void shouldBeTheSameAsABuildOfEqualSourcesWhateverGitSaid() {
        final String text = Build.of(CLEAN).text();

        for (final String equal : List.of(
                CLEAN,
                ARCHIVE,
                CLEAN.replace("commit=2d", "commit=3e"),
                CLEAN.replace("changed=false", "changed=true"))) {
            assertTrue(Build.isSame(text, Build.of(equal).text()), equal);
            assertTrue(Build.isSame(Build.of(equal).text(), text), equal);
        }
        for (final String other : List.of("version=1.2", "wire=1", "sources=7269")) {
            assertFalse(
                    Build.isSame(
                            text, Build.of(CLEAN.replace(other, other + "0")).text()),
                    other);
            assertFalse(
                    Build.isSame(Build.of(ARCHIVE.replace(other, other + "0")).text(), text), other);
        }
    }

    /** A foreign client may say what it likes. */
    @Test
    void shouldCompareInFullWhatIsNoIdentity() {
        assertTrue(Build.isSame("mine 7", "mine 7"));
        assertFalse(Build.isSame("mine 7", "mine 8"));
        assertFalse(Build.isSame("mine 7", Build.of(CLEAN).text()));
        assertFalse(
                Build.isSame("1.2 commit 2d (sources 1) wire 1 of mine", "1.2 commit 3e (sources 1) wire 1 of mine"));
    }

    @Test
    void shouldHaveNothingToCompareWhereNoBuildWroteIt() {
        final Build unknown = Build.of(new Properties());

        assertFalse(unknown.isKnown());
        assertEquals("", unknown.text());
        assertNull(unknown.refusalOf(Build.of(CLEAN), "libsignvote.so"));
    }

    @Test
    void shouldTakeNativesOfTheSameSourcesFromAnotherCommit() {
        final Build library = Build.of(CLEAN.replace("commit=2d", "commit=3e").replaceAll("sources=.*", ""));

        assertNull(Build.of(CLEAN).refusalOf(library, "libsignvote.so"));
    }

    @Test
    void shouldRefuseNativesOfAnotherBuildAndNameBoth() {
        for (final Map.Entry<String, String> other : Map.of(
                        "natives=73f4", "natives=0000", "version=1.2", "version=1.3", "wire=1", "wire=2")
                .entrySet()) {
            final Build library =
                    Build.of(CLEAN.replace(other.getKey(), other.getValue()).replace("commit=2d", "commit=3e"));

            final String refusal = Build.of(CLEAN).refusalOf(library, "libsignvote.so");

            assertTrue(
                    refusal.startsWith("libsignvote.so is of build " + library.version() + " commit 3e7a781ef62d ("
                            + "natives " + library.natives() + ") wire " + library.wire()),
                    refusal);
            assertMessage(
                    refusal, "this jar of build 1.2 commit 2d7a781ef62d (natives 73f40b6f24e02781) wire 1: use the");
        }
    }

    @Test
    void shouldRefuseALibraryWithoutIdentity() {
        final String refusal = Build.of(CLEAN).refusalOf(Build.of(""), "libsignvote.so");

        assertTrue(refusal.startsWith("libsignvote.so is of build unknown (it carries no identity), "), refusal);
    }

    /** Of classes in a directory, too, as these are. */
    @Test
    void shouldKnowTheBuildThatItBelongsTo() {
        final Build build = Build.current();

        assertTrue(build.isKnown());
        assertTrue(
                build.text()
                        .matches("\\S+ (commit [0-9a-f]{12}|no commit)( changed)? \\(sources [0-9a-f]{16}\\)" + " wire "
                                + MessageHeaderDecoder.SCHEMA_VERSION),
                build.text());
        assertTrue(build.natives().matches("[0-9a-f]{16}"), build.natives());
    }

    @Test
    void shouldBeTheBuildOfTheNativesBesideIt() throws IOException {
        final Build natives = Build.of(NativeResources.build("linux-x86_64"));

        assertNull(Build.current().refusalOf(natives, "build.properties"));
    }
}
