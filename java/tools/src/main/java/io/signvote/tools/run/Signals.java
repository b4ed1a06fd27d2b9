package io.signvote.tools.run;

import java.lang.reflect.Proxy;
import java.util.function.ObjIntConsumer;

/**
 * Handles signals to this process, through {@code sun.misc.Signal}. The JDK has no other API for signals. Reflection
 * avoids the compiler's warning about this class, which cannot be suppressed.
 */
final class Signals {
    private Signals() {}

    /**
     * Sets the handler of a signal. If the JVM refuses it (for example with {@code -Xrs}), the default stays, and a
     * message is printed.
     *
     * @param name without SIG, as {@code INT}.
     * @param handler called with the name and the number for each signal, on a separate thread.
     */
    static void handle(final String name, final ObjIntConsumer<String> handler) {
        try {
            final Class<?> signalType = Class.forName("sun.misc.Signal");
            final Class<?> handlerType = Class.forName("sun.misc.SignalHandler");
            final Object signal = signalType.getConstructor(String.class).newInstance(name);
            final int number = (int) signalType.getMethod("getNumber").invoke(signal);
            final Object proxy = Proxy.newProxyInstance(
                    handlerType.getClassLoader(),
                    new Class<?>[] {handlerType},
                    (self, method, args) -> switch (method.getName()) {
                        case "hashCode" -> System.identityHashCode(self);
                        case "equals" -> self == args[0];
                        case "toString" -> "handler of SIG" + name;
                        default -> {
                            handler.accept(name, number);
                            yield null;
                        }
                    });
            signalType.getMethod("handle", signalType, handlerType).invoke(null, signal, proxy);
        } catch (final ReflectiveOperationException e) {
            System.err.println(
                    "signvote run: SIG" + name + " cannot be forwarded (" + e + "), it ends all ranks instead");
        }
    }
}
