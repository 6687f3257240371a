// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceWindows;

namespace Werkplek.Lab
{
    /// <summary>The engine's own registry code on mono's file-backed registry ($MONO_REGISTRY_PATH).</summary>
    public sealed class LabRegistry : WindowsRegistry
    {
        private readonly LabState state;

        public LabRegistry(LabState state, LabHives hives) : base(() => hives)
        {
            this.state = state;
        }

        // mono tells the case of value names apart, Windows does not
        protected override string ActualName(RegistryKey key, string name)
        {
            return key.GetValueNames().FirstOrDefault(n => String.Equals(n, name, StringComparison.OrdinalIgnoreCase)) ?? name;
        }

        // mono has no REG_NONE: such values are binary ones that the state remembers
        protected override RegistryValue ReadValue(RegistryKey key, string name)
        {
            RegistryValue value = base.ReadValue(key, name);
            return value != null && state.KeyOf("none_values", Label(key, name)) != null
                ? new RegistryValue(RegistryValueKind.None, value.Data) : value;
        }

        protected override void SetValue(RegistryKey key, string name, RegistryValue value)
        {
            bool none = value.Kind == RegistryValueKind.None;
            base.SetValue(key, name, none ? new RegistryValue(RegistryValueKind.Binary, value.Data) : value);
            if (none)
                state.Set("none_values", Label(key, name), true);
            else
                state.Remove("none_values", Label(key, name));
        }

        private static string Label(RegistryKey key, string name)
        {
            return key.Name + "\\" + name;
        }
    }

    /// <summary>A registry with faults, in which only hives that are loaded are there.</summary>
    public sealed class FaultyRegistry : IRegistry
    {
        private readonly IRegistry registry;
        private readonly LabFaults faults;
        private readonly LabHives hives;

        public FaultyRegistry(IRegistry registry, LabFaults faults, LabHives hives)
        {
            this.registry = registry;
            this.faults = faults;
            this.hives = hives;
        }

        public IList<UserHive> UserHives()
        {
            return registry.UserHives();
        }

        public RegistryValue Read(RegistryPath path, string name)
        {
            faults.Reading(hives.Place(path) + "\\" + name);
            return registry.Read(hives.Place(path), name);
        }

        public IDictionary<string, RegistryValue> ReadAll(RegistryPath path)
        {
            faults.Reading(hives.Place(path).ToString());
            return registry.ReadAll(hives.Place(path));
        }

        public IList<string> SubKeys(RegistryPath path)
        {
            faults.Reading(hives.Place(path).ToString());
            return registry.SubKeys(hives.Place(path));
        }

        public void Write(RegistryPath path, string name, RegistryValue value)
        {
            if (faults.Writing(hives.Place(path) + "\\" + name))
                registry.Write(hives.Place(path), name, value);
        }

        public void DeleteValue(RegistryPath path, string name)
        {
            if (faults.Writing(hives.Place(path) + "\\" + name))
                registry.DeleteValue(hives.Place(path), name);
        }

        public void CreateKey(RegistryPath path)
        {
            if (faults.Writing(hives.Place(path).ToString()))
                registry.CreateKey(hives.Place(path));
        }

        public void DeleteKey(RegistryPath path)
        {
            if (faults.Writing(hives.Place(path).ToString()))
                registry.DeleteKey(hives.Place(path));
        }
    }
}
