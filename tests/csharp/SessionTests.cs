// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessions;
using Ansible.WorkplaceSessionsDrain;
using Ansible.WorkplaceSessionsHost;

namespace Werkplek.Tests
{
    public static class SessionTests
    {
        private const string Mode = @"HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server\TSServerDrainMode";

        private static FakeSessionHost HostWith(params WindowsSession[] sessions)
        {
            FakeSessionHost host = new FakeSessionHost();
            host.Present.AddRange(sessions);
            return host;
        }

        private static WindowsSession Session(int id, string user, Connection state = Connection.Active, long signedIn = 7)
        {
            return new WindowsSession { Id = id, Domain = "PAP", User = user, State = state, SignedIn = signedIn };
        }

        private static IList<string> Acts(FakeSessionHost host, string state, string message = null, bool logOff = false, bool check = false)
        {
            int changes = 0;
            IList<string> acts = new Change(host, check).To(state, message, logOff, () => changes++);
            Check.Equal(acts.Count, changes);
            return acts;
        }

        public static void OnlyPeopleHaveSessions()
        {
            FakeSessionHost host = HostWith(Session(3, "b", Connection.Disconnected), Session(0, "SYSTEM"), Session(2, "a"), Session(65536, "x", Connection.Listen),
                Session(4, "", Connection.Connected));
            Check.Equal(new string[] { "session 2 (PAP\\a) active", "session 3 (PAP\\b) disconnected" },
                Person.List(host).Select(p => p + " " + p.State));
            Check.Equal("session 9 (local)", new Person(new WindowsSession { Id = 9, User = "local" }).ToString());
        }

        public static void EveryStateCountsAsHereOrLeft()
        {
            string[] here = { "Active", "Connected", "ConnectQuery", "Shadow", "Init" }, left = { "Disconnected", "Idle", "Reset", "Down" };
            foreach (Connection state in Enum.GetValues(typeof(Connection)))
                if (state != Connection.Listen)
                    Check.Equal(left.Contains(state.ToString()) ? "disconnected" : here.Contains(state.ToString()) ? "active" : "?",
                        new Person(Session(2, "a", state)).State);
        }

        public static void IdleIsSinceTheLastInputOrTheDisconnection()
        {
            long second = TimeSpan.TicksPerSecond;
            Func<Connection, long, long, int?> idle = (state, input, disconnected) => new Person(new WindowsSession
            {
                Id = 2, User = "a", State = state, LastInput = input * second, Disconnected = disconnected * second, Now = 100 * second,
            }).IdleSeconds;
            Check.Equal(40, idle(Connection.Active, 60, 0));
            Check.Equal(null, idle(Connection.Active, 0, 0));
            Check.Equal(null, idle(Connection.Active, 0, 90));
            Check.Equal(10, idle(Connection.Disconnected, 0, 90));
            Check.Equal(40, idle(Connection.Disconnected, 60, 90));
            Check.Equal(null, idle(Connection.Active, 200, 0));   // the clock was set back
        }

        public static void ADrainIsSetOnceAndTakenBackOnce()
        {
            FakeSessionHost host = HostWith();
            Check.Equal(new string[] { "drain mode 0 to 2" }, Acts(host, "drained"));
            Check.Equal(2, (int)host.Values[Mode].Data);
            Check.Equal(RegistryValueKind.DWord, host.Values[Mode].Kind);
            Check.Equal(new string[0], Acts(host, "drained"));
            Check.Equal(new string[0], Acts(host, "status"));
            Check.Equal(new string[] { "drain mode 2 to 0" }, Acts(host, "accepting"));
            Check.Equal(new string[0], Acts(host, "accepting"));
            Check.Equal(new string[] { "write TSServerDrainMode", "write TSServerDrainMode" }, host.Calls);
        }

        public static void ADrainUntilTheRestartIsMadeToLast()
        {
            FakeSessionHost host = HostWith();
            host.Values[Mode] = Ask.Number(1);
            Check.Equal(new string[] { "drain mode 1 to 2" }, Acts(host, "drained"));
        }

        public static void AWriteThatDoesNotStickIsAFailure()
        {
            FakeSessionHost host = HostWith();
            host.Keeps = false;
            Check.Equal(Mode + " is still 0 after 2 was written", Check.Failure(() => Acts(host, "drained")));
        }

        public static void AnUnknownDrainModeIsAFailure()
        {
            FakeSessionHost host = HostWith();
            host.Values[Mode] = Ask.Number(3);
            Check.Equal(Mode + " is DWord 3; expected a DWord from 0 to 2", Check.Failure(() => DrainMode.Read(host)));
            host.Values[Mode] = new RegistryValue(RegistryValueKind.String, "2");
            Check.Equal(Mode + " is String 2; expected a DWord from 0 to 2", Check.Failure(() => Acts(host, "drained")));
        }

        public static void EachSessionIsToldEachMessageOnceUntilTheHostAccepts()
        {
            FakeSessionHost host = HostWith(Session(2, "a"), Session(3, "b", Connection.Disconnected));
            Acts(host, "drained");
            Check.Equal(new string[] { "tell session 2 (PAP\\a)", "tell session 3 (PAP\\b)" }, Acts(host, "drained", "Save"));
            Check.Equal(new string[0], Acts(host, "drained", "Save"));
            Check.Equal(new string[0], Acts(host, "drained", ""));
            host.Present[1] = Session(3, "c", Connection.Active, 8);
            Check.Equal(new string[] { "tell session 3 (PAP\\c)" }, Acts(host, "drained", "Save"));
            Check.Equal(new string[] { "tell session 2 (PAP\\a)", "tell session 3 (PAP\\c)" }, Acts(host, "drained", "Now"));
            Acts(host, "accepting", "Save");
            Check.Equal(3, Acts(host, "drained", "Now").Count);
            Check.Equal(new string[] { "tell 2 Save", "tell 3 Save", "tell 3 Save", "tell 2 Now", "tell 3 Now", "tell 2 Now", "tell 3 Now" },
                host.Calls.Where(c => c.StartsWith("tell")));
        }

        public static void CheckModeTouchesNothing()
        {
            FakeSessionHost host = HostWith(Session(2, "a"));
            Check.Equal(new string[] { "drain mode 0 to 2", "tell session 2 (PAP\\a)", "log off session 2 (PAP\\a)" },
                Acts(host, "drained", "Save", true, true));
            Acts(host, "accepting", null, false, true);
            Check.Equal(new string[0], host.Calls);
        }

        public static void SessionsAreLoggedOffAndWaitedFor()
        {
            FakeSessionHost host = HostWith(Session(2, "a"), Session(3, "b", Connection.Disconnected));
            host.LogOffTakes = 5;
            host.Values[Mode] = Ask.Number(2);
            Check.Equal(new string[] { "log off session 2 (PAP\\a), session 3 (PAP\\b)" }, Acts(host, "drained", null, true));
            Check.Equal(5, host.Waited);
            Check.Equal(new string[] { "log off 2", "log off 3" }, host.Calls);
            Check.Equal(new string[0], Acts(host, "drained", null, true));
        }

        public static void ASessionThatDoesNotEndIsNamed()
        {
            FakeSessionHost host = HostWith(Session(2, "a"));
            host.LogOffTakes = Int32.MaxValue;
            Check.Equal("session 2 (PAP\\a) had not logged off after 180 seconds", Check.Failure(() => Acts(host, "drained", null, true)));
            Check.Equal(180, host.Waited);
        }
    }
}
