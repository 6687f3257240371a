// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessionsHost;

namespace Werkplek.Lab
{
    /// <summary>A lab host as windows_session_host sees it. Faults: `session list` (reads), `session 2` (messages and log off).</summary>
    public sealed class LabSessionHost : LabPart, ISessionHost, ISessions, IMachineRegistry
    {
        private static readonly byte[] Confirm = { 3, 0, 0, 19, 14, 0xD0, 0, 0, 0x12, 0x34, 0, 2, 0, 8, 0, 2, 0, 0, 0 };
        private readonly LabHost host;

        public LabSessionHost(LabState state, LabFaults faults) : base(state, faults, "sessions", "session")
        {
            host = new LabHost(state, faults);
        }

        public IMachineRegistry Registry { get { return this; } }
        public IServices Services { get { return host.Services; } }
        public ISessions Sessions { get { return this; } }

        public DateTime BootTime()
        {
            return DateTime.Parse(LabSessions.Booted(State), CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal);
        }

        /// <summary>The listener is simulated: it confirms, where the host has one.</summary>
        public byte[] AskRdp(int port, byte[] request)
        {
            if (!LabSessions.Serves(State, host.Registry))
                throw new IOException("Connection refused");
            return Confirm;
        }

        /// <summary>People's sessions, and those that every session host has besides.</summary>
        public IList<WindowsSession> List()
        {
            Faults.Reading("session list");
            WindowsSession[] others =
            {
                new WindowsSession { Id = 0, State = Connection.Disconnected },
                new WindowsSession { Id = 1, State = Connection.Connected },
                new WindowsSession { Id = 65536, State = Connection.Listen },
            };
            return others.Concat(State.Section("sessions").Select(s => Session(s.Key, LabSessions.Part(s.Value)))).ToList();
        }

        private static WindowsSession Session(string id, IDictionary<string, object> found)
        {
            string[] user = ((string)found["user"]).Split('\\');
            long now = DateTime.UtcNow.ToFileTimeUtc();
            return new WindowsSession
            {
                Id = Int32.Parse(id, CultureInfo.InvariantCulture), Domain = user[0], User = user[1],
                State = (string)found["state"] == "active" ? Connection.Active : Connection.Disconnected,
                SignedIn = (int)found["signed_in"], LastInput = now - (int)found["idle"] * TimeSpan.TicksPerSecond, Now = now,
            };
        }

        public void Tell(int id, string text)
        {
            string name = id.ToString(CultureInfo.InvariantCulture);
            Dictionary<string, object> found = new Dictionary<string, object>(LabSessions.Part(Get(name)));
            found["told"] = Texts(found["told"]).Concat(new string[] { text }).ToArray();
            Put(name, found);
        }

        public void LogOff(int id)
        {
            Drop(id.ToString(CultureInfo.InvariantCulture));
        }

        public bool HasKey(RegistryPath path)
        {
            return host.Registry.ReadAll(path) != null;
        }

        public RegistryValue Read(RegistryPath path, string name)
        {
            return host.Registry.Read(path, name);
        }

        public void Write(RegistryPath path, string name, RegistryValue value)
        {
            host.Registry.Write(path, name, value);
        }

        public void DeleteKey(RegistryPath path)
        {
            host.Registry.DeleteKey(path);
        }

        /// <summary>Here no time goes by.</summary>
        public void Wait(TimeSpan time) { }

        public void Dispose()
        {
            host.Dispose();
        }
    }
}
