// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Web.Script.Serialization;

namespace Werkplek.Lab
{
    /// <summary>A lab host's state outside the registry: state.json in the host's folder.</summary>
    public sealed class LabState
    {
        private readonly string file;
        private readonly Dictionary<string, object> sections;
        private bool changed, seeding;

        private LabState(string file, Dictionary<string, object> sections)
        {
            this.file = file;
            this.sections = sections;
        }

        /// <summary>
        /// The state in $WERKPLEK_LAB_STATE; a fresh folder starts as $WERKPLEK_LAB_SEED says. A seed that is `like` another file
        /// beside it holds what differs: entries of sections (null: none) and edits of the registry.
        /// </summary>
        public static LabState Open()
        {
            string file = Path.Combine(Needed("WERKPLEK_LAB_STATE"), "state.json");
            Needed("MONO_REGISTRY_PATH");   // without it mono would write the registry of this very machine
            if (File.Exists(file))
                return new LabState(file, (Dictionary<string, object>)Parse(file));
            Dictionary<string, object> seed = Seed(Needed("WERKPLEK_LAB_SEED"));
            IList registry = (IList)seed["registry"];
            seed.Remove("registry");
            LabState state = new LabState(file, seed) { seeding = true };
            LabEdits.Apply(state, registry);
            state.seeding = false;
            state.Changed();
            state.Save();
            return state;
        }

        private static Dictionary<string, object> Seed(string file)
        {
            Dictionary<string, object> own = (Dictionary<string, object>)Parse(file);
            if (!own.ContainsKey("like"))
                return own;
            Dictionary<string, object> whole = Seed(Path.Combine(Path.GetDirectoryName(file), (string)own["like"]));
            own.Remove("like");
            foreach (KeyValuePair<string, object> section in own)
            {
                IDictionary<string, object> entries = section.Value as IDictionary<string, object>;
                if (entries == null)
                    whole[section.Key] = ((IList)whole[section.Key]).Cast<object>().Concat(((IList)section.Value).Cast<object>()).ToArray();
                else
                    Lay(entries, (IDictionary<string, object>)whole[section.Key]);
            }
            return whole;
        }

        private static void Lay(IDictionary<string, object> entries, IDictionary<string, object> section)
        {
            foreach (KeyValuePair<string, object> entry in entries)
            {
                if (entry.Value == null)
                    section.Remove(entry.Key);
                else
                    section[entry.Key] = entry.Value;
            }
        }

        public static object Parse(string file)
        {
            return Json().DeserializeObject(File.ReadAllText(file));
        }

        public static string Text(object value)
        {
            return Json().Serialize(value);
        }

        public IDictionary<string, object> Section(string name)
        {
            object section;
            if (!sections.TryGetValue(name, out section))
                sections[name] = section = new Dictionary<string, object>();
            return (IDictionary<string, object>)section;
        }

        public IEnumerable<KeyValuePair<string, object>> Sections { get { return sections; } }

        /// <summary>The key under which a section holds a name, told apart as Windows does; null when it does not.</summary>
        public string KeyOf(string section, string name)
        {
            return Section(section).Keys.FirstOrDefault(k => String.Equals(k, name, StringComparison.OrdinalIgnoreCase));
        }

        public void Set(string section, string name, object value)
        {
            Section(section)[KeyOf(section, name) ?? name] = value;
            changed = true;
        }

        public void Remove(string section, string name)
        {
            string key = KeyOf(section, name);
            if (key == null)
                return;
            Section(section).Remove(key);
            changed = true;
        }

        public void Changed()
        {
            changed = true;
        }

        /// <summary>Writes the file whole or not at all; untouched when nothing changed, or before a fresh host is complete.</summary>
        public void Save()
        {
            if (!changed || seeding)
                return;
            string fresh = file + ".new";
            File.WriteAllText(fresh, Text(sections));
            if (File.Exists(file))
                File.Replace(fresh, file, null);
            else
                File.Move(fresh, file);
            changed = false;
        }

        private static string Needed(string variable)
        {
            string value = Environment.GetEnvironmentVariable(variable);
            if (String.IsNullOrEmpty(value))
                throw new InvalidOperationException(variable + " is not set");
            return value;
        }

        private static JavaScriptSerializer Json()
        {
            return new JavaScriptSerializer { MaxJsonLength = Int32.MaxValue };
        }
    }
}
