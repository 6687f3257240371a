// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.RegularExpressions;
using Ansible.WorkplaceHost;

// Which users a host has, and how each one's hive is reached.
namespace Ansible.WorkplaceProfiles
{
    /// <summary>What reaching hives needs of an operating system. Paths may hold environment variables.</summary>
    public interface IHives : IDisposable
    {
        /// <summary>Names of the keys below HKEY_USERS.</summary>
        IList<string> Loaded();

        bool HasFolder(string path);
        bool HasFile(string path);

        /// <summary>Loads a file below HKEY_USERS; false when the file is in use.</summary>
        bool Load(string root, string file);

        void Unload(string root);
    }

    /// <summary>
    /// The hives of a host's users and of its default profile. Those that are not loaded are, from the first question for
    /// them until this is disposed of.
    /// </summary>
    public sealed class ProfileHives : IDisposable
    {
        /// <summary>The names of hives that a run loads begin with this.</summary>
        public const string Prefix = "Werkplek";

        private const string Default = "default", InUse = "NTUSER.DAT is in use";
        private const int TemporaryProfile = 0x800;   // a bit of an entry's State
        // local and domain accounts, and accounts of Entra ID; not services, not the _Classes hives, not .bak
        private static readonly Regex Person = new Regex(@"^S-1-(5-21|12-1)(-\d+)+\z", RegexOptions.IgnoreCase);
        private static readonly RegistryPath List =
            new RegistryPath(RegistryHive.LocalMachine, @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList");

        private readonly IRegistry registry;
        private readonly Lazy<IHives> hives;
        private readonly List<string> loaded = new List<string>();
        private IList<UserHive> users;

        public ProfileHives(IRegistry registry, Func<IHives> open)
        {
            this.registry = registry;
            hives = new Lazy<IHives>(open);
        }

        /// <summary>Every user's hive in the order of their SIDs, and the default profile's.</summary>
        public IList<UserHive> Users()
        {
            return users ?? (users = FindUsers());
        }

        private IList<UserHive> FindUsers()
        {
            HashSet<string> there = new HashSet<string>(hives.Value.Loaded(), StringComparer.OrdinalIgnoreCase);
            foreach (string leftover in there.Where(n => n.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)).ToList())
                if (Unloaded(leftover))
                    there.Remove(leftover);
            List<UserHive> found = there.Where(n => Person.IsMatch(n)).Select(n => new UserHive(n, n)).ToList();
            IEnumerable<string> entries = registry.SubKeys(List).Select(n => n.ToUpperInvariant());   // as a loaded hive has it
            foreach (string sid in entries.Where(n => Person.IsMatch(n) && !there.Contains(n)))
            {
                RegistryPath entry = new RegistryPath(List.Hive, List.SubKey + "\\" + sid);
                string folder = Folder(entry, "ProfileImagePath");
                if (folder != null && (IsShare(folder) || hives.Value.HasFolder(folder)))
                    found.Add(SignedOut(sid, folder, Obstacle(entry, folder), there));
            }
            found.Sort((a, b) => String.CompareOrdinal(a.Name, b.Name));
            found.Add(Open(Default, Folder(List, "Default"), there));
            return found;
        }

        /// <summary>False for what a run that was killed left loaded, and cannot be let go of yet: its file is in use.</summary>
        private bool Unloaded(string leftover)
        {
            try
            {
                hives.Value.Unload(leftover);
                return true;
            }
            catch (Exception)
            {
                return false;
            }
        }

        /// <summary>Why a hive cannot be loaded, or must not be; null when it can.</summary>
        private string Obstacle(RegistryPath entry, string folder)
        {
            RegistryValue state = registry.Read(entry, "State");
            if (state != null && state.Data is int && ((int)state.Data & TemporaryProfile) != 0)
                return "the profile is temporary";
            if (IsShare(folder))
                return "the profile is on a network share";
            // of two copies Windows takes the one whose NTUSER.DAT was written last (Microsoft KB 146192): what the user
            // has changed on another machine would be lost
            if (Folder(entry, "CentralProfile") != null)
                return "the profile is roaming";
            if (hives.Value.HasFile(folder + @"\NTUSER.MAN"))
                return "the profile is mandatory (NTUSER.MAN)";
            return hives.Value.HasFile(folder + @"\NTUSER.DAT") ? null : "the profile has no NTUSER.DAT";
        }

        private UserHive SignedOut(string sid, string folder, string obstacle, ICollection<string> there)
        {
            UserHive hive = obstacle == null ? Open(sid, folder, there) : new UserHive(sid, Root(sid), obstacle, true);
            if (!hive.Unreachable)
                return hive;
            const string message = "the user of {0} is not reached: {1}; the setting follows when this user is signed in during a run";
            return new UserHive(sid, hive.Root, String.Format(message, folder, hive.Error), true);
        }

        private UserHive Open(string name, string folder, ICollection<string> there)
        {
            string root = Root(name);
            if (folder == null)
                return new UserHive(name, root, "the registry names no folder of this profile");
            try
            {
                if (there.Contains(root) || !hives.Value.Load(root, folder + @"\NTUSER.DAT"))
                    return new UserHive(name, root, InUse, name != Default);
                loaded.Add(root);
                return new UserHive(name, root);
            }
            catch (Exception e)   // the others can still be set
            {
                return new UserHive(name, root, e.Message);
            }
        }

        private static string Root(string name)
        {
            return Prefix + name;
        }

        private static bool IsShare(string folder)
        {
            return folder.StartsWith(@"\\", StringComparison.Ordinal);
        }

        /// <summary>Null when the entry names none.</summary>
        private string Folder(RegistryPath entry, string name)
        {
            RegistryValue value = registry.Read(entry, name);
            string folder = value == null ? null : value.Data as string;
            return String.IsNullOrEmpty(folder) ? null : folder.TrimEnd('\\');
        }

        /// <summary>Lets go of every hive that was loaded, whatever becomes of the others.</summary>
        public void Dispose()
        {
            if (!hives.IsValueCreated)
                return;
            List<string> problems = new List<string>();
            foreach (string root in loaded)
                try
                {
                    hives.Value.Unload(root);
                }
                catch (Exception e)
                {
                    problems.Add(e.Message);
                }
            loaded.Clear();
            hives.Value.Dispose();
            if (problems.Count > 0)
                throw new InvalidOperationException(String.Join("; ", problems));
        }
    }
}
