// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceMemory;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    public static class MemoryTests
    {
        private const string Place = @"HKLM:\SOFTWARE\Werkplek\Enforcement\", Place1 = Place + "machine s", Wanted = @"HKLM:\K\a";
        private const string GivenUp = "it came back changed twice in a row after it was set; find what else sets it, then run once with reclaim";
        private static readonly List<string> Warnings = new List<string>();

        private static RegistryValue Number(int number)
        {
            return new RegistryValue(RegistryValueKind.DWord, number);
        }

        private static Setting A(int data = 1, bool waived = false, bool secret = false, string key = "K", RegistryHive hive = RegistryHive.LocalMachine)
        {
            return new Setting("s", new RegistryValueItem(new RegistryPath(hive, key), "a", Number(data)), waived, secret);
        }

        private static Outcome Run(FakeHost host, Setting setting, bool check = false, bool reclaim = false)
        {
            Warnings.Clear();
            host.MemoryWrites.Clear();
            return Plan.Run(new Setting[] { setting }, host, new Mode(check, reclaim, Warnings.Add)).Single();
        }

        /// <summary>Someone else sets it otherwise, and a run follows.</summary>
        private static string Undo(FakeHost host, Setting setting = null)
        {
            host.Values[Wanted] = Number(9);
            return Run(host, setting ?? A()).Status.ToString();
        }

        private static FakeHost AfterRuns(int runs, Setting setting = null)
        {
            FakeHost host = new FakeHost();
            for (int i = 0; i < runs; i++)
                Check.Equal("Changed", Undo(host, setting));
            return host;
        }

        private static string Entry(FakeHost host, string name = Place1)
        {
            RegistryValue value;
            return host.Values.TryGetValue(name, out value) ? (string)value.Data : "nothing";
        }

        public static void WhatComesBackTwiceInARowIsGivenUp()
        {
            FakeHost host = AfterRuns(2);
            for (int again = 0; again < 2; again++)
            {
                host.Values[Wanted] = Number(9);
                host.Calls.Clear();
                Outcome outcome = Run(host, A());
                Check.Equal(new string[] { "OwnedElsewhere", "dword:0x00000009", "dword:0x00000009", GivenUp, "False" },
                    new string[] { outcome.Status.ToString(), outcome.Before, outcome.After, outcome.Message, outcome.Moved.ToString() });
                Check.Equal(0, host.Calls.Count + host.MemoryWrites.Count);
            }
        }

        public static void ARunThatFindsItAsWantedStartsTheCountAnew()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal("Compliant", Run(host, A()).Status.ToString());
            Check.Equal(new string[] { "write " + Place1 }, host.MemoryWrites);
            Check.Equal("Changed OwnedElsewhere", Undo(host) + " " + Undo(host));
        }

        public static void WhatWasGivenUpIsTakenBackOnceItIsAsWanted()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal("OwnedElsewhere", Undo(host));
            host.Values[Wanted] = Number(1);
            Check.Equal("Compliant", Run(host, A()).Status.ToString());
            Check.Equal("Changed", Undo(host));
        }

        public static void ACompliantRunWritesNothing()
        {
            FakeHost host = AfterRuns(1);
            host.Calls.Clear();
            Check.Equal("Compliant", Run(host, A()).Status.ToString());
            Check.Equal(0, host.Calls.Count + host.MemoryWrites.Count);
        }

        public static void CheckModeReadsTheMemoryAndWritesNothing()
        {
            FakeHost host = AfterRuns(2);
            Run(host, A(), true);   // as wanted now, but that is no enforcing run
            Check.Equal(0, host.MemoryWrites.Count);
            host.Values[Wanted] = Number(9);
            Check.Equal("OwnedElsewhere", Run(host, A(), true).Status.ToString());
            Check.Equal("Noncompliant", Run(host, A(), true, true).Status.ToString());
            Check.Equal(0, host.MemoryWrites.Count);
            Check.Equal("OwnedElsewhere", Undo(host));
        }

        public static void AnotherWantedValueStartsTheCountAnew()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal("Changed Changed OwnedElsewhere", String.Join(" ", Undo(host, A(2)), Undo(host, A(2)), Undo(host, A(2))));
            host = AfterRuns(2);
            Check.Equal("Changed", Run(host, A(key: "L")).Status.ToString());
        }

        public static void ReclaimForgetsAllSettings()
        {
            FakeHost host = AfterRuns(2);
            host.Values[Place + "machine other"] = host.Values[Place1];
            Check.Equal("OwnedElsewhere", Undo(host));
            Check.Equal("Changed", Run(host, A(), false, true).Status.ToString());
            Check.Equal("nothing", Entry(host, Place + "machine other"));
            Check.Equal("0", Entry(host).Split(' ')[0]);
            Check.Equal("Changed OwnedElsewhere", Undo(host) + " " + Undo(host));
        }

        public static void ReclaimWithoutAMemoryWritesNothingOfIt()
        {
            FakeHost host = new FakeHost();
            host.Values[Wanted] = Number(1);
            Check.Equal("Compliant", Run(host, A(), false, true).Status.ToString());
            Check.Equal(0, host.Calls.Count + host.MemoryWrites.Count);
        }

        public static void WhatCouldNotBeSetHasNotComeBack()
        {
            FakeHost host = AfterRuns(1);
            host.OnWrite = call => call != "write " + Wanted;
            Check.Equal("Failed", Undo(host));
            Check.Equal("nothing", Entry(host));
            host.OnWrite = call => true;
            Check.Equal("Changed Changed OwnedElsewhere", String.Join(" ", Undo(host), Undo(host), Undo(host)));
        }

        public static void WhatCouldNotBeReadSaysNothing()
        {
            FakeHost host = AfterRuns(2);
            host.OnRead = path => { if (path == Wanted) throw new InvalidOperationException("busy"); };
            Check.Equal("Failed", Undo(host));
            host.OnRead = path => { };
            Check.Equal("OwnedElsewhere", Undo(host));
        }

        public static void WhatIsWaivedIsForgotten()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal("Waived", Undo(host, A(waived: true)));
            Check.Equal("nothing", Entry(host));
            Check.Equal("Changed", Undo(host));
        }

        public static void AnEntryIsShort()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal(RegistryValueKind.String, host.Values[Place1].Kind);
            Check.Equal("1 " + Memory.Digest("value 'a' of HKLM:\\K\ndword:0x00000001"), Entry(host));
            Check.Equal("ba7816bf8f01cfea414140de5dae2223", Memory.Digest("abc"));
        }

        public static void ADamagedEntryIsNone()
        {
            foreach (string damaged in new string[] { "", "1", "2 secret", "1 xyz", "x" })
            {
                FakeHost host = AfterRuns(2);
                host.Values[Place1] = new RegistryValue(RegistryValueKind.String, damaged);
                Check.Equal("Changed Changed OwnedElsewhere", String.Join(" ", Undo(host), Undo(host), Undo(host)));
            }
            FakeHost other = AfterRuns(2);
            other.Values[Place1] = Number(1);
            Check.Equal("Changed", Undo(other));
        }

        public static void EveryUserHasAnEntryAndWhoIsGoneHasNone()
        {
            FakeHost host = new FakeHost();
            host.Users.AddRange(new UserHive[] { new UserHive("S-1", "S-1"), new UserHive("S-2", "S-2"), new UserHive("default", "D1") });
            host.Values[Place + "machine s"] = Number(0);
            Setting setting = A(hive: RegistryHive.CurrentUser);
            Run(host, setting);
            Check.Equal(true, Entry(host, Place + "S-1 s") == Entry(host, Place + "default s"));
            Check.Equal("0 " + Memory.Digest("value 'a' of HKCU:\\K\ndword:0x00000001"), Entry(host, Place + "S-2 s"));

            host.Users.Clear();
            host.Users.AddRange(new UserHive[] { new UserHive("S-1", "S-1"), new UserHive("default", "D2") });   // is loaded elsewhere each time
            host.Values[@"HKU:\S-1\K\a"] = Number(1);
            host.Values[@"HKU:\D2\K\a"] = Number(1);
            Run(host, setting);
            Check.Equal(0, host.MemoryWrites.Count);
            host.Values[@"HKU:\S-1\K\a"] = Number(9);
            host.Values[@"HKU:\D2\K\a"] = Number(9);
            Run(host, setting);
            Check.Equal("1", Entry(host, Place + "default s").Split(' ')[0]);
            Check.Equal("1", Entry(host, Place + "S-1 s").Split(' ')[0]);
            Check.Equal("nothing", Entry(host, Place + "S-2 s"));
            Check.Equal(true, host.Values.ContainsKey(Place + "machine s"));
        }

        public static void UsersThatCannotBeListedAreNotForgotten()
        {
            FakeHost host = new FakeHost();
            host.Values[Place + "S-1 s"] = new RegistryValue(RegistryValueKind.String, "1 " + Memory.Digest("x"));
            host.Users = null;
            Plan.Run(new Setting[] { A(), new Setting("u", A(hive: RegistryHive.CurrentUser).Item) }, host, new Mode(false, false, w => { }));
            Check.Equal("1", Entry(host, Place + "S-1 s").Split(' ')[0]);
        }

        public static void AMemoryThatCannotBeReadDoesNotStopEnforcement()
        {
            FakeHost host = AfterRuns(2);
            host.OnRead = path => { if (path == Place.TrimEnd('\\')) throw new UnauthorizedAccessException("Access is denied.\r\n"); };
            Check.Equal("Changed", Undo(host));
            Check.Equal(new string[] { @"cannot read HKLM:\SOFTWARE\Werkplek\Enforcement, the memory of settings that come back changed: Access is denied." }, Warnings);
            Check.Equal(0, host.MemoryWrites.Count);
        }

        public static void AMemoryThatCannotBeWrittenDoesNotStopEnforcement()
        {
            FakeHost host = new FakeHost();
            host.OnWrite = call => { if (call.Contains("Werkplek")) throw new UnauthorizedAccessException("Access is denied."); return true; };
            Check.Equal("Changed", Undo(host));
            Check.Equal(new string[] { @"cannot write HKLM:\SOFTWARE\Werkplek\Enforcement, the memory of settings that come back changed: Access is denied." }, Warnings);
        }

        public static void TheMemoryOfASecretHoldsNothingOfIt()
        {
            FakeHost host = AfterRuns(2, A(1, secret: true));
            Check.Equal("1 secret", Entry(host));
            Check.Equal("OwnedElsewhere", Undo(host, A(1, secret: true)));
        }

        public static void AChangedSecretCountsAsTheSame()
        {
            FakeHost host = AfterRuns(1, A(1, secret: true));
            Check.Equal("Changed OwnedElsewhere", Run(host, A(2, secret: true)).Status + " " + Run(host, A(3, secret: true)).Status);
            host = AfterRuns(1, A(1, secret: true));
            Check.Equal("Changed Compliant Changed",
                String.Join(" ", new int[] { 2, 2, 3 }.Select(data => Run(host, A(data, secret: true)).Status)));
        }

        public static void TheDigestOfWhatHasBecomeSecretGoes()
        {
            FakeHost host = AfterRuns(2);
            Check.Equal("Compliant", Run(host, A(secret: true)).Status.ToString());
            Check.Equal("nothing", Entry(host));
            host = AfterRuns(2);
            Check.Equal("Changed", Undo(host, A(secret: true)));
            Check.Equal("0 secret", Entry(host));
        }
    }
}
