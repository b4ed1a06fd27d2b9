package io.signvote.device;

import io.signvote.kernel.DeviceKernels;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.function.BiPredicate;

/** A device of which a test sees every call, and may leave some out. */
final class DeviceSpy {
    private DeviceSpy() {}

    /** Calls that the predicate, given name and arguments, refuses are not made; they must return nothing. */
    static DeviceKernels on(final DeviceKernels device, final BiPredicate<String, Object[]> isMade) {
        return (DeviceKernels) Proxy.newProxyInstance(
                DeviceSpy.class.getClassLoader(), new Class<?>[] {DeviceKernels.class}, (proxy, method, args) -> {
                    if (!isMade.test(method.getName(), args)) {
                        return null;
                    }
                    try {
                        return method.invoke(device, args);
                    } catch (final InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }
}
