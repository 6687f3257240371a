// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;

namespace Werkplek.Tests
{
    /// <summary>A host in memory that writes down what it is asked to do. What it does not have, nobody may ask for.</summary>
    public sealed class FakeHost : IHost, IRegistry, IServices, ISystemAccess, IUserRights, ILocalGroups, IPolicyFiles
    {
        public readonly List<string> Calls = new List<string>();

        /// <summary>The files that were looked for or read, and the writes to the engine's memory: not among the calls.</summary>
        public readonly List<string> Lookups = new List<string>(), MemoryWrites = new List<string>();
        public readonly Dictionary<string, RegistryValue> Values = new Dictionary<string, RegistryValue>();
        public readonly Dictionary<string, ServiceState> Installed = new Dictionary<string, ServiceState>();
        public readonly Dictionary<string, string> Access = new Dictionary<string, string>();
        public readonly Dictionary<string, List<string>> Sets = new Dictionary<string, List<string>>();
        public readonly Dictionary<string, byte[]> Files = new Dictionary<string, byte[]>();

        /// <summary>Null: there is none.</summary>
        public IWifi Wireless;

        /// <summary>Null: they cannot be listed.</summary>
        public List<UserHive> Users = new List<UserHive>();

        /// <summary>Called before each write with its description; may throw, or return false to lose the write.</summary>
        public Func<string, bool> OnWrite = call => true;

        /// <summary>Called before each read of a registry key, a registry value or a file with its path; may throw.</summary>
        public Action<string> OnRead = path => { };

        public IRegistry Registry { get { return this; } }
        public IServices Services { get { return this; } }
        public ISystemAccess SystemAccess { get { return this; } }
        public IUserRights UserRights { get { return this; } }
        public ILocalGroups LocalGroups { get { return this; } }
        public IPolicyFiles PolicyFiles { get { return this; } }
        public ICertificates Certificates { get { throw new UnsupportedException("this host has no certificates"); } }
        public IWifi Wifi
        {
            get
            {
                if (Wireless == null)
                    throw new MissingPartException("this host has no wireless interface");
                return Wireless;
            }
        }

        public IAuditPolicy AuditPolicy { get { throw new UnsupportedException("this Windows has no audit policy"); } }

        public void Dispose() { }

        private bool Write(string call)
        {
            (call.Contains(@"HKLM:\SOFTWARE\Werkplek\") ? MemoryWrites : Calls).Add(call);
            return OnWrite(call);
        }

        public IList<UserHive> UserHives()
        {
            Calls.Add("list users");
            if (Users == null)
                throw new InvalidOperationException("no list");
            return Users;
        }

        RegistryValue IRegistry.Read(RegistryPath path, string name)
        {
            RegistryValue value;
            OnRead(path + "\\" + name);
            if (name == "denied")
                throw new UnauthorizedAccessException("Access is denied.\r\n");
            return Values.TryGetValue(path + "\\" + name, out value) ? value : null;
        }

        public IDictionary<string, RegistryValue> ReadAll(RegistryPath path)
        {
            string prefix = path + "\\";
            OnRead(path.ToString());
            var found = Values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal) && v.Key.IndexOf('\\', prefix.Length) < 0)
                .ToDictionary(v => v.Key.Substring(prefix.Length), v => v.Value);
            return found.Count == 0 ? null : found;
        }

        public IList<string> SubKeys(RegistryPath path)
        {
            string prefix = path + "\\";
            return Values.Keys.Where(k => k.StartsWith(prefix, StringComparison.Ordinal)).Select(k => k.Substring(prefix.Length).Split('\\'))
                .Where(p => p.Length > 1).Select(p => p[0]).Distinct().ToList();
        }

        void IRegistry.Write(RegistryPath path, string name, RegistryValue value)
        {
            if (Write("write " + path + "\\" + name))
                Values[path + "\\" + name] = value;
        }

        public void DeleteValue(RegistryPath path, string name)
        {
            if (Write("delete " + path + "\\" + name))
                Values.Remove(path + "\\" + name);
        }

        public void CreateKey(RegistryPath path)
        {
            throw new NotSupportedException();
        }

        public void DeleteKey(RegistryPath path)
        {
            if (Write("delete " + path))
                foreach (string value in Values.Keys.Where(k => k.StartsWith(path + "\\", StringComparison.Ordinal)).ToList())
                    Values.Remove(value);
        }

        /// <summary>Files are kept under the patterns that mean them, or under what stands before a `*` in them.</summary>
        public IList<string> Find(string pattern)
        {
            Lookups.Add("find " + pattern);
            OnRead(pattern);
            return Files.Keys.Where(f => pattern.EndsWith("*") ? f.StartsWith(pattern.TrimEnd('*'), StringComparison.Ordinal) : f == pattern).ToList();
        }

        byte[] IPolicyFiles.Read(string path)
        {
            Lookups.Add("read " + path);
            return Files[path];
        }

        ServiceState IServices.Read(string name)
        {
            ServiceState state;
            return Installed.TryGetValue(name, out state) ? state : null;
        }

        public void SetStart(string name, string start)
        {
            if (Write("start of " + name + " to " + start))
                Installed[name] = new ServiceState(start, Installed[name].Status);
        }

        public void SetStatus(string name, string status)
        {
            if (Write("status of " + name + " to " + status))
                Installed[name] = new ServiceState(Installed[name].Start, status);
        }

        public IDictionary<string, string> Export()
        {
            Calls.Add("export");
            return new Dictionary<string, string>(Access, StringComparer.OrdinalIgnoreCase);
        }

        public void Configure(IDictionary<string, string> values)
        {
            if (!Write("configure " + String.Join(", ", values.Select(v => v.Key + "=" + v.Value))))
                return;
            foreach (KeyValuePair<string, string> value in values)
                Access[value.Key] = value.Value;
        }

        public string Resolve(string account)
        {
            if (!account.StartsWith("S-1-", StringComparison.Ordinal))
                throw new InvalidOperationException("account " + account + " is unknown");
            return account;
        }

        public IList<string> Members(string set)
        {
            return Sets[set].ToList();
        }

        public void Add(string set, string sid)
        {
            if (Write("add " + sid))
                Sets[set].Add(sid);
        }

        public void Remove(string set, string sid)
        {
            if (Write("remove " + sid))
                Sets[set].Remove(sid);
        }
    }
}
