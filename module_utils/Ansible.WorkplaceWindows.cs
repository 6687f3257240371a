// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Ansible.WorkplaceAccounts;
using Ansible.WorkplaceHives;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceProfiles;
using Ansible.WorkplaceSecurity;
using Ansible.WorkplaceServices;
using Ansible.WorkplaceStores;
using Ansible.WorkplaceWlan;

// This Windows: its registry, and the host that gathers all adapters.
namespace Ansible.WorkplaceWindows
{
    public sealed class WindowsHost : IHost
    {
        private readonly WindowsRegistry registry = new WindowsRegistry(() => new WindowsHives());
        private readonly Lazy<WindowsUserRights> userRights = new Lazy<WindowsUserRights>();
        private readonly Lazy<WindowsWifi> wifi = new Lazy<WindowsWifi>();

        public IRegistry Registry { get { return registry; } }
        public IServices Services { get { return new WindowsServices(); } }
        public IUserRights UserRights { get { return userRights.Value; } }
        public ISystemAccess SystemAccess { get { return new Secedit(); } }
        public IAuditPolicy AuditPolicy { get { return new WindowsAuditPolicy(); } }
        public ILocalGroups LocalGroups { get { return new WindowsLocalGroups(); } }
        public IPolicyFiles PolicyFiles { get { return new WindowsPolicyFiles(); } }

        public ICertificates Certificates { get { return new WindowsCertificates(); } }
        public IWifi Wifi { get { return wifi.Value; } }

        public void Dispose()
        {
            try
            {
                if (userRights.IsValueCreated)
                    userRights.Value.Dispose();
                if (wifi.IsValueCreated)
                    wifi.Value.Dispose();
            }
            finally
            {
                registry.Dispose();
            }
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
        private readonly Dictionary<RegistryHive, RegistryKey> roots = new Dictionary<RegistryHive, RegistryKey>();
        private readonly ProfileHives profiles;

        public WindowsRegistry(Func<IHives> hives)
        {
            profiles = new ProfileHives(this, hives);
        }

        public IList<UserHive> UserHives()
        {
            return profiles.Users();
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
            profiles.Dispose();
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
}
