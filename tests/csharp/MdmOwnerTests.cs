// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;

namespace Werkplek.Tests
{
    public static class MdmOwnerTests
    {
        private const string Device = @"HKLM:\SOFTWARE\Microsoft\PolicyManager\current\device\Area\",
            Meaning = @"HKLM:\SOFTWARE\Microsoft\PolicyManager\default\Area\";

        private static FakeHost HostWithMdm(string key = "RegKeyPathRedirect", string name = "RegValueNameRedirect")
        {
            FakeHost host = new FakeHost();
            host.Values[Device + "P"] = Ask.Number(2);
            host.Values[Device + "P_ProviderSet"] = Ask.Number(1);
            host.Values[Device + "P_WinningProvider"] = Ask.Text("B529");
            host.Values[Meaning + @"P\" + key] = Ask.Text("K");
            host.Values[Meaning + @"P\" + name] = Ask.Text("a");
            return host;
        }

        public static void WhatAnMdmPolicySetsOtherwiseIsNotWritten()
        {
            string message = "MDM policy Area/P sets dword:0x00000002 (provider B529)";
            Ask.Owned(Ask.Run(HostWithMdm(), Ask.Value("a")), "<absent>", message);
            Ask.Owned(Ask.Run(HostWithMdm(), Ask.Value("a"), true), "<absent>", message);
            Ask.Owned(Ask.Run(HostWithMdm("GPBlockingRegKeyPath", "GPBlockingRegValueName"), Ask.Value("a")), "<absent>", message);
            Check.Equal("Changed", Ask.Run(HostWithMdm(), Ask.Value("b")).Status.ToString());
            FakeHost host = HostWithMdm();
            host.Values[Meaning + @"P\RegKeyPathRedirect"] = Ask.Text(@"\k\");
            Ask.Owned(Ask.Run(host, Ask.Value("a")), "<absent>", message);
        }

        public static void AnMdmPolicyThatAgreesOwnsNothing()
        {
            FakeHost host = HostWithMdm();
            host.Values[Device + "P"] = Ask.Number(1);
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
        }

        public static void AnMdmPolicyIsInForceWhenAProviderSetIt()
        {
            FakeHost host = HostWithMdm();
            host.Values.Remove(Device + "P_WinningProvider");
            Ask.Owned(Ask.Run(host, Ask.Value("a")), "<absent>", "MDM policy Area/P sets dword:0x00000002 (provider unknown)");
            host.Values[Device + "P_ProviderSet"] = Ask.Number(0);
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
            host = HostWithMdm();
            host.Values.Remove(Device + "P_ProviderSet");
            Check.Equal("OwnedElsewhere", Ask.Run(host, Ask.Value("a")).Status.ToString());
        }

        public static void AnMdmPolicyWithoutARegistryValueOwnsNothing()
        {
            FakeHost host = HostWithMdm();
            host.Values.Remove(Meaning + @"P\RegValueNameRedirect");
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Check.Equal(0, Ask.Warnings.Count);
        }

        public static void MdmIsAskedToo()
        {
            FakeHost host = HostWithMdm();
            host.Files[Ask.History] = Pol.File(Pol.Number("K", "a", 1));
            Ask.Owned(Ask.Run(host, Ask.Value("a")), "<absent>", "MDM policy Area/P sets dword:0x00000002 (provider B529)");
        }

        public static void UnreadableMdmPoliciesAreSaidAndOwnNothing()
        {
            FakeHost host = HostWithMdm();
            host.OnRead = path => { if (path.Contains("PolicyManager")) throw new UnauthorizedAccessException("Access is denied.\r\n"); };
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Check.Equal(new string[] { "cannot read the policies of MDM: Access is denied.; treated as if nothing were set there" }, Ask.Warnings);
        }
    }
}
