// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;
using Ansible.Privilege;
using Ansible.WorkplaceAccounts;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceSecurity;
using Ansible.WorkplaceServices;

// This Windows: its registry, and the host that gathers all adapters.
namespace Ansible.WorkplaceWindows
{
    public sealed class WindowsHost : IHost
    {
        private readonly WindowsRegistry registry = new WindowsRegistry();
        private readonly Lazy<WindowsUserRights> userRights = new Lazy<WindowsUserRights>();

        public IRegistry Registry { get { return registry; } }
        public IServices Services { get { return new WindowsServices(); } }
        public IUserRights UserRights { get { return userRights.Value; } }
        public ISystemAccess SystemAccess { get { return new Secedit(); } }
        public IAuditPolicy AuditPolicy { get { return new WindowsAuditPolicy(); } }
        public ILocalGroups LocalGroups { get { return new WindowsLocalGroups(); } }
        public IPolicyFiles PolicyFiles { get { return new WindowsPolicyFiles(); } }

        public void Dispose()
        {
            if (userRights.IsValueCreated)
                userRights.Value.Dispose();
            registry.Dispose();
        }
    }

    public sealed class WindowsPolicyFiles : IPolicyFiles
    {
        public IList<string> Find(string pattern)
        {
            string path = Environment.ExpandEnvironmentVariables(pattern);
            string folder = Path.GetDirectoryName(path);
            return Directory.Exists(folder) ? Directory.GetFiles(folder, Path.GetFileName(path)) : new string[0];
        }

        public byte[] Read(string path)
        {
            return File.ReadAllBytes(path);
        }
    }

    /// <summary>The registry's 64-bit view, whatever the process is.</summary>
    public class WindowsRegistry : IRegistry, IDisposable
    {
        // local and domain accounts, and accounts of Entra ID; not services, not the _Classes hives
        private static readonly Regex UserSid = new Regex(@"^S-1-(5-21|12-1)(-\d+)+$", RegexOptions.IgnoreCase);

        private readonly Dictionary<RegistryHive, RegistryKey> roots = new Dictionary<RegistryHive, RegistryKey>();
        private DefaultProfile defaultProfile;

        public virtual IList<UserHive> UserHives()
        {
            List<UserHive> hives = Root(RegistryHive.Users).GetSubKeyNames().Where(n => UserSid.IsMatch(n))
                .Select(n => new UserHive(n, n)).ToList();
            try
            {
                if (defaultProfile == null)
                    defaultProfile = new DefaultProfile();
                hives.Add(new UserHive("default", DefaultProfile.Root));
            }
            catch (Exception e)   // the loaded hives can still be set
            {
                hives.Add(new UserHive("default", DefaultProfile.Root, e.Message));
            }
            return hives;
        }

        public RegistryValue Read(RegistryPath path, string name)
        {
            using (RegistryKey key = Open(path))
                return key == null ? null : ReadValue(key, ActualName(key, name));
        }

        public IDictionary<string, RegistryValue> ReadAll(RegistryPath path)
        {
            using (RegistryKey key = Open(path))
                return key == null ? null : key.GetValueNames().ToDictionary(n => n, n => ReadValue(key, n), StringComparer.OrdinalIgnoreCase);
        }

        public IList<string> SubKeys(RegistryPath path)
        {
            using (RegistryKey key = Open(path))
                return key == null ? new string[0] : key.GetSubKeyNames();
        }

        public void Write(RegistryPath path, string name, RegistryValue value)
        {
            using (RegistryKey key = Root(path.Hive).CreateSubKey(path.SubKey))
                SetValue(key, ActualName(key, name), value);
        }

        public void DeleteValue(RegistryPath path, string name)
        {
            using (RegistryKey key = Root(path.Hive).OpenSubKey(path.SubKey, true))
                if (key != null)
                    key.DeleteValue(ActualName(key, name), false);
        }

        public void CreateKey(RegistryPath path)
        {
            Root(path.Hive).CreateSubKey(path.SubKey).Dispose();
        }

        public void DeleteKey(RegistryPath path)
        {
            Root(path.Hive).DeleteSubKeyTree(path.SubKey, false);
        }

        public void Dispose()
        {
            foreach (RegistryKey root in roots.Values)
                root.Dispose();
            if (defaultProfile != null)
                defaultProfile.Dispose();
        }

        /// <summary>The name under which the key holds a value; Windows itself does not tell case apart.</summary>
        protected virtual string ActualName(RegistryKey key, string name)
        {
            return name;
        }

        protected virtual RegistryValue ReadValue(RegistryKey key, string name)
        {
            object data = key.GetValue(name, null, RegistryValueOptions.DoNotExpandEnvironmentNames);
            return data == null ? null : new RegistryValue(key.GetValueKind(name), data);
        }

        protected virtual void SetValue(RegistryKey key, string name, RegistryValue value)
        {
            key.SetValue(name, value.Data, value.Kind);
        }

        private RegistryKey Open(RegistryPath path)
        {
            return Root(path.Hive).OpenSubKey(path.SubKey, false);
        }

        private RegistryKey Root(RegistryHive hive)
        {
            RegistryKey root;
            if (!roots.TryGetValue(hive, out root))
                roots[hive] = root = RegistryKey.OpenBaseKey(hive, RegistryView.Registry64);
            return root;
        }
    }

    /// <summary>The hive that new users' profiles start from, loaded below HKEY_USERS while this lives.</summary>
    internal sealed class DefaultProfile : IDisposable
    {
        private static readonly UIntPtr Users = new UIntPtr(0x80000003u);   // HKEY_USERS
        private static readonly string[] Privileges = { "SeBackupPrivilege", "SeRestorePrivilege" };

        public static readonly string Root = "WerkplekDefault" + Process.GetCurrentProcess().Id;

        public DefaultProfile()
        {
            string file = Path.Combine(ProfileFolder(), "NTUSER.DAT");
            using (new PrivilegeEnabler(true, Privileges))
                Check(RegLoadKeyW(Users, Root, file), "cannot load " + file);
        }

        public void Dispose()
        {
            // a key that was not collected yet keeps the hive in use
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using (new PrivilegeEnabler(true, Privileges))
                Check(RegUnLoadKeyW(Users, Root), "cannot unload the default profile's hive");
        }

        private static string ProfileFolder()
        {
            const string list = @"SOFTWARE\Microsoft\Windows NT\CurrentVersion\ProfileList";
            using (RegistryKey root = RegistryKey.OpenBaseKey(RegistryHive.LocalMachine, RegistryView.Registry64))
            using (RegistryKey key = root.OpenSubKey(list))
                return (string)key.GetValue("Default");
        }

        private static void Check(int error, string action)
        {
            if (error != 0)
                throw new System.ComponentModel.Win32Exception(error, action + ": " + new System.ComponentModel.Win32Exception(error).Message);
        }

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int RegLoadKeyW(UIntPtr key, string subKey, string file);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int RegUnLoadKeyW(UIntPtr key, string subKey);
    }
}
