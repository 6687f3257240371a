// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text;
using Ansible.WorkplaceHost;

namespace Ansible.WorkplaceWlan
{
    /// <summary>This Windows' wireless networks (wlanapi.dll).</summary>
    internal sealed class WindowsWifi : IWifi, IDisposable
    {
        private const uint Version = 2, PlaintextKey = 4, AllUsers = 0;
        private const int NotActive = 1062, NotFound = 1168, Header = 8, InterfaceSize = 532;
        private static readonly IntPtr None = IntPtr.Zero;
        private IntPtr client = None;

        public IList<string> Read(string name)
        {
            return Interfaces().Select(i => Read(i, name)).ToList();
        }

        public void Write(string xml)
        {
            foreach (Guid found in Interfaces())
            {
                Guid wireless = found;
                uint reason;
                int error = WlanSetProfile(client, ref wireless, AllUsers, xml, null, true, None, out reason);
                if (error != 0)
                    throw new Win32Exception(error, "cannot set the profile: " + new Win32Exception(error).Message + Reason(reason));
            }
        }

        public void Delete(string name)
        {
            foreach (Guid found in Interfaces())
            {
                Guid wireless = found;
                int error = WlanDeleteProfile(client, ref wireless, name, None);
                if (error != NotFound)
                    Check(error, "cannot delete the profile");
            }
        }

        public void Dispose()
        {
            if (client != None)
                Check(WlanCloseHandle(client, None), "cannot close the wireless service's handle");
        }

        private void Open()
        {
            if (client != None)
                return;
            uint version;
            int error;
            try
            {
                error = WlanOpenHandle(Version, None, out version, out client);
            }
            catch (DllNotFoundException)   // a server without the feature
            {
                throw new MissingPartException("this Windows has no wireless networking");
            }
            if (error == NotActive)
                throw new MissingPartException("the wireless service (WlanSvc) is not running");
            Check(error, "cannot reach the wireless service");
        }

        private IList<Guid> Interfaces()
        {
            Open();
            IntPtr list;
            Check(WlanEnumInterfaces(client, None, out list), "cannot list wireless interfaces");
            try
            {
                // WLAN_INTERFACE_INFO_LIST: a count, an index, and items that each begin with a GUID
                int count = Marshal.ReadInt32(list);
                if (count == 0)
                    throw new MissingPartException("this host has no wireless interface");
                return Enumerable.Range(0, count).Select(i => Marshal.PtrToStructure(Plus(list, Header + i * InterfaceSize), typeof(Guid)))
                    .Cast<Guid>().ToList();
            }
            finally
            {
                WlanFreeMemory(list);
            }
        }

        private string Read(Guid wireless, string name)
        {
            IntPtr xml;
            uint flags = PlaintextKey, access;
            int error = WlanGetProfile(client, ref wireless, name, None, out xml, ref flags, out access);
            if (error == NotFound)
                return null;
            Check(error, "cannot read the profile");
            try
            {
                return Marshal.PtrToStringUni(xml);
            }
            finally
            {
                WlanFreeMemory(xml);
            }
        }

        private static IntPtr Plus(IntPtr start, int offset)
        {
            return new IntPtr(start.ToInt64() + offset);
        }

        private static string Reason(uint code)
        {
            StringBuilder text = new StringBuilder(1024);
            return code != 0 && WlanReasonCodeToString(code, (uint)text.Capacity, text, None) == 0 ? " (" + text + ")" : "";
        }

        private static void Check(int error, string action)
        {
            if (error != 0)
                throw new Win32Exception(error, action + ": " + new Win32Exception(error).Message);
        }

        [DllImport("wlanapi.dll")]
        private static extern int WlanOpenHandle(uint version, IntPtr reserved, out uint negotiated, out IntPtr client);

        [DllImport("wlanapi.dll")]
        private static extern int WlanCloseHandle(IntPtr client, IntPtr reserved);

        [DllImport("wlanapi.dll")]
        private static extern int WlanEnumInterfaces(IntPtr client, IntPtr reserved, out IntPtr list);

        [DllImport("wlanapi.dll", CharSet = CharSet.Unicode)]
        private static extern int WlanGetProfile(IntPtr client, ref Guid wireless, string name, IntPtr reserved, out IntPtr xml,
            ref uint flags, out uint access);

        [DllImport("wlanapi.dll", CharSet = CharSet.Unicode)]
        private static extern int WlanSetProfile(IntPtr client, ref Guid wireless, uint flags, string xml, string security,
            [MarshalAs(UnmanagedType.Bool)] bool overwrite, IntPtr reserved, out uint reason);

        [DllImport("wlanapi.dll", CharSet = CharSet.Unicode)]
        private static extern int WlanDeleteProfile(IntPtr client, ref Guid wireless, string name, IntPtr reserved);

        [DllImport("wlanapi.dll", CharSet = CharSet.Unicode)]
        private static extern int WlanReasonCodeToString(uint code, uint size, StringBuilder text, IntPtr reserved);

        [DllImport("wlanapi.dll")]
        private static extern void WlanFreeMemory(IntPtr memory);
    }
}
