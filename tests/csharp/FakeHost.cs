// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;

namespace Werkplek.Tests
{
    /// <summary>A host in memory that writes down what it is asked to do. What it does not have, nobody may ask for.</summary>
    public sealed class FakeHost : IHost, IRegistry, IServices, ISystemAccess, IUserRights, ILocalGroups
    {
        public readonly List<string> Calls = new List<string>();
        public readonly Dictionary<string, RegistryValue> Values = new Dictionary<string, RegistryValue>();
        public readonly Dictionary<string, ServiceState> Installed = new Dictionary<string, ServiceState>();
        public readonly Dictionary<string, string> Access = new Dictionary<string, string>();
        public readonly Dictionary<string, List<string>> Sets = new Dictionary<string, List<string>>();
        public List<UserHive> Users = new List<UserHive>();

        /// <summary>Called before each write with its description; may throw, or return false to lose the write.</summary>
        public Func<string, bool> OnWrite = call => true;

        public IRegistry Registry { get { return this; } }
        public IServices Services { get { return this; } }
        public ISystemAccess SystemAccess { get { return this; } }
        public IUserRights UserRights { get { return this; } }
        public ILocalGroups LocalGroups { get { return this; } }
        public IAuditPolicy AuditPolicy { get { throw new UnsupportedException("this Windows has no audit policy"); } }

        public void Dispose() { }

        private bool Write(string call)
        {
            Calls.Add(call);
            return OnWrite(call);
        }

        public IList<UserHive> UserHives()
        {
            Calls.Add("list users");
            return Users;
        }

        RegistryValue IRegistry.Read(RegistryPath path, string name)
        {
            RegistryValue value;
            if (name == "denied")
                throw new UnauthorizedAccessException("Access is denied.\r\n");
            return Values.TryGetValue(path + "\\" + name, out value) ? value : null;
        }

        public IDictionary<string, RegistryValue> ReadAll(RegistryPath path)
        {
            string prefix = path + "\\";
            var found = Values.Where(v => v.Key.StartsWith(prefix, StringComparison.Ordinal) && v.Key.IndexOf('\\', prefix.Length) < 0)
                .ToDictionary(v => v.Key.Substring(prefix.Length), v => v.Value);
            return found.Count == 0 ? null : found;
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
            throw new NotSupportedException();
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
