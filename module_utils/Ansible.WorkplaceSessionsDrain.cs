// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessionsHost;

namespace Ansible.WorkplaceSessionsDrain
{
    /// <summary>
    /// Whether a host takes new sessions: what `change logon /drain` and `/enable` set, the numbers as those of
    /// Win32_TerminalServiceSetting.SessionBrokerDrainMode.
    /// https://learn.microsoft.com/windows-server/administration/windows-commands/change-logon
    /// https://learn.microsoft.com/windows/win32/termserv/win32-terminalservicesetting
    /// </summary>
    public static class DrainMode
    {
        /// <summary>1, reconnections only until the restart, is read but never set: a drained host must stay so over it.</summary>
        public const int Accepting = 0, Draining = 2;
        private const string Name = "TSServerDrainMode";
        private static readonly RegistryPath Place = new RegistryPath(RegistryHive.LocalMachine, @"SYSTEM\CurrentControlSet\Control\Terminal Server");

        public static int Read(IMachineRegistry registry)
        {
            RegistryValue value = registry.Read(Place, Name);
            if (value == null)
                return Accepting;
            if (value.Data is int && (int)value.Data >= 0 && (int)value.Data <= 2)
                return (int)value.Data;
            throw new InvalidOperationException(String.Format(CultureInfo.InvariantCulture, "{0}\\{1} is {2} {3}; expected a DWord from 0 to 2",
                Place, Name, value.Kind, value.Data));
        }

        public static void Write(IMachineRegistry registry, int mode)
        {
            registry.Write(Place, Name, new RegistryValue(RegistryValueKind.DWord, mode));
            int found = Read(registry);
            if (found != mode)
                throw new InvalidOperationException(Place + "\\" + Name + " is still " + found + " after " + mode + " was written");
        }
    }

    /// <summary>A person's session.</summary>
    public sealed class Person
    {
        public readonly int Id;
        public readonly string User, State;
        public readonly int? IdleSeconds;

        /// <summary>Tells this session from another that had its number before.</summary>
        public readonly long SignedIn;

        public Person(WindowsSession session)
        {
            Id = session.Id;
            User = session.Domain.Length == 0 ? session.User : session.Domain + "\\" + session.User;
            bool left = session.State == Connection.Disconnected || session.State == Connection.Idle || session.State == Connection.Reset
                || session.State == Connection.Down;
            State = left ? "disconnected" : "active";
            long since = session.LastInput == 0 && left ? session.Disconnected : session.LastInput;
            if (since != 0 && session.Now >= since)
                IdleSeconds = (int)Math.Min((session.Now - since) / TimeSpan.TicksPerSecond, Int32.MaxValue);
            SignedIn = session.SignedIn;
        }

        public override string ToString()
        {
            return String.Format(CultureInfo.InvariantCulture, "session {0} ({1})", Id, User);
        }

        /// <summary>Of people only: not services (session 0), listeners, or sessions in which nobody has signed in.</summary>
        public static IList<Person> List(ISessions sessions)
        {
            return sessions.List().Where(s => s.Id != 0 && s.State != Connection.Listen && s.User.Length > 0).OrderBy(s => s.Id)
                .Select(s => new Person(s)).ToList();
        }
    }

    /// <summary>
    /// Which session was shown which message, so that each is shown once while a host is drained, whichever run does it:
    /// HKLM\SOFTWARE\Werkplek\Sessions holds the message under the session's number, behind the time of its sign-in.
    /// </summary>
    public sealed class Told
    {
        private static readonly RegistryPath Place = new RegistryPath(RegistryHive.LocalMachine, @"SOFTWARE\Werkplek\Sessions");
        private readonly IMachineRegistry registry;

        public Told(IMachineRegistry registry)
        {
            this.registry = registry;
        }

        public bool Has(Person person, string message)
        {
            RegistryValue value = registry.Read(Place, Name(person));
            return value != null && Data(person, message).Equals(value.Data);
        }

        public void Add(Person person, string message)
        {
            registry.Write(Place, Name(person), new RegistryValue(RegistryValueKind.String, Data(person, message)));
        }

        public void Forget()
        {
            if (registry.HasKey(Place))
                registry.DeleteKey(Place);
        }

        private static string Name(Person person)
        {
            return person.Id.ToString(CultureInfo.InvariantCulture);
        }

        private static string Data(Person person, string message)
        {
            return person.SignedIn.ToString(CultureInfo.InvariantCulture) + " " + message;
        }
    }

    /// <summary>Ends sessions, and waits until they have ended.</summary>
    public static class LogOff
    {
        /// <summary>FSLogix unmounts a profile, and people's programs close, in this time.</summary>
        public const int MostSeconds = 180;

        public static void All(ISessionHost host, IList<Person> people)
        {
            foreach (Person person in people)
                host.Sessions.LogOff(person.Id);
            for (int waited = 0; ; waited++)
            {
                List<Person> left = Person.List(host.Sessions).Where(p => people.Any(q => IsSame(p, q))).ToList();
                if (left.Count == 0)
                    return;
                if (waited >= MostSeconds)
                    throw new TimeoutException(String.Join(", ", left) + " had not logged off after " + MostSeconds + " seconds");
                host.Wait(TimeSpan.FromSeconds(1));
            }
        }

        private static bool IsSame(Person now, Person before)
        {
            return now.Id == before.Id && (now.SignedIn == before.SignedIn || now.SignedIn == 0);   // 0: about to be gone
        }
    }
}
