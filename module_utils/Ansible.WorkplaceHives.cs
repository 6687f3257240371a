// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using Ansible.Privilege;
using Ansible.WorkplaceProfiles;

namespace Ansible.WorkplaceHives
{
    /// <summary>This Windows' hives of users. While this lives, no other run loads or unloads any.</summary>
    internal sealed class WindowsHives : IHives
    {
        private const int SharingViolation = 32;
        private static readonly UIntPtr Users = new UIntPtr(0x80000003u);   // HKEY_USERS
        private static readonly string[] Privileges = { "SeBackupPrivilege", "SeRestorePrivilege" };
        private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

        private readonly Mutex only = new Mutex(false, @"Global\WerkplekHives");

        public WindowsHives()
        {
            try
            {
                if (only.WaitOne(Patience))
                    return;
            }
            catch (AbandonedMutexException)   // its run was killed: the hives are this one's now
            {
                return;
            }
            only.Dispose();
            throw new TimeoutException("another run holds the hives of users");
        }

        public IList<string> Loaded()
        {
            using (RegistryKey users = RegistryKey.OpenBaseKey(RegistryHive.Users, RegistryView.Registry64))
                return users.GetSubKeyNames();
        }

        public bool HasFolder(string path)
        {
            return Directory.Exists(Environment.ExpandEnvironmentVariables(path));
        }

        public bool HasFile(string path)
        {
            return File.Exists(Environment.ExpandEnvironmentVariables(path));
        }

        public bool Load(string root, string file)
        {
            string path = Environment.ExpandEnvironmentVariables(file);
            using (new PrivilegeEnabler(true, Privileges))
            {
                int error = RegLoadKeyW(Users, root, path);
                if (error != SharingViolation)
                    Check(error, "cannot load " + path);
                return error == 0;
            }
        }

        public void Unload(string root)
        {
            // a key that was not collected yet keeps the hive in use
            GC.Collect();
            GC.WaitForPendingFinalizers();
            using (new PrivilegeEnabler(true, Privileges))
                Check(RegUnLoadKeyW(Users, root), "cannot unload HKU:\\" + root);
        }

        public void Dispose()
        {
            only.ReleaseMutex();
            only.Dispose();
        }

        private static void Check(int error, string action)
        {
            if (error == 0)
                return;
            string reason = new System.ComponentModel.Win32Exception(error).Message;
            throw new System.ComponentModel.Win32Exception(error, action + ": " + reason);
        }

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int RegLoadKeyW(UIntPtr key, string subKey, string file);

        [DllImport("advapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int RegUnLoadKeyW(UIntPtr key, string subKey);
    }
}
