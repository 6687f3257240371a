// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Reflection;
using System.Text;
using Ansible.WorkplaceHost;
using Ansible.WorkplacePolicy;
using Ansible.WorkplaceRegistry;

namespace Werkplek.Lab
{
    /// <summary>
    /// `run Namespace.Class`, `edit edits.json` and `dump`, on the host in $WERKPLEK_LAB_STATE. SESSIONS is defined where the C# of
    /// windows_session_host is there too.
    /// </summary>
    public static class LabMain
    {
        public static int Main(string[] args)
        {
            Console.SetOut(new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(false)) { AutoFlush = true });
            try
            {
                return Dispatch(args);
            }
            catch (Exception e)
            {
                Console.Error.WriteLine("lab: " + (e is TargetInvocationException ? e.InnerException : e));
                return 1;
            }
        }

        private static int Dispatch(string[] args)
        {
            string command = args.FirstOrDefault();
            if (command == "run" && args.Length == 2)
                return Run(args[1]);
            if (command == "edit" && args.Length == 2)
                return Edit(args[1]);
            if (command == "dump" && args.Length == 1)
                return Dump();
            Console.Error.WriteLine("usage: lab.exe run <Namespace.Class> | edit <edits.json> | dump");
            return 2;
        }

        private static int Run(string className)
        {
            Type type = Assembly.GetExecutingAssembly().GetType(className);
            MethodInfo run = type == null ? null : type.GetMethod("Run", new Type[] { typeof(string[]) });
            if (run == null)
            {
                Console.Error.WriteLine("no class " + className + " with a Run(string[])");
                return 2;
            }
            Policy.CreateHost = () => New((state, faults) => new LabHost(state, faults));
#if SESSIONS
            Ansible.WorkplaceSessions.SessionHost.CreateHost = () => New((state, faults) => new LabSessionHost(state, faults));
#endif
            run.Invoke(null, new object[] { new string[0] });
            return 0;
        }

        private static T New<T>(Func<LabState, LabFaults, T> make)
        {
            LabState state = LabState.Open();
            return make(state, new LabFaults(state.Section("faults")));
        }

        private static int Edit(string file)
        {
            LabState state = LabState.Open();
            LabEdits.Apply(state, (IList)LabState.Parse(file));
            return 0;
        }

        private static int Dump()
        {
            LabState state = LabState.Open();
            SortedDictionary<string, object> all = new SortedDictionary<string, object>(StringComparer.Ordinal);
            foreach (KeyValuePair<string, object> section in state.Sections)
                all[section.Key] = section.Value;
            all["registry"] = DumpRegistry(state);
            all["booted"] = LabSessions.Booted(state);
            Console.WriteLine(LabState.Text(all));
            return 0;
        }

        /// <summary>{key: {value name: text}}, keys in lower case as mono keeps them.</summary>
        private static IDictionary<string, object> DumpRegistry(LabState state)
        {
            SortedDictionary<string, object> keys = new SortedDictionary<string, object>(StringComparer.Ordinal);
            using (LabRegistry registry = new LabRegistry(state, null))
            {
                Walk(registry, new RegistryPath(RegistryHive.LocalMachine, "software"), keys);
                Walk(registry, new RegistryPath(RegistryHive.LocalMachine, "system"), keys);
                foreach (string user in state.Section("users").Keys.Concat(new string[] { LabHives.Default }))
                    Walk(registry, new RegistryPath(RegistryHive.Users, user), keys);
            }
            return keys;
        }

        private static void Walk(LabRegistry registry, RegistryPath path, IDictionary<string, object> keys)
        {
            IDictionary<string, RegistryValue> values = registry.ReadAll(path);
            if (values == null)
                return;
            string[] children = Children(path);
            if (values.Count > 0 || children.Length == 0)
                keys[path.ToString()] = values.ToDictionary(v => v.Key, v => (object)RegistryText.Show(v.Value).Text);
            foreach (string child in children)
                Walk(registry, new RegistryPath(path.Hive, path.SubKey + "\\" + child), keys);
        }

        // its own function: mono allows one open handle of a key at a time
        private static string[] Children(RegistryPath path)
        {
            using (RegistryKey root = RegistryKey.OpenBaseKey(path.Hive, RegistryView.Registry64))
            using (RegistryKey key = root.OpenSubKey(path.SubKey))
                return key.GetSubKeyNames();
        }
    }
}
