package io.signvote.tools.run;

import java.lang.reflect.Proxy;
import java.util.function.ObjIntConsumer;

/**
 * Catches signals sent to this process, through {@code sun.misc.Signal}: the JDK has no other door to them, and the
 * compiler only lets warnings about that one pass by reflection.
 */
final class Signals {
    private Signals() {}

    /**
     * Takes a signal over. Where the JVM refuses (as with {@code -Xrs}), its default stays, which runs shutdown hooks.
     *
     * @param name without SIG, as {@code INT}.
     * @param handler called on a thread of its own with the name and the number, each time.
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
