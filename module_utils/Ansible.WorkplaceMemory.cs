// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Ansible.WorkplaceHost;

// What a host remembers from one run to the next: which settings come back changed each time they were set.
namespace Ansible.WorkplaceMemory
{
    /// <summary>
    /// One string value for each target, `count digest`: how often it was found changed again, in runs that follow each other,
    /// since it was first set to the wanted value of that digest. Found as wanted, the count starts anew. A target whose count
    /// is 1 and that is found changed once more is given up. Nothing is written then, so that it stays given up.
    /// </summary>
    public sealed class Memory
    {
        /// <summary>Stands in place of the digest of a secret, from which a short secret could be guessed.</summary>
        public const string Secret = "secret";

        private const string Machine = "machine";
        private static readonly RegistryPath Place = new RegistryPath(RegistryHive.LocalMachine, @"SOFTWARE\Werkplek\Enforcement");
        private static readonly Regex Form = new Regex("^([01]) ([0-9a-f]{32}|" + Secret + ")\\z");

        private readonly Dictionary<string, string> known = new Dictionary<string, string>();
        // null: to be deleted
        private readonly Dictionary<string, string> changes = new Dictionary<string, string>();
        private readonly Action<string> warn;
        private bool readable = true, erase;

        private Memory(Action<string> warn)
        {
            this.warn = warn;
        }

        /// <param name="reclaim">Start with an empty memory; what is there goes when this is saved.</param>
        public static Memory Of(IRegistry registry, bool reclaim, Action<string> warn)
        {
            Memory memory = new Memory(warn);
            try
            {
                memory.Load(registry.ReadAll(Place), reclaim);
            }
            catch (Exception e)
            {
                memory.readable = false;
                memory.Warn("read", e);
            }
            return memory;
        }

        /// <summary>The name under which a target is remembered.</summary>
        /// <param name="place">The name of a user's hive, or an empty text for the host itself.</param>
        public static string Target(string place, string setting)
        {
            return (place == "" ? Machine : place) + " " + setting;
        }

        public static string Digest(string wanted)
        {
            using (SHA256 sha = SHA256.Create())
                return BitConverter.ToString(sha.ComputeHash(Encoding.UTF8.GetBytes(wanted)), 0, 16).Replace("-", "").ToLowerInvariant();
        }

        /// <summary>True when a target that is found changed was found so in the run before, too.</summary>
        public bool CameBackTwice(string target, string digest)
        {
            return Known(target) == "1 " + digest;
        }

        /// <summary>The target was set, and read back as wanted.</summary>
        public void Wrote(string target, string digest)
        {
            Put(target, (Known(target) == "0 " + digest ? "1 " : "0 ") + digest);
        }

        /// <summary>The target was found as wanted.</summary>
        public void Found(string target)
        {
            string entry = Known(target);
            if (entry != null)
                Put(target, "0 " + entry.Substring(2));
        }

        public void Forget(string target)
        {
            if (known.ContainsKey(target))
                changes[target] = null;
        }

        /// <summary>Forgets the digest of a value that has become secret since.</summary>
        public void Hide(string target)
        {
            string entry;
            if (!known.TryGetValue(target, out entry) || entry.EndsWith(" " + Secret, StringComparison.Ordinal))
                return;
            known.Remove(target);
            changes[target] = null;
        }

        /// <summary>Writes what has changed. A run in which nothing changed writes nothing.</summary>
        /// <param name="users">The hives that the host has; what others left behind goes. Null when they are not known.</param>
        public void Save(IRegistry registry, IEnumerable<string> users)
        {
            if (!readable)
                return;
            if (users != null && changes.Count > 0)
                ForgetAllBut(users.Concat(new string[] { Machine }));
            try
            {
                if (erase)
                    registry.DeleteKey(Place);
                foreach (KeyValuePair<string, string> change in changes)
                    if (change.Value == null)
                        registry.DeleteValue(Place, change.Key);
                    else
                        registry.Write(Place, change.Key, new RegistryValue(RegistryValueKind.String, change.Value));
            }
            catch (Exception e)
            {
                Warn("write", e);
            }
        }

        private void ForgetAllBut(IEnumerable<string> places)
        {
            foreach (string target in known.Keys.Where(t => !places.Contains(t.Split(' ')[0])))
                changes[target] = null;
        }

        private void Load(IDictionary<string, RegistryValue> values, bool reclaim)
        {
            erase = reclaim && values != null;
            if (values == null || reclaim)
                return;
            foreach (KeyValuePair<string, RegistryValue> value in values)
                known[value.Key] = value.Value.Data as string ?? "";
        }

        /// <summary>Null when the memory holds nothing of the target, or nothing that this version wrote.</summary>
        private string Known(string target)
        {
            string entry;
            return known.TryGetValue(target, out entry) && Form.IsMatch(entry) ? entry : null;
        }

        private void Put(string target, string entry)
        {
            if (Known(target) != entry)
                changes[target] = entry;
        }

        private void Warn(string action, Exception e)
        {
            warn(String.Format("cannot {0} {1}, the memory of settings that come back changed: {2}", action, Place, e.Message.Trim()));
        }
    }
}
