// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections.Generic;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Security.Principal;
using Ansible.WorkplaceHost;

//AssemblyReference -Type System.Security.Principal.SecurityIdentifier -CLR Core

// Who may do what: user rights through the local security authority, and local groups.
namespace Ansible.WorkplaceAccounts
{
    internal static class SidBytes
    {
        public static byte[] Of(string sid)
        {
            SecurityIdentifier identifier = new SecurityIdentifier(sid);
            byte[] bytes = new byte[identifier.BinaryLength];
            identifier.GetBinaryForm(bytes, 0);
            return bytes;
        }

        /// <summary>The SIDs that a buffer's array of pointers leads to.</summary>
        public static IList<string> Read(IntPtr buffer, int count)
        {
            List<string> sids = new List<string>();
            for (int i = 0; i < count; i++)
                sids.Add(new SecurityIdentifier(Marshal.ReadIntPtr(buffer, i * IntPtr.Size)).Value);
            return sids;
        }
    }

    public sealed class WindowsUserRights : IUserRights, IDisposable
    {
        private const int ViewLocalInformation = 0x1, CreateAccount = 0x10, LookupNames = 0x800;
        private const uint NoMoreEntries = 0x8000001A, NoSuchPrivilege = 0xC0000060;
        private readonly IntPtr policy;

        public WindowsUserRights()
        {
            byte[] attributes = new byte[48];   // LSA_OBJECT_ATTRIBUTES: all zero, Windows uses none of it
            Check(LsaOpenPolicy(IntPtr.Zero, attributes, ViewLocalInformation | CreateAccount | LookupNames, out policy), "LsaOpenPolicy");
        }

        public IList<string> Members(string right)
        {
            IntPtr buffer = IntPtr.Zero;
            int count = 0;
            uint status = 0;
            Named(right, name => status = LsaEnumerateAccountsWithUserRight(policy, ref name, out buffer, out count));
            if (status == NoMoreEntries)
                return new List<string>();
            if (status == NoSuchPrivilege)
                throw new UnsupportedException("this Windows has no user right " + right);
            Check(status, "LsaEnumerateAccountsWithUserRight");
            IList<string> sids = SidBytes.Read(buffer, count);
            LsaFreeMemory(buffer);
            return sids;
        }

        public void Add(string right, string sid)
        {
            Named(right, name => Check(LsaAddAccountRights(policy, SidBytes.Of(sid), ref name, 1), "cannot give " + right + " to " + sid));
        }

        public void Remove(string right, string sid)
        {
            Named(right, name => Check(LsaRemoveAccountRights(policy, SidBytes.Of(sid), false, ref name, 1), "cannot take " + right + " from " + sid));
        }

        public void Dispose()
        {
            LsaClose(policy);
        }

        private static void Named(string text, Action<UnicodeString> call)
        {
            IntPtr buffer = Marshal.StringToHGlobalUni(text);
            try
            {
                call(new UnicodeString((ushort)(2 * text.Length), buffer));
            }
            finally
            {
                Marshal.FreeHGlobal(buffer);
            }
        }

        private static void Check(uint status, string action)
        {
            if (status == 0)
                return;
            int error = LsaNtStatusToWinError(status);
            throw new Win32Exception(error, action + ": " + new Win32Exception(error).Message);
        }

        [StructLayout(LayoutKind.Sequential)]
        private struct UnicodeString
        {
            public ushort Length;
            public ushort MaximumLength;
            public IntPtr Buffer;

            public UnicodeString(ushort length, IntPtr buffer)
            {
                Length = length;
                MaximumLength = (ushort)(length + 2);
                Buffer = buffer;
            }
        }

        [DllImport("advapi32.dll")]
        private static extern uint LsaOpenPolicy(IntPtr system, byte[] attributes, int access, out IntPtr policy);

        [DllImport("advapi32.dll")]
        private static extern uint LsaEnumerateAccountsWithUserRight(IntPtr policy, ref UnicodeString right, out IntPtr buffer, out int count);

