// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

// A Windows host that is a folder: mono's registry for the registry, state.json for the rest.
namespace Werkplek.Lab
{
    public sealed class LabHost : IHost
    {
        private readonly LabState state;
        private readonly LabRegistry registry;

        public LabHost(LabState state, LabFaults faults)
        {
            this.state = state;
            LabHives hives = new LabHives(state, faults);
            registry = new LabRegistry(state, hives);
            Registry = new FaultyRegistry(registry, faults, hives);
            Services = new LabServices(state, faults);
            UserRights = new LabUserRights(state, faults);
            SystemAccess = new LabSystemAccess(state, faults);
            AuditPolicy = new LabAuditPolicy(state, faults);
            LocalGroups = new LabLocalGroups(state, faults);
            PolicyFiles = new LabPolicyFiles(state, faults);
            Certificates = new LabCertificates(state, faults);
            Wifi = new LabWifi(state, faults);
        }

        public IRegistry Registry { get; private set; }
        public IServices Services { get; private set; }
        public IUserRights UserRights { get; private set; }
        public ISystemAccess SystemAccess { get; private set; }
        public IAuditPolicy AuditPolicy { get; private set; }
        public ILocalGroups LocalGroups { get; private set; }
        public IPolicyFiles PolicyFiles { get; private set; }
        public ICertificates Certificates { get; private set; }
        public IWifi Wifi { get; private set; }

        public void Dispose()
        {
            try
            {
                registry.Dispose();
            }
            finally
            {
                state.Save();
            }
        }
    }

    /// <summary>One section of the state, behind its faults.</summary>
    public abstract class LabPart
    {
        protected readonly LabState State;
        protected readonly LabFaults Faults;
        private readonly string section, label;

        protected LabPart(LabState state, LabFaults faults, string section, string label)
        {
            State = state;
            Faults = faults;
            this.section = section;
            this.label = label;
        }

        /// <summary>Null when the section does not hold the name.</summary>
        protected object Get(string name)
        {
            Faults.Reading(label + " " + name);
            string key = State.KeyOf(section, name);
            return key == null ? null : State.Section(section)[key];
        }

        protected void Put(string name, object value)
        {
            if (Faults.Writing(label + " " + name))
                State.Set(section, name, value);
        }

        protected void Drop(string name)
        {
            if (Faults.Writing(label + " " + name))
                State.Remove(section, name);
        }

        protected static string[] Texts(object list)
        {
            return ((IList)list).Cast<string>().ToArray();
        }
    }

    public sealed class LabServices : LabPart, IServices
    {
        public LabServices(LabState state, LabFaults faults) : base(state, faults, "services", "service") { }

        public ServiceState Read(string name)
        {
            IDictionary<string, object> found = (IDictionary<string, object>)Get(name);
            return found == null ? null : new ServiceState((string)found["start"], (string)found["status"]);
        }

        public void SetStart(string name, string start)
        {
            Put(name, start, Read(name).Status);
        }

        public void SetStatus(string name, string status)
        {
            ServiceState now = Read(name);
            if (status == "running" && now.Start == "disabled")
                throw new InvalidOperationException("service " + name + " is disabled");
            Put(name, now.Start, status);
        }

        private void Put(string name, string start, string status)
        {
            Put(name, new Dictionary<string, object> { { "start", start }, { "status", status } });
        }
    }

    public sealed class LabUserRights : LabPart, IUserRights
    {
        public LabUserRights(LabState state, LabFaults faults) : base(state, faults, "user_rights", "user right") { }

        public IList<string> Members(string right)
        {
            object members = Get(right);
            if (members == null)
                throw new UnsupportedException("this Windows has no user right " + right);
            return Texts(members);
        }

        public void Add(string right, string sid)
        {
            Put(right, Members(right).Union(new string[] { sid }).ToArray());
        }

        public void Remove(string right, string sid)
        {
            Put(right, Members(right).Except(new string[] { sid }).ToArray());
        }
    }

    public sealed class LabSystemAccess : LabPart, ISystemAccess
    {
        public LabSystemAccess(LabState state, LabFaults faults) : base(state, faults, "system_access", "System Access") { }

        public IDictionary<string, string> Export()
        {
            Faults.Reading("System Access");
            return State.Section("system_access").ToDictionary(e => e.Key, e => (string)e.Value, StringComparer.OrdinalIgnoreCase);
        }

        public void Configure(IDictionary<string, string> values)
        {
            foreach (KeyValuePair<string, string> value in values)
                Put(value.Key, value.Value);
        }
    }

    public sealed class LabAuditPolicy : LabPart, IAuditPolicy
    {
        public LabAuditPolicy(LabState state, LabFaults faults) : base(state, faults, "audit", "audit") { }

        public AuditEvents Read(Guid subcategory)
        {
            object events = Get(subcategory.ToString("B"));
            if (events == null)
                throw new UnsupportedException("this Windows has no audit subcategory " + subcategory.ToString("B"));
            return (AuditEvents)Enum.Parse(typeof(AuditEvents), (string)events, true);
        }

        public void Write(Guid subcategory, AuditEvents events)
        {
            Put(subcategory.ToString("B"), AuditItem.Show(events));
        }
    }

    public sealed class LabLocalGroups : LabPart, ILocalGroups
    {
        public LabLocalGroups(LabState state, LabFaults faults) : base(state, faults, "local_groups", "local group") { }

        public string Resolve(string account)
        {
            if (account.StartsWith("S-1-", StringComparison.Ordinal))
                return account;
            string name = account.Substring(account.LastIndexOf('\\') + 1);
            string key = State.KeyOf("accounts", name);
            if (key == null)
                throw new InvalidOperationException("account " + account + " is unknown");
            return (string)State.Section("accounts")[key];
        }

        public IList<string> Members(string group)
        {
            return Texts(Find(group).Value["members"]);
        }

        public void Add(string group, string sid)
        {
            PutMembers(group, Members(group).Union(new string[] { sid }));
        }

        public void Remove(string group, string sid)
        {
            PutMembers(group, Members(group).Except(new string[] { sid }));
        }

        private void PutMembers(string group, IEnumerable<string> members)
        {
            KeyValuePair<string, IDictionary<string, object>> found = Find(group);
            Put(found.Key, new Dictionary<string, object> { { "name", found.Value["name"] }, { "members", members.ToArray() } });
        }

        /// <summary>A group by its SID or its translated name.</summary>
        private KeyValuePair<string, IDictionary<string, object>> Find(string group)
        {
            foreach (KeyValuePair<string, object> entry in State.Section("local_groups"))
            {
                IDictionary<string, object> found = (IDictionary<string, object>)entry.Value;
                if (!String.Equals(entry.Key, group, StringComparison.Ordinal)
                    && !String.Equals((string)found["name"], group, StringComparison.OrdinalIgnoreCase))
                    continue;
                Faults.Reading("local group " + entry.Key);
                return new KeyValuePair<string, IDictionary<string, object>>(entry.Key, found);
            }
            throw new InvalidOperationException("local group " + group + " does not exist");
        }
    }
}
