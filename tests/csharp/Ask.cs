// Copyright: Werkplek contributors
// SPDX-License-Identifier: GPL-3.0-or-later

using Microsoft.Win32;
using System.Collections.Generic;
using System.Linq;
using Ansible.WorkplaceHost;
using Ansible.WorkplaceItems;
using Ansible.WorkplacePlan;
using Ansible.WorkplaceRegistry;
using Ansible.WorkplaceRequest;
using Ansible.WorkplaceTarget;

namespace Werkplek.Tests
{
    /// <summary>Runs of one setting, to see who owns it.</summary>
    public static class Ask
    {
        public const string History = @"%ProgramData%\ntuser.pol";
        public static readonly List<string> Warnings = new List<string>();

        public static Outcome Run(FakeHost host, Item item, bool check = false)
        {
            Warnings.Clear();
            return Plan.Run(new Setting[] { new Setting("s", item) }, host, new Mode(check, false, Warnings.Add)).Single();
        }

        public static RegistryValue Number(int number)
        {
            return new RegistryValue(RegistryValueKind.DWord, number);
        }

        public static RegistryValue Text(string text)
        {
            return new RegistryValue(RegistryValueKind.String, text);
        }

        public static Item Value(string name, RegistryHive hive = RegistryHive.LocalMachine)
        {
            return new RegistryValueItem(new RegistryPath(hive, "K"), name, Number(1));
        }

        public static FakeHost HostWith(string file, params byte[][] instructions)
        {
            FakeHost host = new FakeHost();
            host.Files[file] = Pol.File(instructions);
            return host;
        }

        public static void Owned(Outcome outcome, string now, string message)
        {
            Check.Equal(new string[] { "OwnedElsewhere", now, now, message },
                new string[] { outcome.Status.ToString(), outcome.Before, outcome.After, outcome.Message });
            Check.Equal(false, outcome.Moved);
        }
    }
}