        [DllImport("advapi32.dll")]
        private static extern uint LsaAddAccountRights(IntPtr policy, byte[] sid, ref UnicodeString right, int count);

        [DllImport("advapi32.dll")]
        private static extern uint LsaRemoveAccountRights(IntPtr policy, byte[] sid, [MarshalAs(UnmanagedType.U1)] bool all, ref UnicodeString right, int count);

        [DllImport("advapi32.dll")]
        private static extern uint LsaFreeMemory(IntPtr buffer);

        [DllImport("advapi32.dll")]
        private static extern uint LsaClose(IntPtr policy);

        [DllImport("advapi32.dll")]
        private static extern int LsaNtStatusToWinError(uint status);
    }

    public sealed class WindowsLocalGroups : ILocalGroups
    {
        private const int WholeList = -1;

        public string Resolve(string account)
        {
            if (account.StartsWith("S-1-", StringComparison.Ordinal))
                return new SecurityIdentifier(account).Value;
            string name = account.StartsWith(".\\", StringComparison.Ordinal) ? Environment.MachineName + account.Substring(1) : account;
            try
            {
                return ((SecurityIdentifier)new NTAccount(name).Translate(typeof(SecurityIdentifier))).Value;
            }
            catch (IdentityNotMappedException)
            {
                throw new InvalidOperationException("account " + account + " is unknown");
            }
        }

        public IList<string> Members(string group)
        {
            IntPtr buffer, resume = IntPtr.Zero;
            int count, total;
            Check(NetLocalGroupGetMembers(null, NameOf(group), 0, out buffer, WholeList, out count, out total, ref resume), "NetLocalGroupGetMembers");
            IList<string> sids = SidBytes.Read(buffer, count);
            NetApiBufferFree(buffer);
            return sids;
        }

        public void Add(string group, string sid)
        {
            Pinned(sid, entry => Check(NetLocalGroupAddMembers(null, NameOf(group), 0, ref entry, 1), "cannot add " + sid));
        }

        public void Remove(string group, string sid)
        {
            Pinned(sid, entry => Check(NetLocalGroupDelMembers(null, NameOf(group), 0, ref entry, 1), "cannot remove " + sid));
        }

        /// <summary>Windows' own, translated name for a group given as a SID.</summary>
        private static string NameOf(string group)
        {
            if (!group.StartsWith("S-1-", StringComparison.Ordinal))
                return group;
            try
            {
                string name = new SecurityIdentifier(group).Translate(typeof(NTAccount)).Value;
                return name.Substring(name.IndexOf('\\') + 1);
            }
            catch (IdentityNotMappedException)
            {
                throw new InvalidOperationException("local group " + group + " does not exist");
            }
        }

        private static void Pinned(string sid, Action<IntPtr> call)
        {
            GCHandle handle = GCHandle.Alloc(SidBytes.Of(sid), GCHandleType.Pinned);
            try
            {
                call(handle.AddrOfPinnedObject());
            }
            finally
            {
                handle.Free();
            }
        }

        private static void Check(int error, string action)
        {
            if (error != 0)
                throw new Win32Exception(error, action + ": " + new Win32Exception(error).Message);
        }

        // level 0: LOCALGROUP_MEMBERS_INFO_0 is one pointer to a SID

        [DllImport("netapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int NetLocalGroupGetMembers(string server, string group, int level, out IntPtr buffer, int size, out int count,
            out int total, ref IntPtr resume);

        [DllImport("netapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int NetLocalGroupAddMembers(string server, string group, int level, ref IntPtr entries, int count);

        [DllImport("netapi32.dll", CharSet = CharSet.Unicode)]
        private static extern int NetLocalGroupDelMembers(string server, string group, int level, ref IntPtr entries, int count);

        [DllImport("netapi32.dll")]
        private static extern int NetApiBufferFree(IntPtr buffer);
    }
}
