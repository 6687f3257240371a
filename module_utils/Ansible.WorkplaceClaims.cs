// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;

// What others than this engine set on a host, in the form in which a setting can ask whether it is meant.
namespace Ansible.WorkplaceClaims
{
    /// <summary>What a policy does to one registry key.</summary>
    public sealed class KeyClaims
    {
        // null: the value is removed
        private readonly Dictionary<string, RegistryValue> values = new Dictionary<string, RegistryValue>(StringComparer.OrdinalIgnoreCase);
        private bool emptied;

        /// <summary>The whole key is removed, unless it holds something again.</summary>
        public bool Removed { get; private set; }

        /// <summary>The key is there afterwards, whatever was there before.</summary>
        public bool Created { get; private set; }

        public void Create()
        {
            Created = true;
            Removed = false;
        }

        public void Set(string name, RegistryValue value)
        {
            values[name] = value;
            Create();
        }

        public void Remove(string name)
        {
            values[name] = null;
        }

        public void Empty()
        {
            values.Clear();
            emptied = true;
        }

        public void RemoveKey()
        {
            Empty();
            Removed = true;
            Created = false;
        }

        public bool Decides(string name)
        {
            return emptied || values.ContainsKey(name);
        }

        /// <summary>Null when the value is removed.</summary>
        public RegistryValue Value(string name)
        {
            RegistryValue value;
            return values.TryGetValue(name, out value) ? value : null;
        }

        /// <summary>What a key with these values holds once the policy was applied.</summary>
        public IDictionary<string, RegistryValue> ApplyTo(IDictionary<string, RegistryValue> before)
        {
            Dictionary<string, RegistryValue> after = new Dictionary<string, RegistryValue>();
            IEnumerable<KeyValuePair<string, RegistryValue>> kept = emptied ? values : before.Concat(values);
            foreach (KeyValuePair<string, RegistryValue> entry in kept)
                if (entry.Value == null)
                    after.Remove(entry.Key);
                else
                    after[entry.Key] = entry.Value;
            return after;
        }
    }

    /// <summary>Registry keys below one root, without the root, and what a policy does to them.</summary>
    public sealed class RegistryClaims
    {
        private readonly Dictionary<string, KeyClaims> keys = new Dictionary<string, KeyClaims>(StringComparer.OrdinalIgnoreCase);

        public KeyClaims At(string key)
        {
            KeyClaims found;
            if (!keys.TryGetValue(key, out found))
                keys[key] = found = new KeyClaims();
            return found;
        }

        /// <summary>Null when the policy does nothing to the key.</summary>
        public KeyClaims Find(string key)
        {
            KeyClaims found;
            return keys.TryGetValue(key, out found) ? found : null;
        }

        public void RemoveTree(string key)
        {
            foreach (string below in keys.Keys.Where(k => IsBelow(k, key)).ToList())
                keys.Remove(below);
            At(key).RemoveKey();
        }

        /// <summary>True when the policy puts the key there, or one below it.</summary>
        public bool Creates(string key)
        {
            return keys.Any(k => k.Value.Created && (IsBelow(k.Key, key) || String.Equals(k.Key, key, StringComparison.OrdinalIgnoreCase)));
        }

        private static bool IsBelow(string key, string parent)
        {
            return key.StartsWith(parent + "\\", StringComparison.OrdinalIgnoreCase);
        }
    }

    /// <summary>All that one file of a policy, or one MDM policy, sets. Each question is answered null when it says nothing.</summary>
    public sealed class Claims
    {
        /// <summary>Sections of a security template; of services, the entry is the start mode's number.</summary>
        public const string SystemAccess = "System Access", PrivilegeRights = "Privilege Rights", Services = "Service General Setting";

        /// <summary>Who sets it, for example `group policy`, and in which file or by which provider.</summary>
        public readonly string Who, Where;
        public readonly RegistryClaims Registry;
        private readonly Dictionary<string, string> entries = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        private readonly Dictionary<Guid, AuditEvents> subcategories = new Dictionary<Guid, AuditEvents>();
        private readonly string root;

        /// <param name="root">The start of the paths of the registry keys, up to the first that `registry` names.</param>
        public Claims(string who, string where, string root, RegistryClaims registry)
        {
            Who = who;
            Where = where;
            this.root = root;
            Registry = registry;
        }

        public KeyClaims Key(RegistryPath path)
        {
            string key = Relative(path);
            return key == null ? null : Registry.Find(key);
        }

        public bool Creates(RegistryPath path)
        {
            string key = Relative(path);
            return key != null && Registry.Creates(key);
        }

        public void Enter(string section, string key, string value)
        {
            entries[section + "\n" + key] = value;
        }

        public string Entry(string section, string key)
        {
            string value;
            return entries.TryGetValue(section + "\n" + key, out value) ? value : null;
        }

        public void Record(Guid subcategory, AuditEvents events)
        {
            subcategories[subcategory] = events;
        }

        public AuditEvents? Audit(Guid subcategory)
        {
            AuditEvents events;
            return subcategories.TryGetValue(subcategory, out events) ? events : (AuditEvents?)null;
        }

        private string Relative(RegistryPath path)
        {
            string text = path.ToString();
            return text.StartsWith(root, StringComparison.Ordinal) ? text.Substring(root.Length) : null;
        }
    }
}
