// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSessionsHost;

namespace Werkplek.Tests
{
    /// <summary>A session host in memory that writes down what it is asked to do.</summary>
    public sealed class FakeSessionHost : ISessionHost, ISessions, IMachineRegistry, IServices
    {
        public readonly List<string> Calls = new List<string>();
        public readonly Dictionary<string, RegistryValue> Values = new Dictionary<string, RegistryValue>();
        public readonly HashSet<string> Keys = new HashSet<string>();
        public readonly List<WindowsSession> Present = new List<WindowsSession>();
        public readonly Dictionary<string, string> Running = new Dictionary<string, string>
        {
            { "TermService", "running" }, { "SessionEnv", "running" }, { "UmRdpService", "running" },
        };

        /// <summary>Null: nothing listens.</summary>
        public byte[] Answer = { 3, 0, 0, 11, 6, 0xD0, 0, 0, 0x12, 0x34, 0 };

        /// <summary>Whether a write is kept.</summary>
        public bool Keeps = true;

        /// <summary>How many waits a session takes to log off.</summary>
        public int LogOffTakes;
        private readonly List<int> ending = new List<int>();
        public int Waited;

        public IMachineRegistry Registry { get { return this; } }
        public IServices Services { get { return this; } }
        public ISessions Sessions { get { return this; } }

        public DateTime BootTime()
        {
            return new DateTime(2026, 11, 2, 5, 30, 0, DateTimeKind.Utc);
        }

        public byte[] AskRdp(int port, byte[] request)
        {
            Calls.Add("ask port " + port);
            if (Answer == null)
                throw new IOException("Connection refused");
            return Answer;
        }

        public void Wait(TimeSpan time)
        {
            if (++Waited == LogOffTakes)
                Present.RemoveAll(s => ending.Contains(s.Id));
        }

        public IList<WindowsSession> List()
        {
            return Present.ToList();
        }

        public void Tell(int id, string text)
        {
            Calls.Add("tell " + id + " " + text);
        }

        public void LogOff(int id)
        {
            Calls.Add("log off " + id);
            ending.Add(id);
            if (LogOffTakes == 0)
                Present.RemoveAll(s => s.Id == id);
        }

        public bool HasKey(RegistryPath path)
        {
            return Keys.Contains(path.ToString()) || Values.Keys.Any(v => v.StartsWith(path + "\\", StringComparison.Ordinal));
        }

        RegistryValue IMachineRegistry.Read(RegistryPath path, string name)
        {
            RegistryValue value;
            return Values.TryGetValue(path + "\\" + name, out value) ? value : null;
        }

        public void Write(RegistryPath path, string name, RegistryValue value)
        {
            Calls.Add("write " + name);
            if (Keeps)
                Values[path + "\\" + name] = value;
        }

        public void DeleteKey(RegistryPath path)
        {
            Calls.Add("delete " + path);
            foreach (string value in Values.Keys.Where(v => v.StartsWith(path + "\\", StringComparison.Ordinal)).ToList())
                Values.Remove(value);
        }

        ServiceState IServices.Read(string name)
        {
            string status;
            return Running.TryGetValue(name, out status) ? new ServiceState("manual", status) : null;
        }

        public void SetStart(string name, string start)
        {
            throw new NotSupportedException();
        }

        public void SetStatus(string name, string status)
        {
            throw new NotSupportedException();
        }

        public void Dispose() { }
    }
}
