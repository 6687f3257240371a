// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using Ansible.WorkplaceClaims;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;

// Settings of kind `registry`: a value, a key, or a key that holds a numbered list.
namespace Ansible.WorkplaceRegistry
{
    /// <summary>Registry values as text, for example `dword:0x00000001`, and as comparison keys.</summary>
    public static class RegistryText
    {
        public static State Show(RegistryValue value)
        {
            if (value == null)
                return new State(State.Absent);
            string kind = value.Kind.ToString().ToLowerInvariant() + ":";
            return new State(kind + Escape(Data(value.Data)), kind + KeyOf(value.Data));
        }

        private static string Data(object data)
        {
            if (data is int)
                return "0x" + ((int)data).ToString("x8", CultureInfo.InvariantCulture);
            if (data is long)
                return "0x" + ((long)data).ToString("x16", CultureInfo.InvariantCulture);
            string[] texts = data as string[];
            if (texts != null)
                return String.Join("|", texts);
            byte[] bytes = data as byte[];
            return bytes == null ? Convert.ToString(data, CultureInfo.InvariantCulture) : Hex(bytes);
        }

        // a `|` inside an item must not look like two items: each item is preceded by its length
        private static string KeyOf(object data)
        {
            string[] texts = data as string[];
            return texts == null ? Data(data) : String.Concat(texts.Select(t => t.Length + ":" + t));
        }

        public static string Hex(byte[] bytes)
        {
            return BitConverter.ToString(bytes).Replace("-", "").ToLowerInvariant();
        }

        /// <summary>Keeps a value on one line.</summary>
        public static string Escape(string text)
        {
            return text.Replace("\r", "\\r").Replace("\n", "\\n").Replace("\0", "\\0");
        }
    }

    public abstract class RegistryItem : Item
    {
        protected readonly RegistryPath Path;

        protected RegistryItem(RegistryPath path)
        {
            Path = path;
        }

        public override bool PerUser { get { return Path.Hive == RegistryHive.CurrentUser; } }

        public override Item In(UserHive user)
        {
            return At(Path.In(user));
        }

        protected abstract Item At(RegistryPath path);
    }

    public sealed class RegistryValueItem : RegistryItem
    {
        private readonly string name;
        private readonly RegistryValue value;

        /// <param name="value">Null: the value must be absent.</param>
        public RegistryValueItem(RegistryPath path, string name, RegistryValue value) : base(path)
        {
            this.name = name;
            this.value = value;
        }

        public override string Identity { get { return "value '" + name + "' of " + Path; } }

        protected override Item At(RegistryPath path)
        {
            return new RegistryValueItem(path, name, value);
        }

        public override State Read(Session session)
        {
            return RegistryText.Show(session.Host.Registry.Read(Path, name));
        }

        public override State Wanted(State now)
        {
            return RegistryText.Show(value);
        }

        public override void Write(Session session, State now)
        {
            if (value == null)
                session.Host.Registry.DeleteValue(Path, name);
            else
                session.Host.Registry.Write(Path, name, value);
        }

        public override State ClaimedBy(Claims claims)
        {
            KeyClaims key = claims.Key(Path);
            return key == null || !key.Decides(name) ? null : RegistryText.Show(key.Value(name));
        }
    }

    public sealed class RegistryKeyItem : RegistryItem
    {
        private readonly bool present;

        public RegistryKeyItem(RegistryPath path, bool present) : base(path)
        {
            this.present = present;
        }

        public override string Identity { get { return "key " + Path; } }

        protected override Item At(RegistryPath path)
        {
            return new RegistryKeyItem(path, present);
        }

        public override State Read(Session session)
        {
            return Show(session.Host.Registry.ReadAll(Path) != null);
        }

        public override State Wanted(State now)
        {
            return Show(present);
        }

        public override void Write(Session session, State now)
        {
            if (present)
                session.Host.Registry.CreateKey(Path);
            else
                session.Host.Registry.DeleteKey(Path);
        }

        public override State ClaimedBy(Claims claims)
        {
            KeyClaims key = claims.Key(Path);
            return claims.Creates(Path) ? Show(true) : key != null && key.Removed ? Show(false) : null;
        }

        private static State Show(bool there)
        {
            return new State(there ? "<present>" : State.Absent);
        }
    }

    /// <summary>The key holds exactly the values 1..n, all strings, as lists of administrative templates do.</summary>
    public sealed class RegistryListItem : RegistryItem
    {
        private readonly string[] items;

        public RegistryListItem(RegistryPath path, IEnumerable<string> items) : base(path)
        {
            this.items = items.ToArray();
        }

        public override string Identity { get { return "list in " + Path; } }

        protected override Item At(RegistryPath path)
        {
            return new RegistryListItem(path, items);
        }

        public override State Read(Session session)
        {
            IDictionary<string, RegistryValue> found = session.Host.Registry.ReadAll(Path);
            // an absent key lists nothing: the same as an empty one
            return found == null ? new State(State.Absent, Show(new string[0]).Key) : Show(found);
        }

        public override State Wanted(State now)
        {
            return Show(items);
        }

        public override void Write(Session session, State now)
        {
            IRegistry registry = session.Host.Registry;
            IDictionary<string, RegistryValue> wanted = Numbered(items);
            foreach (KeyValuePair<string, RegistryValue> entry in wanted)
                registry.Write(Path, entry.Key, entry.Value);
            IDictionary<string, RegistryValue> found = registry.ReadAll(Path);
            if (found == null)
                return;
            foreach (string extra in found.Keys.Except(wanted.Keys).ToList())
                registry.DeleteValue(Path, extra);
        }

        public override State ClaimedBy(Claims claims)
        {
            KeyClaims key = claims.Key(Path);
            return key == null ? null : Show(key.ApplyTo(Numbered(items)));
        }

        private static IDictionary<string, RegistryValue> Numbered(string[] texts)
        {
            return texts.Select((t, i) => new { Text = t, Name = (i + 1).ToString(CultureInfo.InvariantCulture) })
                .ToDictionary(e => e.Name, e => new RegistryValue(RegistryValueKind.String, e.Text));
        }

        private static State Show(string[] texts)
        {
            string all = RegistryText.Escape(String.Join("|", texts));
            return new State("list:" + all, Key(Numbered(texts)));
        }

        /// <summary>`list:a|b` when well-formed, else every value with its name.</summary>
        private static State Show(IDictionary<string, RegistryValue> found)
        {
            string[] texts = Enumerable.Range(1, found.Count).Select(i => TextAt(found, i)).ToArray();
            if (!texts.Contains(null))
                return Show(texts);
            IEnumerable<string> all = found.OrderBy(e => e.Key, StringComparer.OrdinalIgnoreCase)
                .Select(e => e.Key + "=" + RegistryText.Show(e.Value).Text);
            return new State("values:" + String.Join("|", all), Key(found));
        }

        private static string TextAt(IDictionary<string, RegistryValue> found, int number)
        {
            RegistryValue value;
            bool there = found.TryGetValue(number.ToString(CultureInfo.InvariantCulture), out value);
            return there && value.Kind == RegistryValueKind.String ? (string)value.Data : null;
        }

        private static string Key(IDictionary<string, RegistryValue> values)
        {
            StringBuilder key = new StringBuilder();
            foreach (KeyValuePair<string, RegistryValue> entry in values.OrderBy(e => e.Key, StringComparer.OrdinalIgnoreCase))
            {
                string text = RegistryText.Show(entry.Value).Key;
                key.Append(entry.Key.ToUpperInvariant()).Append('=').Append(text.Length).Append(':').Append(text);
            }
            return key.ToString();
        }
    }
}
