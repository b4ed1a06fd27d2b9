package io.signvote.kernel;

import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract, for the backends of the host. */
@ParameterizedClass
@EnumSource(
        value = Backend.class,
        names = {"SCALAR", "NATIVE_SCALAR", "NATIVE_AVX2"})
class KernelsContractTest extends KernelsContract {}
