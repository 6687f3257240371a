// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Linq;
using System.Runtime.InteropServices;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessionsStatus;
using Ansible.WorkplaceSessionsWindows;

namespace Werkplek.Tests
{
    public static class SessionStatusTests
    {
        private const string Terminal = @"HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\";
        private const string Names = @"HKLM:\SYSTEM\CurrentControlSet\Control\ComputerName\";

        private static string Unwell(FakeSessionHost host)
        {
            return String.Join("; ", new HostStatus(host).Health().Where(c => !c.Ok).Select(c => c.Name + ": " + c.Found));
        }

        public static void AHostThatIsWellSaysWhatWasLookedAt()
        {
            FakeSessionHost host = new FakeSessionHost();
            host.Values[Terminal + "TSServerDrainMode"] = Ask.Number(2);   // a drained host is well
            Check.Equal(new string[]
            {
                "service TermService: running", "service SessionEnv: running", "service UmRdpService: running", "remote sessions: allowed",
                "RDP listener: port 3389: answers",
            }, new HostStatus(host).Health().Select(c => c.Name + ": " + c.Found));
            Check.Equal("", Unwell(host));
        }

        public static void WhatIsUnwellIsNamed()
        {
            FakeSessionHost host = new FakeSessionHost();
            host.Running["SessionEnv"] = "stopped";
            host.Running.Remove("UmRdpService");
            host.Running["frxsvc"] = "paused";
            Check.Equal("service SessionEnv: stopped; service UmRdpService: not installed; service frxsvc: paused", Unwell(host));
        }

        public static void DeniedSessionsAreNamed()
        {
            FakeSessionHost host = new FakeSessionHost();
            string winlogon = @"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon\WinStationsDisabled";
            string policy = @"HKLM:\SOFTWARE\Policies\Microsoft\Windows NT\Terminal Services\fDenyTSConnections";
            host.Values[winlogon] = new RegistryValue(RegistryValueKind.String, "1");
            Check.Equal("remote sessions: denied: WinStationsDisabled is 1", Unwell(host));
            host.Values[Terminal + "fDenyTSConnections"] = Ask.Number(1);
            Check.Equal("remote sessions: denied: fDenyTSConnections is 1", Unwell(host));
            host.Values[policy] = Ask.Number(0);   // policy wins
            host.Values[winlogon] = new RegistryValue(RegistryValueKind.String, "0");
            Check.Equal("", Unwell(host));
            host.Values[policy] = new RegistryValue(RegistryValueKind.String, "0");
            Check.Equal(policy + " is of kind String; expected a DWord", Check.Failure(() => Unwell(host)));
        }

        public static void TheListenerIsAskedOnItsOwnPort()
        {
            FakeSessionHost host = new FakeSessionHost();
            host.Values[Terminal + @"WinStations\RDP-Tcp\PortNumber"] = Ask.Number(3390);
            host.Answer = null;
            Check.Equal("RDP listener: port 3390: Connection refused", Unwell(host));
            host.Answer = new byte[] { 3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 3, 0, 8, 0, 3, 0, 0, 0 };
            Check.Equal("RDP listener: port 3390: refuses with SSL_CERT_NOT_ON_SERVER", Unwell(host));
            Check.Equal(new string[] { "ask port 3390", "ask port 3390" }, host.Calls);
        }

        public static void WhatWaitsForARestartIsNamed()
        {
            FakeSessionHost host = new FakeSessionHost();
            host.Values[Names + @"ActiveComputerName\ComputerName"] = Ask.Text("VDI-1");
            host.Values[Names + @"ComputerName\ComputerName"] = Ask.Text("vdi-1");
            string files = @"HKLM:\SYSTEM\CurrentControlSet\Control\Session Manager\PendingFileRenameOperations";
            host.Values[files] = new RegistryValue(RegistryValueKind.MultiString, new string[] { "" });
            Check.Equal(new string[0], new HostStatus(host).PendingRestarts());
            host.Keys.Add(@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\Component Based Servicing\RebootPending");
            host.Keys.Add(@"HKLM:\SOFTWARE\Microsoft\Windows\CurrentVersion\WindowsUpdate\Auto Update\RebootRequired");
            host.Values[files] = new RegistryValue(RegistryValueKind.MultiString, new string[] { @"\??\C:\a", "" });
            host.Values[Names + @"ComputerName\ComputerName"] = Ask.Text("VDI-2");
            Check.Equal(new string[]
            {
                "Windows has features or updates to finish (Component Based Servicing, RebootPending)",
                "Windows Update asks for it (RebootRequired)",
                "files wait to be replaced or removed (PendingFileRenameOperations)",
                "the computer is to be renamed from VDI-1 to VDI-2",
            }, new HostStatus(host).PendingRestarts());
        }

        public static void TheImageIsWhatItsMakingLeft()
        {
            FakeSessionHost host = new FakeSessionHost();
            Check.Equal(null, new HostStatus(host).ImageVersion());
            string version = @"HKLM:\SOFTWARE\Werkplek\Image\Version";
            host.Values[version] = Ask.Text("2026.11.1");
            Check.Equal("2026.11.1", new HostStatus(host).ImageVersion());
            host.Values[version] = Ask.Number(2026);
            Check.Equal(version + " is of kind DWord; expected a text", Check.Failure(() => new HostStatus(host).ImageVersion()));
        }

        public static void TheStructuresAreLaidOutAsInTheHeaders()
        {
            Check.Equal(216, Marshal.SizeOf(typeof(WindowsSessions.Information)));
            string[] times = { "ConnectTime", "DisconnectTime", "LastInputTime", "LogonTime", "CurrentTime" };
            Check.Equal("176 184 192 200 208", String.Join(" ", times.Select(t => Marshal.OffsetOf(typeof(WindowsSessions.Information), t))));
            Check.Equal(IntPtr.Size == 8 ? 56 : 32, Marshal.SizeOf(typeof(WindowsSessions.Listed)));
            Check.Equal(IntPtr.Size == 8 ? 32 : 20, Marshal.OffsetOf(typeof(WindowsSessions.Listed), "User").ToInt32());
        }
    }
}
