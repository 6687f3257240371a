// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceMembers;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    public static class PlanTests
    {
        private static RegistryValue Number(int number)
        {
            return new RegistryValue(RegistryValueKind.DWord, number);
        }

        private static Item Value(string name, RegistryHive hive = RegistryHive.LocalMachine)
        {
            return new RegistryValueItem(new RegistryPath(hive, "K"), name, Number(1));
        }

        private static IList<Outcome> Run(FakeHost host, bool check, params Item[] items)
        {
            return Plan.Run(items.Select((item, i) => new Setting("s" + i, item)), host, new Mode(check, false, warning => { }));
        }

        private static void Shown(Outcome outcome, Status status, string before, string after, string message = "")
        {
            Check.Equal(new string[] { status.ToString(), before, after, message },
                new string[] { outcome.Status.ToString(), outcome.Before, outcome.After, outcome.Message });
        }

        public static void CheckModeWritesNothing()
        {
            FakeHost host = new FakeHost();
            Shown(Run(host, true, Value("a")).Single(), Status.Noncompliant, "<absent>", "dword:0x00000001");
            Check.Equal(0, host.Calls.Count);
        }

        public static void WritesOnlyWhatDiffers()
        {
            FakeHost host = new FakeHost();
            host.Values[@"HKLM:\K\a"] = Number(1);
            IList<Outcome> outcomes = Run(host, false, Value("a"), Value("b"));
            Shown(outcomes[0], Status.Compliant, "dword:0x00000001", "dword:0x00000001");
            Shown(outcomes[1], Status.Changed, "<absent>", "dword:0x00000001");
            Check.Equal(new string[] { @"write HKLM:\K\b" }, host.Calls);
        }

        public static void TheRightDataInTheWrongTypeIsADifference()
        {
            FakeHost host = new FakeHost();
            host.Values[@"HKLM:\K\a"] = new RegistryValue(RegistryValueKind.String, "1");
            Shown(Run(host, true, Value("a")).Single(), Status.Noncompliant, "string:1", "dword:0x00000001");
        }

        public static void AFailedReadDoesNotHideTheOthers()
        {
            FakeHost host = new FakeHost();
            IList<Outcome> outcomes = Run(host, false, Value("denied"), Value("b"));
            Shown(outcomes[0], Status.Failed, "<unknown>", "<unknown>", "cannot read: Access is denied.");
            Check.Equal(false, outcomes[0].Moved);
            Shown(outcomes[1], Status.Changed, "<absent>", "dword:0x00000001");
        }

        public static void AWriteThatDidNotStickFails()
        {
            FakeHost host = new FakeHost { OnWrite = call => false };
            Outcome outcome = Run(host, false, Value("a")).Single();
            Shown(outcome, Status.Failed, "<absent>", "<absent>", "did not stick: wanted dword:0x00000001, found <absent>");
            Check.Equal(false, outcome.Moved);
        }

        public static void ARefusedWriteFailsAndSaysWhy()
        {
            FakeHost host = new FakeHost { OnWrite = call => { throw new InvalidOperationException("disk full"); } };
            Shown(Run(host, false, Value("a")).Single(), Status.Failed, "<absent>", "<absent>",
                "cannot write: disk full: wanted dword:0x00000001, found <absent>");
        }

        public static void WhatTheHostHoldsDecidesNotWhatWritingSaid()
        {
            FakeHost host = new FakeHost();
            host.OnWrite = call => { host.Values[@"HKLM:\K\a"] = Number(1); throw new InvalidOperationException("warning"); };
            Shown(Run(host, false, Value("a")).Single(), Status.Changed, "<absent>", "dword:0x00000001");
        }

        public static void WhatWindowsLacksIsUnsupported()
        {
            Item audit = new AuditItem(Guid.Empty, AuditEvents.Success);
            Shown(Run(new FakeHost(), false, audit).Single(), Status.Unsupported, "<unknown>", "<unknown>", "this Windows has no audit policy");
        }

        private static void Waived(FakeHost host, Item item, string shown, string message = "")
        {
            foreach (bool check in new bool[] { false, true })
            {
                Outcome outcome = Plan.Run(new Setting[] { new Setting("s", item, true) }, host, new Mode(check, false, w => { })).Single();
                Shown(outcome, shown == "dword:0x00000001" ? Status.Compliant : Status.Waived, shown, shown, message);
                Check.Equal(false, outcome.Moved);
            }
            Check.Equal(0, host.Calls.Count + host.MemoryWrites.Count);
        }

        public static void WhatIsWaivedIsReadAndNeverWritten()
        {
            FakeHost host = new FakeHost();
            Waived(host, Value("a"), "<absent>");
            host.Values[@"HKLM:\K\a"] = Number(2);
            Waived(host, Value("a"), "dword:0x00000002");
            host.Values[@"HKLM:\K\a"] = Number(1);
            Waived(host, Value("a"), "dword:0x00000001");
        }

        public static void AWaiverFailsNoHost()
        {
            Waived(new FakeHost(), Value("denied"), "<unknown>", "cannot read: Access is denied.");
            Waived(new FakeHost(), new ServiceItem("X", "manual", null), "<not installed>", "service X is not installed");
            Waived(new FakeHost(), new AuditItem(Guid.Empty, AuditEvents.Success), "<unknown>", "this Windows has no audit policy");
        }

        public static void NobodyIsAskedAboutWhatIsWaived()
        {
            FakeHost host = new FakeHost();
            Waived(host, Value("a"), "<absent>");
            Check.Equal(0, host.Lookups.Count);
        }

        public static void AWaiverIsForAllUsers()
        {
            FakeHost host = new FakeHost();
            host.Users.Add(new UserHive("S-1", "S-1"));
            host.Users.Add(new UserHive("default", "D", "in use"));
            host.Values[@"HKU:\S-1\K\a"] = Number(1);
            Outcome outcome = Plan.Run(new Setting[] { new Setting("s", Value("a", RegistryHive.CurrentUser), true) }, host, new Mode(false, false, w => { })).Single();
            Shown(outcome, Status.Waived, "S-1=dword:0x00000001; default=<unknown>", "S-1=dword:0x00000001; default=<unknown>", "default=cannot read: in use");
        }

        public static void UsersEachHaveATarget()
        {
            FakeHost host = new FakeHost();
            host.Users.Add(new UserHive("S-1-5-21-1", "S-1-5-21-1"));
            host.Users.Add(new UserHive("default", "D"));
            host.Values[@"HKU:\D\K\a"] = Number(1);
            Outcome outcome = Run(host, false, Value("a", RegistryHive.CurrentUser)).Single();
            Shown(outcome, Status.Changed, "S-1-5-21-1=<absent>; default=dword:0x00000001", "S-1-5-21-1=dword:0x00000001; default=dword:0x00000001");
            Check.Equal("Changed, Compliant", String.Join(", ", outcome.Targets.Select(t => t.Status)));
            Check.Equal(new string[] { "list users", @"write HKU:\S-1-5-21-1\K\a" }, host.Calls);
        }

        public static void UsersThatCannotBeListedFailTheirSettingsOnly()
        {
            IList<Outcome> outcomes = Run(new FakeHost { Users = null }, false, Value("a", RegistryHive.CurrentUser), Value("a"));
            Shown(outcomes[0], Status.Failed, "users=<unknown>", "users=<unknown>", "users=cannot read: cannot list users: no list");
            Shown(outcomes[1], Status.Changed, "<absent>", "dword:0x00000001");
        }

        public static void AHiveThatDoesNotOpenDoesNotHideTheOthers()
        {
            FakeHost host = new FakeHost();
            host.Users.Add(new UserHive("S-1-5-21-1", "S-1-5-21-1"));
            host.Users.Add(new UserHive("default", "D", "in use"));
            Outcome outcome = Run(host, false, Value("a", RegistryHive.CurrentUser)).Single();
            Shown(outcome, Status.Failed, "S-1-5-21-1=<absent>; default=<unknown>", "S-1-5-21-1=dword:0x00000001; default=<unknown>",
                "default=cannot read: in use");
            Check.Equal(true, outcome.Moved);
        }

        public static void TheSecurityPolicyIsReadAndWrittenOnce()
        {
            FakeHost host = new FakeHost();
            host.Access["LockoutBadCount"] = "0";
            IList<Outcome> outcomes = Run(host, false, new SystemAccessItem("LockoutBadCount", "5"), new SystemAccessItem("LockoutDuration", "15"));
            Shown(outcomes[0], Status.Changed, "0", "5");
            Shown(outcomes[1], Status.Changed, "<absent>", "15");
            Check.Equal(new string[] { "export", "configure LockoutBadCount=5, LockoutDuration=15", "export" }, host.Calls);
        }

        public static void OneFailedConfigureFailsAllItsSettings()
        {
            FakeHost host = new FakeHost { OnWrite = call => { throw new InvalidOperationException("secedit ended with 1"); } };
            IList<Outcome> outcomes = Run(host, false, new SystemAccessItem("A", "5"), new SystemAccessItem("B", "1"));
            Shown(outcomes[0], Status.Failed, "<absent>", "<absent>", "cannot write: secedit ended with 1: wanted 5, found <absent>");
            Shown(outcomes[1], Status.Failed, "<absent>", "<absent>", "cannot write: secedit ended with 1: wanted 1, found <absent>");
            Check.Equal(1, host.Calls.Count(c => c.StartsWith("configure")));
        }

        public static void AServiceIsConfiguredBeforeItIsStarted()
        {
            FakeHost host = new FakeHost();
            host.Installed["X"] = new ServiceState("disabled", "stopped");
            Shown(Run(host, false, new ServiceItem("X", "automatic", "running")).Single(), Status.Changed, "disabled, stopped", "automatic, running");
            Check.Equal(new string[] { "start of X to automatic", "status of X to running" }, host.Calls);
        }

        public static void AServiceThatIsNotInstalledCannotStart()
        {
            IList<Outcome> outcomes = Run(new FakeHost(), false, new ServiceItem("X", "disabled", "stopped"), new ServiceItem("X", "manual", null));
            Shown(outcomes[0], Status.Compliant, "<not installed>", "<not installed>");
            Shown(outcomes[1], Status.Failed, "<not installed>", "<not installed>", "service X is not installed");
        }

        public static void MembersAreAddedBeforeOthersAreRemoved()
        {
            FakeHost host = new FakeHost();
            host.Sets["SeX"] = new List<string> { "S-1-1-0", "S-1-5-4" };
            Shown(Run(host, false, new UserRightItem("SeX", new string[] { "S-1-5-4", "S-1-5-32-544" })).Single(),
                Status.Changed, "S-1-1-0, S-1-5-4", "S-1-5-32-544, S-1-5-4");
            Check.Equal(new string[] { "add S-1-5-32-544", "remove S-1-1-0" }, host.Calls);
        }

        public static void GroupModesDifferInWhatTheyLeaveAlone()
        {
            foreach (string[] row in new string[][] { new string[] { "exact", "S-1-5-4" }, new string[] { "include", "S-1-1-0, S-1-5-4" }, new string[] { "exclude", "S-1-1-0" } })
            {
                FakeHost host = new FakeHost();
                host.Sets["G"] = new List<string> { "S-1-1-0" };
                if (row[0] == "exclude")
                    host.Sets["G"].Add("S-1-5-4");
                Check.Equal(row[1], Run(host, false, new LocalGroupItem("G", new string[] { "S-1-5-4" }, row[0])).Single().After);
            }
        }

        public static void AnUnknownMemberFailsTheGroup()
        {
            FakeHost host = new FakeHost();
            host.Sets["G"] = new List<string>();
            Shown(Run(host, false, new LocalGroupItem("G", new string[] { "nobody" }, "exact")).Single(),
                Status.Failed, "<unknown>", "<unknown>", "cannot read: account nobody is unknown");
        }
    }
}
