// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Linq;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    public static class OwnerTests
    {
        private const string Local = @"%SystemRoot%\System32\GroupPolicy\Machine\Registry.pol";
        private const string LocalUser = @"%SystemRoot%\System32\GroupPolicy\User\Registry.pol";

        public static void WhatGroupPolicySetsOtherwiseIsNotWritten()
        {
            foreach (bool check in new bool[] { false, true })
            {
                FakeHost host = Ask.HostWith(Ask.History, Pol.Number("k", "A", 2));
                host.Values[@"HKLM:\K\a"] = Ask.Number(2);
                Ask.Owned(Ask.Run(host, Ask.Value("a"), check), "dword:0x00000002", @"group policy sets dword:0x00000002 (%ProgramData%\ntuser.pol)");
                Check.Equal(0, host.Calls.Count + host.MemoryWrites.Count + Ask.Warnings.Count);
            }
        }

        public static void WhatGroupPolicyRemovesIsNotWritten()
        {
            Ask.Owned(Ask.Run(Ask.HostWith(Local, Pol.Text("K", "**del.a", " ")), Ask.Value("a")), "<absent>",
                @"group policy removes it (%SystemRoot%\System32\GroupPolicy\Machine\Registry.pol)");
        }

        public static void NobodyIsAskedAboutWhatIsAsWanted()
        {
            FakeHost host = Ask.HostWith(Ask.History, Pol.Number("K", "a", 2));
            host.Values[@"HKLM:\K\a"] = Ask.Number(1);
            Check.Equal("Compliant", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Check.Equal(0, host.Lookups.Count);
        }

        public static void APolicyThatAgreesOwnsNothing()
        {
            Check.Equal("Changed", Ask.Run(Ask.HostWith(Ask.History, Pol.Number("K", "a", 1)), Ask.Value("a")).Status.ToString());
        }

        public static void OtherKeysAndValuesOwnNothing()
        {
            byte[] deeper = Pol.Number(@"K\K", "a", 2), other = Pol.Number("K", "b", 2);
            Check.Equal("Changed", Ask.Run(Ask.HostWith(Ask.History, deeper, other), Ask.Value("a")).Status.ToString());
        }

        public static void TheAppliedPolicyDecidesBeforeTheLocalOne()
        {
            FakeHost host = Ask.HostWith(Ask.History, Pol.Number("K", "a", 1), Pol.Number("K", "b", 3));
            host.Files[Local] = Pol.File(Pol.Number("K", "a", 2), Pol.Number("K", "b", 2));
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Ask.Owned(Ask.Run(host, Ask.Value("b")), "<absent>", @"group policy sets dword:0x00000003 (%ProgramData%\ntuser.pol)");
        }

        public static void EachFileIsReadOnce()
        {
            FakeHost host = Ask.HostWith(Ask.History, Pol.Number("K", "a", 2));
            Plan.Run(new Setting[] { new Setting("s", Ask.Value("a")), new Setting("t", Ask.Value("b")) }, host, new Mode(false, false, w => { }));
            Check.Equal(new string[] { "read " + Ask.History }, host.Lookups.Where(c => c.StartsWith("read")));
        }

        public static void ADamagedFileIsSaidAndOwnsNothing()
        {
            FakeHost host = Ask.HostWith(Ask.History, Pol.Number("K", "a", 2), new byte[] { 1, 2 });
            host.Files[Local] = Pol.File(Pol.Number("K", "b", 2));
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Check.Equal(new string[] { @"cannot read %ProgramData%\ntuser.pol: damaged before byte 42: expected [; treated as if nothing were set there" }, Ask.Warnings);
            Check.Equal("OwnedElsewhere", Ask.Run(host, Ask.Value("b")).Status.ToString());
        }

        public static void AListIsOwnedAsAWhole()
        {
            Item list = new RegistryListItem(new RegistryPath(RegistryHive.LocalMachine, "K"), new string[] { "a", "b" });
            byte[] all = Pol.Text("K", "**delvals.", " "), first = Pol.Text("K", "1", "a"), second = Pol.Text("K", "2", "b");
            Ask.Owned(Ask.Run(Ask.HostWith(Ask.History, all, first), list), "<absent>", @"group policy sets list:a (%ProgramData%\ntuser.pol)");
            Ask.Owned(Ask.Run(Ask.HostWith(Ask.History, Pol.Text("K", "**del.2", " ")), list), "<absent>",
                @"group policy sets list:a (%ProgramData%\ntuser.pol)");
            Ask.Owned(Ask.Run(Ask.HostWith(Ask.History, Pol.Text("K", "3", "c")), list), "<absent>",
                @"group policy sets list:a|b|c (%ProgramData%\ntuser.pol)");
            Check.Equal("Changed", Ask.Run(Ask.HostWith(Ask.History, all, first, second), list).Status.ToString());
            Check.Equal("Changed", Ask.Run(Ask.HostWith(Ask.History, Pol.Text("K", "2", "b")), list).Status.ToString());
        }

        public static void AKeyIsOwnedByWhoPutsSomethingInIt()
        {
            FakeHost host = Ask.HostWith(Ask.History, Pol.Number(@"A\B\C", "v", 1));
            host.Values[@"HKLM:\A\B\v"] = Ask.Number(1);
            Ask.Owned(Ask.Run(host, new RegistryKeyItem(new RegistryPath(RegistryHive.LocalMachine, @"A\B"), false)), "<present>",
                @"group policy sets <present> (%ProgramData%\ntuser.pol)");
            Item present = new RegistryKeyItem(new RegistryPath(RegistryHive.LocalMachine, @"A\C"), true);
            Ask.Owned(Ask.Run(Ask.HostWith(Ask.History, Pol.Text("A", "**DeleteKeys", "C")), present), "<absent>",
                @"group policy removes it (%ProgramData%\ntuser.pol)");
        }

        private static FakeHost HostWithUsers()
        {
            FakeHost host = new FakeHost();
            host.Users.AddRange(new UserHive[] { new UserHive("S-1", "S-1"), new UserHive("S-2", "S-2"), new UserHive("default", "D") });
            host.Values[@"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList\S-1\ProfileImagePath"] = Ask.Text(@"C:\Users\one");
            return host;
        }

        public static void AUsersPolicyOwnsThatUsersValue()
        {
            FakeHost host = HostWithUsers();
            host.Files[@"C:\Users\one\ntuser.pol"] = Pol.File(Pol.Number("K", "a", 2));
            host.Files[Ask.History] = Pol.File(Pol.Number("K", "a", 3));
            Outcome outcome = Ask.Run(host, Ask.Value("a", RegistryHive.CurrentUser));
            Check.Equal("OwnedElsewhere Changed Changed", String.Join(" ", outcome.Targets.Select(t => t.Status)));
            Check.Equal(@"S-1=group policy sets dword:0x00000002 (C:\Users\one\ntuser.pol)", outcome.Message);
            Check.Equal("OwnedElsewhere True", outcome.Status + " " + outcome.Moved);
            Check.Equal(new string[] { "list users", @"write HKU:\S-2\K\a", @"write HKU:\D\K\a" }, host.Calls);
        }

        public static void TheLocalPolicyOfUsersOwnsAllButTheDefaultProfile()
        {
            FakeHost host = HostWithUsers();
            host.Files[LocalUser] = Pol.File(Pol.Number("K", "a", 2));
            Outcome outcome = Ask.Run(host, Ask.Value("a", RegistryHive.CurrentUser));
            Check.Equal("OwnedElsewhere OwnedElsewhere Changed", String.Join(" ", outcome.Targets.Select(t => t.Status)));
            Check.Equal(1, host.Lookups.Count(c => c == "read " + LocalUser));
            Check.Equal(0, Ask.Warnings.Count);
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a")).Status.ToString());
        }

        public static void WhatCannotBeLookedForIsSaidAndOwnsNothing()
        {
            FakeHost host = Ask.HostWith(Local, Pol.Number("K", "a", 2));
            host.OnRead = path => { if (path == Ask.History) throw new InvalidOperationException("disk error"); };
            Check.Equal("OwnedElsewhere", Ask.Run(host, Ask.Value("a")).Status.ToString());
            Check.Equal(new string[] { @"cannot read %ProgramData%\ntuser.pol: disk error; treated as if nothing were set there" }, Ask.Warnings);
        }

        public static void AUserWithoutAReadableProfileFolderIsSaid()
        {
            FakeHost host = HostWithUsers();
            host.OnRead = path => { if (path.Contains(@"ProfileList\S-1")) throw new InvalidOperationException("no access"); };
            Check.Equal("Changed", Ask.Run(host, Ask.Value("a", RegistryHive.CurrentUser)).Status.ToString());
            Check.Equal(new string[] { "cannot read the profile folder of S-1: no access; treated as if nothing were set there" }, Ask.Warnings);
        }

        private sealed class Riddle : Item
        {
            public override string Identity { get { return "riddle"; } }

            public override State Read(Session session)
            {
                return new State("a");
            }

            public override State Wanted(State now)
            {
                return new State("b");
            }

            public override void Write(Session session, State now)
            {
                throw new NotSupportedException();
            }

            public override State ClaimedBy(Claims claims)
            {
                throw new InvalidOperationException("no answer");
            }
        }

        public static void WhoseOwnerCannotBeToldIsNotWritten()
        {
            Outcome outcome = Ask.Run(Ask.HostWith(Ask.History), new Riddle());
            Check.Equal("Failed a a cannot tell whether someone else sets it: no answer", String.Join(" ", outcome.Status, outcome.Before,
                outcome.After, outcome.Message));
        }
    }
}
