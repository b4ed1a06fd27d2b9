package io.signvote.kernel;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** The contract, for the backend of the device. */
@Tag("gpu")
@ParameterizedClass
@EnumSource(
        value = Backend.class,
        names = {"CUDA", "CUDA_DESCENDING", "CUDA_RANDOM"})
class DeviceKernelsContractTest extends KernelsContract {}
