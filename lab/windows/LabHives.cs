// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceFields;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplaceProfiles;

namespace Werkplek.Lab
{
    /// <summary>
    /// Users and their hives. Section `users` of the state: SID to `signed_in`, `folder` (may be null) and `hive`, which is
    /// free, in_use, mandatory or missing. Section `hives`: the name of a hive that a run loaded to its user's SID or `default`.
    /// mono's registry keeps every hive below HKEY_USERS under its user's SID, signed in or not.
    /// </summary>
    public sealed class LabHives : LabPart, IHives
    {
        public const string Default = "default";
        public static readonly string[] Forms = { "free", "in_use", "mandatory", "missing" };
        private const string DefaultFolder = @"C:\Users\Default";

        public LabHives(LabState state, LabFaults faults) : base(state, faults, "hives", "hive") { }

        public IList<string> Loaded()
        {
            IEnumerable<string> signedIn = State.Section("users").Keys.Where(s => Is(s, "signed_in", true));
            return new string[] { ".DEFAULT", "S-1-5-18" }.Concat(signedIn).Concat(signedIn.Select(s => s + "_Classes"))
                .Concat(State.Section("hives").Keys).ToList();
        }

        public bool HasFolder(string path)
        {
            return Owner(path) != null;
        }

        public bool HasFile(string path)
        {
            string owner = Owner(Folder(path));
            if (owner == null || Is(owner, "hive", "missing"))
                return false;
            return path.EndsWith(@"\NTUSER.MAN", StringComparison.OrdinalIgnoreCase) == Is(owner, "hive", "mandatory");
        }

        public bool Load(string root, string file)
        {
            string owner = Owner(Folder(file));
            Faults.Reading("hive " + owner);
            if (!HasFile(file))
                throw new InvalidOperationException("cannot load " + file + ": there is no such file");
            if (Is(owner, "hive", "in_use") || Is(owner, "signed_in", true) || State.Section("hives").Values.Contains(owner))
                return false;
            State.Set("hives", root, owner);
            return true;
        }

        public void Unload(string root)
        {
            string key = State.KeyOf("hives", root);
            if (key == null)
                throw new InvalidOperationException("HKU:\\" + root + " is not loaded");
            if (Faults.Writing("hive " + State.Section("hives")[key]))
                State.Remove("hives", key);
        }

        public void Dispose() { }

        /// <summary>Where mono keeps what Windows has at a path.</summary>
        public RegistryPath Place(RegistryPath path)
        {
            if (path.Hive != RegistryHive.Users)
                return path;
            string root = path.SubKey.Split('\\')[0], key = State.KeyOf("hives", root);
            string owner = key != null ? (string)State.Section("hives")[key] : Is(root, "signed_in", true) ? root : null;
            if (owner == null)
                throw new InvalidOperationException("HKU:\\" + root + " is not loaded");
            return new RegistryPath(path.Hive, owner + path.SubKey.Substring(root.Length));
        }

        /// <summary>The edit of kind `user`.</summary>
        public static void SetUser(LabState state, Session session, Fields fields)
        {
            string sid = fields.Text("sid", @"S-1-(5-21|12-1)(-\d+)+", "a user's SID");
            if (fields.Choice("state", "present", "present", "absent") == "absent")
            {
                state.Remove("users", sid);
                return;
            }
            string key = state.KeyOf("users", sid);
            object folder = key == null ? null : ((IDictionary<string, object>)state.Section("users")[key])["folder"];
            if (fields.Has("folder"))
            {
                folder = fields.Text("folder", @"([A-Z]:|\\)\\.+", "a path");
                session.Host.Registry.Write(new RegistryPath(RegistryHive.LocalMachine, LabPolicies.Profiles + sid), "ProfileImagePath",
                    new RegistryValue(RegistryValueKind.ExpandString, folder));
            }
            bool signedIn = !fields.Has("signed_in") || fields.Flag("signed_in");
            string hive = fields.Choice("hive", "free", Forms);
            state.Set("users", sid, new Dictionary<string, object> { { "signed_in", signedIn }, { "folder", folder }, { "hive", hive } });
        }

        private static string Folder(string file)
        {
            return file.Substring(0, file.LastIndexOf('\\'));
        }

        /// <summary>Whose profile a folder is, a SID or `default`; null when there is no such folder.</summary>
        private string Owner(string folder)
        {
            if (String.Equals(folder, DefaultFolder, StringComparison.OrdinalIgnoreCase))
                return Default;
            return State.Section("users").Keys.FirstOrDefault(s => Is(s, "folder", folder));
        }

        private bool Is(string sid, string field, object value)
        {
            string key = State.KeyOf("users", sid);
            return key != null && value.Equals(((IDictionary<string, object>)State.Section("users")[key])[field]);
        }
    }
}
