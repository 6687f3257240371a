// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;

//AssemblyReference -Type Microsoft.Win32.Registry -CLR Core

// What the engine needs from an operating system. Everything that touches Windows sits behind these interfaces, so
// that the rules above them run, and are tested, anywhere.
namespace Ansible.WorkplaceHost
{
    /// <summary>This Windows does not have what a setting governs, for example a newer audit subcategory.</summary>
    public class UnsupportedException : Exception
    {
        public UnsupportedException(string message) : base(message) { }
    }

    /// <summary>A part of Windows that a whole kind of settings needs. The text names no value: it may be shown of a secret.</summary>
    public sealed class MissingPartException : UnsupportedException
    {
        public MissingPartException(string message) : base(message) { }
    }

    /// <summary>A registry value: `Data` is int, long, string, string[] or byte[], as Microsoft.Win32 reads it.</summary>
    public sealed class RegistryValue
    {
        public readonly RegistryValueKind Kind;
        public readonly object Data;

        public RegistryValue(RegistryValueKind kind, object data)
        {
            Kind = kind;
            Data = data;
        }
    }

    /// <summary>A key below a hive, always in the 64-bit view. CurrentUser stands for every user's hive.</summary>
    public sealed class RegistryPath
    {
        public readonly RegistryHive Hive;
        public readonly string SubKey;

        public RegistryPath(RegistryHive hive, string subKey)
        {
            Hive = hive;
            SubKey = subKey;
        }

        public RegistryPath In(UserHive user)
        {
            return new RegistryPath(RegistryHive.Users, user.Root + "\\" + SubKey);
        }

        public override string ToString()
        {
            string hive = Hive == RegistryHive.LocalMachine ? "HKLM" : Hive == RegistryHive.Users ? "HKU" : "HKCU";
            return hive + ":\\" + SubKey;
        }
    }

    /// <summary>One user's hive: `Name` is a SID or `default`, `Root` its key below HKEY_USERS.</summary>
    public sealed class UserHive
    {
        public readonly string Name;
        public readonly string Root;
        /// <summary>Why the hive cannot be opened, or null.</summary>
        public readonly string Error;

        /// <summary>It cannot be opened for as long as its user is not signed in: nothing has failed.</summary>
        public readonly bool Unreachable;

        public UserHive(string name, string root, string error = null, bool unreachable = false)
        {
            Name = name;
            Root = root;
            Error = error;
            Unreachable = unreachable;
        }
    }

    public interface IRegistry
    {
        /// <summary>Every user's hive and the default profile's.</summary>
        IList<UserHive> UserHives();

        /// <summary>Null when the key or the value is absent.</summary>
        RegistryValue Read(RegistryPath path, string name);

        /// <summary>All values of a key by name, or null when the key is absent.</summary>
        IDictionary<string, RegistryValue> ReadAll(RegistryPath path);

        /// <summary>Names of the keys in a key; none when the key is absent.</summary>
        IList<string> SubKeys(RegistryPath path);

        void Write(RegistryPath path, string name, RegistryValue value);
        void DeleteValue(RegistryPath path, string name);
        void CreateKey(RegistryPath path);
        void DeleteKey(RegistryPath path);
    }

    /// <summary>`Start`: automatic, delayed, manual, disabled, boot or system. `Status`: running, stopped or paused.</summary>
    public sealed class ServiceState
    {
        public readonly string Start;
        public readonly string Status;

        public ServiceState(string start, string status)
        {
            Start = start;
            Status = status;
        }
    }

    public interface IServices
    {
        /// <summary>Null when the service is not installed.</summary>
        ServiceState Read(string name);

        void SetStart(string name, string start);
        void SetStatus(string name, string status);
    }

    public interface IUserRights
    {
        /// <summary>SIDs of the accounts that hold the right.</summary>
        IList<string> Members(string right);

        void Add(string right, string sid);
        void Remove(string right, string sid);
    }

    /// <summary>The System Access section of the local security policy, as secedit writes it.</summary>
    public interface ISystemAccess
    {
        IDictionary<string, string> Export();
        void Configure(IDictionary<string, string> values);
    }

    [Flags]
    public enum AuditEvents
    {
        None = 0,
        Success = 1,
        Failure = 2,
    }

    public interface IAuditPolicy
    {
        AuditEvents Read(Guid subcategory);
        void Write(Guid subcategory, AuditEvents events);
    }

    public interface ILocalGroups
    {
        /// <summary>The SID of an account name; a SID is returned as it is.</summary>
        string Resolve(string account);

        /// <summary>SIDs of a group's members; the group is a SID or a name.</summary>
        IList<string> Members(string group);

        void Add(string group, string sid);
        void Remove(string group, string sid);
    }

    /// <summary>The machine's certificate stores, by the names that Windows gives them in any case of letters.</summary>
    public interface ICertificates
    {
        /// <summary>The certificate with a thumbprint (SHA-1 in hexadecimal) as DER; null when the store lacks it.</summary>
        byte[] Find(string store, string thumbprint);

        void Add(string store, byte[] certificate);
        void Remove(string store, string thumbprint);
    }

    /// <summary>The profiles of wireless networks that hold for all users.</summary>
    public interface IWifi
    {
        /// <summary>The profile as XML on each wireless interface, null where there is none. MissingPartException: no interface.</summary>
        IList<string> Read(string name);

        void Write(string xml);
        void Delete(string name);
    }

    /// <summary>The files in which Windows keeps the policies that it applies.</summary>
    public interface IPolicyFiles
    {
        /// <summary>Full paths of the files that a pattern means: a path that may start with an environment variable and
        /// have `*` in its last part.</summary>
        IList<string> Find(string pattern);

        byte[] Read(string path);
    }

    public interface IHost : IDisposable
    {
        IRegistry Registry { get; }
        IServices Services { get; }
        IUserRights UserRights { get; }
        ISystemAccess SystemAccess { get; }
        IAuditPolicy AuditPolicy { get; }
        ILocalGroups LocalGroups { get; }
        IPolicyFiles PolicyFiles { get; }
        ICertificates Certificates { get; }
        IWifi Wifi { get; }
    }
}
