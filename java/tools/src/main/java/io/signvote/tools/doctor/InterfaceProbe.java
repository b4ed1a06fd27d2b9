package io.signvote.tools.doctor;

import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lists the interfaces that are up, with their MTU and addresses. */
final class InterfaceProbe implements Probe {
    @Override
    public List<Finding> look() {
        final List<Finding> findings = new ArrayList<>();
        try {
            boolean hasNetwork = false;
            for (final NetworkInterface each :
                    NetworkInterface.networkInterfaces().toList()) {
                if (each.isUp() && each.getInterfaceAddresses().size() > 0) {
                    hasNetwork |= !each.isLoopback();
                    findings.add(
                            Finding.ok("interface", each.getName() + " MTU " + each.getMTU() + " " + addresses(each)));
                }
            }
            if (findings.isEmpty()) {
                findings.add(Finding.fail("interface", "none is up", "ip link set lo up"));
            } else if (!hasNetwork) {
                findings.add(Finding.warn("interface", "only loopback is up", "all ranks must run on this machine"));
            }
        } catch (final SocketException e) {
            findings.add(Finding.fail("interface", "cannot be listed: " + e.getMessage(), "see ip addr"));
        }
        return findings;
    }

    private static String addresses(final NetworkInterface each) {
        return each.getInterfaceAddresses().stream()
                .map(address -> address.getAddress().getHostAddress() + "/" + address.getNetworkPrefixLength())
                .collect(Collectors.joining(" "));
    }
}
